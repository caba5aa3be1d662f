package dev.countersign.gateway.kafka;

import dev.countersign.gateway.GatewayConfig;
import dev.countersign.gateway.http.ProblemException;
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
import jakarta.inject.Inject;
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

/**
 * Puts events on their topics, with who sent them. What Kafka does not take waits in memory, up to
 * a bound; more is refused unsent.
 */
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
  private final Unsettled unsettled;

  @Inject
  public Sender(
      @Channel("out") @OnOverflow(value = OnOverflow.Strategy.BUFFER, bufferSize = 4096)
          MutinyEmitter<byte[]> out,
      Identity identity,
      ReplyMarks marks,
      GatewayConfig config) {
    this(out, identity, marks, new Unsettled(config.kafka()));
  }

  Sender(MutinyEmitter<byte[]> out, Identity identity, ReplyMarks marks, Unsettled unsettled) {
    this.out = out;
    this.identity = identity;
    this.marks = marks;
    this.unsettled = unsettled;
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
    return send(event, value, id, now, mark, caller, Headers.ASSERTION, assertion);
  }

  /** Sends with the session's own token. For requests and cancels. */
  public CompletableFuture<Void> sendAsAgent(Event event, String id, Caller agent) {
    return send(
        event,
        Json.write(event),
        id,
        Instant.now(),
        marks.ofReplica(),
        agent,
        Headers.TOKEN,
        agent.token());
  }

  /**
   * Fails with 503 if Kafka did not take the record in time, or if too much waits for it already;
   * it may be sent again under the same id.
   */
  private CompletableFuture<Void> send(
      Event event,
      byte[] value,
      String id,
      Instant now,
      String mark,
      Caller caller,
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
    long bytes = value.length + (long) token.length();
    if (!unsettled.take(caller, bytes)) {
      return CompletableFuture.failedFuture(
          away("Too many records wait for Kafka; send it again with the same id."));
    }
    CompletableFuture<Void> settled =
        CompletableFuture.supplyAsync(
                () -> out.sendMessage(message).subscribeAsCompletionStage(), sending)
            .thenCompose(sent -> sent);
    // On the channel's own result: what is chained to it is skipped where the wait ends earlier.
    settled.whenComplete((ok, failure) -> unsettled.give(caller, bytes));
    return settled
        .copy()
        .orTimeout(GIVE_UP_SECONDS, TimeUnit.SECONDS)
        .handleAsync((ok, failure) -> taken(topic, failure), following);
  }

  /** Bytes of records that Kafka has neither taken nor refused. */
  long waitingBytes() {
    return unsettled.bytes();
  }

  private static Void taken(String topic, Throwable failure) {
    if (failure != null) {
      LOG.warnf("Could not send to %s: %s", topic, failure.toString());
      throw new CompletionException(
          away("Kafka did not take the record; send it again with the same id."));
    }
    return null;
  }

  private static ProblemException away(String detail) {
    return Problems.unavailable("kafka_unavailable", detail);
  }

  private static void add(RecordHeaders headers, String name, String text) {
    headers.add(name, text.getBytes(StandardCharsets.UTF_8));
  }
}
