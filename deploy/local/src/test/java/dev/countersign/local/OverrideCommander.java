package dev.countersign.local;

import dev.countersign.embedded.DevKeys;
import dev.countersign.protocol.ChangeSource;
import dev.countersign.protocol.EventType;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.OverrideCommand;
import dev.countersign.protocol.OverrideReply;
import dev.countersign.protocol.Topics;
import dev.countersign.protocol.token.TokenSigner;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Sends override commands as the approval service does, and hears what became of each. */
final class OverrideCommander implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Map<String, CompletableFuture<OverrideReply>> waiting = new ConcurrentHashMap<>();
  private final KafkaProducer<String, byte[]> producer;
  private final KafkaConsumer<String, byte[]> consumer;
  private final TokenSigner signer;
  private final Thread listener;
  private volatile boolean closed;

  OverrideCommander(String bootstrapServers, DevKeys keys) {
    signer = keys.signer(DevKeys.APPROVAL);
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 0),
            new StringSerializer(),
            new ByteArraySerializer());
    consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers),
            new StringDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        consumer.partitionsFor(Topics.OVERRIDE_REPLIES).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
    listener = new Thread(this::listen, "override-replies");
    listener.start();
  }

  private void listen() {
    while (!closed) {
      consumer
          .poll(Duration.ofMillis(100))
          .forEach(
              record -> {
                OverrideReply reply = Json.read(record.value(), OverrideReply.class);
                CompletableFuture<OverrideReply> waiter = waiting.remove(reply.commandId());
                if (waiter != null) {
                  waiter.complete(reply);
                }
              });
    }
    consumer.close();
  }

  /** Settles a resource of {@code Bash}; returns once the store has replied. */
  OverrideReply set(String user, String resource, String level, String commandId) throws Exception {
    return send(command(OverrideCommand.Action.SET, user, resource, level, commandId));
  }

  /** Takes back what is settled for a resource of {@code Bash}; returns once the store replied. */
  OverrideReply clear(String user, String resource, String commandId) throws Exception {
    return send(command(OverrideCommand.Action.CLEAR, user, resource, null, commandId));
  }

  private static OverrideCommand command(
      OverrideCommand.Action action, String user, String resource, String level, String commandId) {
    return new OverrideCommand(
        null,
        commandId,
        user,
        action,
        "Bash",
        resource,
        level,
        false,
        new ChangeSource(ChangeSource.Via.PROMPT, user, "prompt-" + commandId, null));
  }

  private OverrideReply send(OverrideCommand command) throws Exception {
    byte[] value = Json.write(command);
    String assertion =
        signer.signAssertion(
            "approval-service",
            DevKeys.TENANT,
            List.of("service"),
            EventType.OVERRIDE_COMMANDED.ceType(),
            value,
            Map.of(),
            Instant.now());
    CompletableFuture<OverrideReply> reply = new CompletableFuture<>();
    waiting.put(command.commandId(), reply);
    ProducerRecord<String, byte[]> record =
        new ProducerRecord<>(Topics.OVERRIDE_COMMANDS, command.user(), value);
    record.headers().add(Headers.ASSERTION, assertion.getBytes(StandardCharsets.UTF_8));
    producer.send(record).get();
    return reply.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  @Override
  public void close() throws InterruptedException {
    closed = true;
    listener.join();
    producer.close();
  }
}
