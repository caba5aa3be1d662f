package dev.countersign.approval;

import dev.countersign.embedded.DevKeys;
import dev.countersign.embedded.authority.Actor;
import dev.countersign.protocol.AnswerReply;
import dev.countersign.protocol.CloudEvents;
import dev.countersign.protocol.Event;
import dev.countersign.protocol.EventType;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PermissionAnswer;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PermissionRequest;
import dev.countersign.protocol.PromptState;
import dev.countersign.protocol.SessionCommand;
import dev.countersign.protocol.SessionReply;
import dev.countersign.protocol.Topics;
import dev.countersign.protocol.token.TokenClaims;
import dev.countersign.protocol.token.TokenSigner;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Sends commands and answers over Kafka for anybody, and hands each its own reply. */
final class CommandDoor implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 120;
  private static final List<String> READ =
      List.of(Topics.SESSION_REPLIES, Topics.ANSWER_REPLIES, Topics.PROMPTS, Topics.REPLIES);

  private final DevKeys keys;
  private final TokenSigner gateway;
  private final KafkaProducer<String, byte[]> producer;
  private final KafkaConsumer<String, byte[]> consumer;
  private final Thread reader = new Thread(this::read, "authority-replies");
  private final Map<String, CompletableFuture<byte[]>> awaited = new ConcurrentHashMap<>();

  CommandDoor(String bootstrap, DevKeys keys) {
    this.keys = keys;
    this.gateway = keys.signer(DevKeys.GATEWAY);
    Map<String, Object> broker = Map.of("bootstrap.servers", bootstrap);
    producer = new KafkaProducer<>(broker, new StringSerializer(), new ByteArraySerializer());
    consumer = new KafkaConsumer<>(broker, new StringDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> all =
        READ.stream()
            .flatMap(topic -> consumer.partitionsFor(topic).stream())
            .map(p -> new TopicPartition(p.topic(), p.partition()))
            .toList();
    consumer.assign(all);
    consumer.seekToEnd(all);
    all.forEach(consumer::position);
    reader.setDaemon(true);
    reader.start();
  }

  SessionReply send(Actor actor, SessionCommand command) {
    return Json.read(asserted(actor, command, Topics.SESSION_COMMANDS), SessionReply.class);
  }

  AnswerReply send(Actor actor, PermissionAnswer answer) {
    return Json.read(asserted(actor, answer, Topics.ANSWERS), AnswerReply.class);
  }

  /** Asks in a session, and waits for the prompt. */
  PromptState prompt(String session, String owner, PermissionRequest request) {
    CompletableFuture<byte[]> prompt = await("prompt/" + request.requestId());
    decision(request.requestId());
    Map<String, String> headers = headers(request);
    headers.put(Headers.TOKEN, keys.sessionToken(session, owner, "test", List.of()));
    send(Topics.REQUESTS, session, Json.write(request), headers);
    return Json.read(join(prompt), PromptState.class);
  }

  /** The decision of a request, once it comes. */
  CompletableFuture<byte[]> decision(String request) {
    return await("decision/" + request);
  }

  PermissionReply decided(String request) {
    return Json.read(join(decision(request)), PermissionReply.class);
  }

  private byte[] asserted(Actor actor, Event event, String topic) {
    byte[] value = Json.write(event);
    String mark = UUID.randomUUID().toString();
    Map<String, Object> acting =
        actor.agent() ? Map.of(TokenClaims.ACTING_SESSION, actor.session()) : Map.of();
    Map<String, String> headers = headers(event);
    headers.put(Headers.REPLY_TO, mark);
    headers.put(
        Headers.ASSERTION,
        gateway.signAssertion(
            actor.person(),
            actor.tenant(),
            actor.roles(),
            EventType.of(event).ceType(),
            value,
            acting,
            Instant.now()));
    CompletableFuture<byte[]> reply = await(mark);
    send(topic, event.key(), value, headers);
    return join(reply);
  }

  private CompletableFuture<byte[]> await(String mark) {
    return awaited.computeIfAbsent(mark, m -> new CompletableFuture<>());
  }

  private static byte[] join(CompletableFuture<byte[]> reply) {
    return reply.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
  }

  private static Map<String, String> headers(Event event) {
    return new HashMap<>(
        CloudEvents.headers(event, "/test", UUID.randomUUID().toString(), Instant.now()));
  }

  private void send(String topic, String key, byte[] value, Map<String, String> headers) {
    ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, key, value);
    headers.forEach((name, v) -> record.headers().add(name, v.getBytes(StandardCharsets.UTF_8)));
    producer.send(record);
  }

  private void read() {
    try (consumer) {
      while (true) {
        consumer.poll(Duration.ofMillis(200)).forEach(this::take);
      }
    } catch (WakeupException closed) {
      awaited.clear();
    }
  }

  private void take(ConsumerRecord<String, byte[]> record) {
    if (record.value() == null) {
      return;
    }
    String mark =
        switch (record.topic()) {
          case Topics.PROMPTS -> "prompt/" + requestId(record.value());
          case Topics.REPLIES -> "decision/" + record.key();
          default -> {
            var header = record.headers().lastHeader(Headers.REPLY_TO);
            yield header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
          }
        };
    CompletableFuture<byte[]> waiter = awaited.get(mark);
    if (waiter != null) {
      waiter.complete(record.value());
      if (record.topic().equals(Topics.SESSION_REPLIES)) {
        awaited.remove(mark);
      }
    }
  }

  private static String requestId(byte[] prompt) {
    return Json.readTree(prompt).path("requestId").asText();
  }

  @Override
  public void close() {
    consumer.wakeup();
    try {
      reader.join(10_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    producer.close(Duration.ofSeconds(2));
  }
}
