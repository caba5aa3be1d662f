package dev.countersign.gateway.peer;

import dev.countersign.embedded.DevKeys;
import dev.countersign.protocol.AnswerReply;
import dev.countersign.protocol.CallFinished;
import dev.countersign.protocol.Event;
import dev.countersign.protocol.EventType;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PermissionAnswer;
import dev.countersign.protocol.PermissionCancel;
import dev.countersign.protocol.PermissionRequest;
import dev.countersign.protocol.SessionCommand;
import dev.countersign.protocol.Topics;
import dev.countersign.protocol.token.TokenClaims;
import dev.countersign.protocol.token.TokenException;
import dev.countersign.protocol.token.TokenType;
import dev.countersign.protocol.token.TokenVerifier;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
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

/**
 * Stands in for the approval service: speaks its topics and its internal HTTP, and decides by what
 * the command says (see {@link PeerState}). It verifies every credential as the real one does.
 */
public final class ScriptedPeer implements AutoCloseable {
  /**
   * A reply that is held back, as that to an "always" is until it is stored.
   *
   * @param mark of whoever waits for it
   */
  public record Held(Event reply, String mark) {}

  private static final List<String> READ =
      List.of(Topics.REQUESTS, Topics.SESSION_COMMANDS, Topics.ANSWERS);

  private final PeerState state = new PeerState();
  private final Map<String, Held> held = new ConcurrentHashMap<>();
  private final List<String> refused = new CopyOnWriteArrayList<>();
  private final TokenVerifier verifier;
  private final KafkaConsumer<String, byte[]> consumer;
  private final KafkaProducer<String, byte[]> producer;
  private final Thread thread;
  private final PeerHttp http;

  public ScriptedPeer(String bootstrap, DevKeys keys) {
    verifier = TokenVerifier.load(keys.trustFile());
    consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrap),
            new StringDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> all =
        READ.stream()
            .flatMap(topic -> consumer.partitionsFor(topic).stream())
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(all);
    consumer.seekToEnd(all);
    all.forEach(consumer::position);
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrap, "linger.ms", 0),
            new StringSerializer(),
            new ByteArraySerializer());
    http = new PeerHttp(state, verifier);
    thread = new Thread(this::run, "scripted-peer");
    thread.start();
  }

  public PeerState state() {
    return state;
  }

  public String url() {
    return http.url();
  }

  /**
   * The reply to Alice's command or answer of this id, held back as the id starts with {@code
   * hold-}.
   */
  public Optional<Held> held(String id) {
    return Optional.ofNullable(held.get(id));
  }

  /** Why records were refused; a gateway that does all right causes none. */
  public List<String> refused() {
    return refused;
  }

  private void run() {
    try {
      while (true) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          try {
            handle(record);
          } catch (TokenException e) {
            refused.add(record.topic() + ": " + e.code());
          } catch (RuntimeException e) {
            refused.add(record.topic() + ": " + e);
          }
        }
      }
    } catch (WakeupException e) {
      consumer.close();
      producer.close();
    }
  }

  private void handle(ConsumerRecord<String, byte[]> record) throws TokenException {
    String type = header(record, Headers.CE_TYPE);
    String replyTo = header(record, Headers.REPLY_TO);
    Instant at = Instant.ofEpochMilli(record.timestamp());
    if (type.equals(EventType.SESSION_COMMANDED.ceType())) {
      TokenClaims who = asserted(record, type, at);
      SessionCommand command = Json.read(record.value(), SessionCommand.class);
      sendOrHold(command.commandId(), who, state.command(command, who), replyTo);
    } else if (type.equals(EventType.PROMPT_ANSWERED.ceType())) {
      TokenClaims who = asserted(record, type, at);
      PermissionAnswer answer = Json.read(record.value(), PermissionAnswer.class);
      AnswerReply reply = state.answer(answer, who.subject());
      if (reply.outcome() == AnswerReply.Outcome.ACCEPTED) {
        send(reply.decision(), state.replyToOf(reply.decision()));
        send(state.inbox(answer.promptId()), null);
      }
      sendOrHold(answer.answerId(), who, reply, replyTo);
    } else {
      TokenClaims agent = verifier.verify(header(record, Headers.TOKEN), at, TokenType.SESSION);
      onRequest(record, type, agent, replyTo);
    }
  }

  private void sendOrHold(String id, TokenClaims who, Event reply, String mark) {
    if (id.startsWith("hold-") && who.subject().equals("alice")) {
      held.put(id, new Held(reply, mark));
    } else {
      send(reply, mark);
    }
  }

  private void onRequest(
      ConsumerRecord<String, byte[]> record, String type, TokenClaims agent, String replyTo) {
    if (!agent.subject().equals(record.key())) {
      refused.add("key " + record.key() + " under a token of " + agent.subject());
      return;
    }
    if (type.equals(EventType.PERMISSION_CANCELLED.ceType())) {
      PermissionCancel cancel = Json.read(record.value(), PermissionCancel.class);
      if (!"LOST".equals(cancel.reason())) {
        send(state.cancel(cancel), replyTo);
      }
      return;
    }
    if (type.equals(EventType.CALL_FINISHED.ceType())) {
      state.finished.add(Json.read(record.value(), CallFinished.class));
      return;
    }
    PermissionRequest request = Json.read(record.value(), PermissionRequest.class);
    PeerState.Step step = state.ask(request, replyTo);
    if (step.decision() != null && !step.mute()) {
      send(step.decision(), replyTo);
    }
    if (step.promptId() != null && !step.mute()) {
      send(state.inbox(step.promptId()), null);
    }
  }

  private TokenClaims asserted(ConsumerRecord<String, byte[]> record, String type, Instant at)
      throws TokenException {
    return verifier.verifyAssertion(header(record, Headers.ASSERTION), at, type, record.value());
  }

  /** Sends an event as the approval service would. */
  public void send(Event event, String replyTo) {
    ProducerRecord<String, byte[]> out =
        new ProducerRecord<>(EventType.of(event).topic(), event.key(), Json.write(event));
    if (replyTo != null) {
      out.headers().add(Headers.REPLY_TO, replyTo.getBytes(StandardCharsets.UTF_8));
    }
    out.headers().add("ce_id", UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8));
    producer.send(out);
  }

  private static String header(ConsumerRecord<?, ?> record, String name) {
    var header = record.headers().lastHeader(name);
    return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    consumer.wakeup();
    try {
      thread.join(10_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    http.close();
  }
}
