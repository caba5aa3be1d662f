package dev.countersign.store.publishing;

import dev.countersign.protocol.CloudEvents;
import dev.countersign.protocol.DeadLetter;
import dev.countersign.protocol.Erasure;
import dev.countersign.protocol.Event;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.OverrideDocument;
import dev.countersign.protocol.OverrideReply;
import dev.countersign.protocol.token.StoreSignature;
import dev.countersign.store.Workers;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.Record;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;

/**
 * Sends events to Kafka. Each returned {@code Uni} ends when the brokers have the record, and fails
 * when that is not known; then it may be there nevertheless. Replies and documents are signed.
 */
@ApplicationScoped
public class Outbound {
  /** Where this service's events come from. */
  public static final String SOURCE = "/countersign/permission-store";

  private static final int BUFFER = 2048;

  private final MutinyEmitter<Record<String, byte[]>> replies;
  private final MutinyEmitter<Record<String, byte[]>> documents;
  private final MutinyEmitter<Record<String, byte[]>> deadLetters;
  private final Signatures signatures;
  private final Clock clock;

  public Outbound(
      @Channel("override-replies")
          @OnOverflow(value = OnOverflow.Strategy.BUFFER, bufferSize = BUFFER)
          MutinyEmitter<Record<String, byte[]>> replies,
      @Channel("override-documents")
          @OnOverflow(value = OnOverflow.Strategy.BUFFER, bufferSize = BUFFER)
          MutinyEmitter<Record<String, byte[]>> documents,
      @Channel("dead-letters") @OnOverflow(value = OnOverflow.Strategy.BUFFER, bufferSize = BUFFER)
          MutinyEmitter<Record<String, byte[]>> deadLetters,
      Signatures signatures,
      Clock clock) {
    this.replies = replies;
    this.documents = documents;
    this.deadLetters = deadLetters;
    this.signatures = signatures;
    this.clock = clock;
  }

  /**
   * Sends what became of a command.
   *
   * @param replyTo the mark its sender wants back; null if none
   */
  public Uni<Void> reply(OverrideReply reply, String replyTo) {
    Map<String, String> headers =
        headers(reply, "reply/" + reply.tenant() + "/" + reply.commandId());
    if (replyTo != null) {
      headers.put(Headers.REPLY_TO, replyTo);
    }
    Instant now = clock.instant();
    return Workers.compute(() -> Json.write(reply))
        .chain(
            value ->
                signatures
                    .make(signer -> StoreSignature.ofReply(signer, reply.tenant(), value, now))
                    .chain(signed -> send(replies, reply.key(), value, with(headers, signed))));
  }

  /** Sends a user's present document. */
  public Uni<Void> document(OverrideDocument document) {
    Instant now = clock.instant();
    return Workers.compute(() -> Json.write(document))
        .chain(value -> document(document, value, now));
  }

  private Uni<Void> document(OverrideDocument document, byte[] value, Instant now) {
    return signatures
        .make(signer -> StoreSignature.ofDocument(signer, document.tenant(), value, now))
        .chain(signed -> send(documents, document.key(), value, with(headers(document), signed)));
  }

  /** Sends that a user's document was erased, and by which erase. */
  public Uni<Void> tombstone(OverrideDocument erased) {
    Erasure erasure = new Erasure(erased.version(), erased.erasureId());
    Map<String, String> headers = headers(erased);
    headers.put(Headers.VERSION, Long.toString(erasure.version()));
    if (erasure.id() != null) {
      headers.put(Headers.ERASURE, erasure.id());
    }
    Instant now = clock.instant();
    return signatures
        .make(
            signer ->
                StoreSignature.ofTombstone(signer, erased.tenant(), erased.user(), erasure, now))
        .chain(signed -> send(documents, erased.key(), null, with(headers, signed)));
  }

  private static Map<String, String> with(Map<String, String> headers, String signed) {
    headers.put(Headers.ASSERTION, signed);
    return headers;
  }

  /** Keeps a record that could not be carried out. */
  public Uni<Void> deadLetter(DeadLetter letter) {
    String id = "dead/%s/%d/%d".formatted(letter.topic(), letter.partition(), letter.offset());
    return send(deadLetters, letter.key(), Json.write(letter), headers(letter, id));
  }

  private Map<String, String> headers(OverrideDocument document) {
    String id = "document/%s/%s/%d";
    return headers(document, id.formatted(document.tenant(), document.user(), document.version()));
  }

  private Map<String, String> headers(Event event, String id) {
    return CloudEvents.headers(event, SOURCE, id, clock.instant());
  }

  private static Uni<Void> send(
      MutinyEmitter<Record<String, byte[]>> channel,
      String key,
      byte[] value,
      Map<String, String> headers) {
    RecordHeaders out = new RecordHeaders();
    headers.forEach((name, text) -> out.add(name, text.getBytes(StandardCharsets.UTF_8)));
    OutgoingKafkaRecordMetadata<String> metadata =
        OutgoingKafkaRecordMetadata.<String>builder().withKey(key).withHeaders(out).build();
    return channel.sendMessage(Message.of(Record.of(key, value), Metadata.of(metadata)));
  }
}
