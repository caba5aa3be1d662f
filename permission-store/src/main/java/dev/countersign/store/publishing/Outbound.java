package dev.countersign.store.publishing;

import dev.countersign.protocol.CloudEvents;
import dev.countersign.protocol.DeadLetter;
import dev.countersign.protocol.Event;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.OverrideDocument;
import dev.countersign.protocol.OverrideReply;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.Record;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;

/**
 * Sends events to Kafka. Each returned {@code Uni} ends when the brokers have the record, and fails
 * when that is not known; then it may be there nevertheless.
 */
@ApplicationScoped
public class Outbound {
  /** Where this service's events come from. */
  public static final String SOURCE = "/countersign/permission-store";

  private static final int BUFFER = 2048;

  private final MutinyEmitter<Record<String, byte[]>> replies;
  private final MutinyEmitter<Record<String, byte[]>> documents;
  private final MutinyEmitter<Record<String, byte[]>> deadLetters;
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
      Clock clock) {
    this.replies = replies;
    this.documents = documents;
    this.deadLetters = deadLetters;
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
    return send(replies, reply.key(), Json.write(reply), headers);
  }

  /** Sends a user's present document. */
  public Uni<Void> document(OverrideDocument document) {
    return send(documents, document.key(), Json.write(document), headers(document));
  }

  /** Sends that a user's document was erased; the version that the erase made goes with it. */
  public Uni<Void> tombstone(OverrideDocument erased) {
    Map<String, String> headers = headers(erased);
    headers.put(Headers.VERSION, Long.toString(erased.version()));
    return send(documents, erased.key(), null, headers);
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
