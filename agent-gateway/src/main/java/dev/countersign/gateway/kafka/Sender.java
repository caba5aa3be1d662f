package dev.countersign.gateway.kafka;

import dev.countersign.gateway.http.Problems;
import dev.countersign.gateway.identity.Caller;
import dev.countersign.gateway.identity.Identity;
import dev.countersign.protocol.CloudEvents;
import dev.countersign.protocol.Event;
import dev.countersign.protocol.EventType;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.Json;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;
import org.jboss.logging.Logger;

/** Puts events on their topics, with who sent them. */
@ApplicationScoped
public class Sender {
  private static final Logger LOG = Logger.getLogger(Sender.class);
  private static final String SOURCE = "/countersign/agent-gateway";

  /** max.block.ms and delivery.timeout.ms together, with room. */
  private static final long GIVE_UP_SECONDS = 8;

  private final MutinyEmitter<byte[]> out;

  /**
   * Threads that hold no request's context. What is handed to a channel in one is called back in
   * it, and what the channel then ends is the request's own scope, whose answer becomes a 500.
   */
  private final ExecutorService sending = threads("sender", 1);

  private final ExecutorService following = threads("sent", 2);
  private final Identity identity;
  private final ReplyMarks marks;

  public Sender(
      @Channel("out") @OnOverflow(value = OnOverflow.Strategy.BUFFER, bufferSize = 4096)
          MutinyEmitter<byte[]> out,
      Identity identity,
      ReplyMarks marks) {
    this.out = out;
    this.identity = identity;
    this.marks = marks;
  }

  /** Threads that are there from the beginning: making one may fail later. */
  private static ExecutorService threads(String name, int many) {
    ThreadFactory daemons =
        work -> {
          Thread thread = new Thread(work, name);
          thread.setDaemon(true);
          return thread;
        };
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            many, many, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), daemons);
    threads.prestartAllCoreThreads();
    return threads;
  }

  @PreDestroy
  void stop() {
    sending.shutdown();
    following.shutdown();
  }

  /**
   * Sends with a signed assertion of who sent exactly this. For commands and answers.
   *
   * @param mark comes back on the reply
   */
  public CompletableFuture<Void> sendAsserted(Event event, String id, Caller caller, String mark) {
    byte[] value = Json.write(event);
    Instant now = Instant.now();
    String assertion = identity.assertion(caller, event, value, now);
    return send(event, value, id, now, mark, Headers.ASSERTION, assertion);
  }

  /** Sends with the session's own token. For requests and cancels. */
  public CompletableFuture<Void> sendAsAgent(Event event, String id, Caller agent) {
    return send(
        event,
        Json.write(event),
        id,
        Instant.now(),
        marks.ofReplica(),
        Headers.TOKEN,
        agent.token());
  }

  /** Fails with 503 if Kafka did not take the record; it may be sent again under the same id. */
  private CompletableFuture<Void> send(
      Event event,
      byte[] value,
      String id,
      Instant now,
      String mark,
      String credential,
      String token) {
    if (value.length > Json.MAX_REQUEST_BYTES) {
      throw Problems.tooLarge(Json.MAX_REQUEST_BYTES);
    }
    RecordHeaders headers = new RecordHeaders();
    CloudEvents.headers(event, SOURCE, id, now).forEach((name, text) -> add(headers, name, text));
    add(headers, Headers.REPLY_TO, mark);
    add(headers, credential, token);
    String topic = EventType.of(event).topic();
    Message<byte[]> message =
        Message.of(value)
            .addMetadata(
                OutgoingKafkaRecordMetadata.<String>builder()
                    .withTopic(topic)
                    .withKey(event.key())
                    .withHeaders(headers)
                    .build());
    return CompletableFuture.supplyAsync(
            () -> out.sendMessage(message).subscribeAsCompletionStage(), sending)
        .thenCompose(sent -> sent)
        .orTimeout(GIVE_UP_SECONDS, TimeUnit.SECONDS)
        .handleAsync((ok, failure) -> taken(topic, failure), following);
  }

  private static Void taken(String topic, Throwable failure) {
    if (failure != null) {
      LOG.warnf("Could not send to %s: %s", topic, failure.toString());
      throw new CompletionException(
          Problems.unavailable(
              "kafka_unavailable",
              "Kafka did not take the record; send it again with the same id."));
    }
    return null;
  }

  private static void add(RecordHeaders headers, String name, String text) {
    headers.add(name, text.getBytes(StandardCharsets.UTF_8));
  }
}
