package dev.countersign.store.commands;

import dev.countersign.document.DocumentReader;
import dev.countersign.document.InvalidDocumentException;
import dev.countersign.protocol.EventType;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.Identifiers;
import dev.countersign.protocol.InvalidEventException;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.OverrideCommand;
import dev.countersign.protocol.token.TokenClaims;
import dev.countersign.protocol.token.TokenException;
import dev.countersign.protocol.token.TokenVerifier;
import dev.countersign.store.document.Change;
import dev.countersign.store.users.Expected;
import dev.countersign.store.users.Replies;
import dev.countersign.store.users.UserKey;
import dev.countersign.store.users.WriteRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;

/** Proves who sent a record, and reads the command in it. Reads only the record and the keys. */
@ApplicationScoped
class CommandReader {
  private final TokenVerifier verifier;

  CommandReader(TokenVerifier verifier) {
    this.verifier = verifier;
  }

  /**
   * Reads one record.
   *
   * @param now used for the history, and as the append time of a record whose topic lets producers
   *     choose their own
   */
  Received read(ConsumerRecord<String, byte[]> record, Instant now) {
    if (record.value() == null) {
      return new Received.Unproven("malformed_json", "the record has no value");
    }
    TokenClaims sender;
    try {
      sender =
          verifier.verifyAssertion(
              RecordHeaders.text(record, Headers.ASSERTION),
              appended(record, now),
              EventType.OVERRIDE_COMMANDED.ceType(),
              record.value());
    } catch (TokenException e) {
      return new Received.Unproven(e.code(), e.getMessage());
    }
    if (record.value().length > Json.MAX_REQUEST_BYTES) {
      String limit = "a command may have %d bytes".formatted(Json.MAX_REQUEST_BYTES);
      return refused(record, sender, null, "too_large", limit);
    }
    try {
      OverrideCommand command = Json.read(record.value(), OverrideCommand.class);
      Optional<Fault> fault = fault(record, sender, command);
      return fault.isPresent()
          ? refused(record, sender, command.commandId(), fault.get().code(), fault.get().detail())
          : new Received.Command(request(sender, command, now));
    } catch (InvalidEventException e) {
      return refused(record, sender, salvagedId(record.value()), codeOf(e.field()), e.getMessage());
    } catch (InvalidDocumentException e) {
      return refused(record, sender, salvagedId(record.value()), e.code(), e.getMessage());
    }
  }

  private static String codeOf(String field) {
    return switch (field) {
      case "$" -> "malformed_json";
      case "user" -> "invalid_user";
      default -> "invalid_override";
    };
  }

  private static Instant appended(ConsumerRecord<?, ?> record, Instant now) {
    return record.timestampType() == TimestampType.LOG_APPEND_TIME
        ? Instant.ofEpochMilli(record.timestamp())
        : now;
  }

  private record Fault(String code, String detail) {}

  private static Optional<Fault> fault(
      ConsumerRecord<String, byte[]> record, TokenClaims sender, OverrideCommand command) {
    String type = RecordHeaders.text(record, Headers.CE_TYPE);
    if (type != null && !type.equals(EventType.OVERRIDE_COMMANDED.ceType())) {
      return Optional.of(new Fault("unknown_type", "ce_type names no override command"));
    }
    if (record.key() == null) {
      return Optional.of(new Fault("null_key", "the record's key must be the user"));
    }
    if (!record.key().equals(command.user())) {
      return Optional.of(new Fault("key_mismatch", "the record's key is not the command's user"));
    }
    if (command.action() == OverrideCommand.Action.WRITE
        && (command.document() == null || command.expectedVersion() == null)) {
      return Optional.of(
          new Fault("invalid_override", "a write needs document and expectedVersion"));
    }
    return Senders.may(sender, command)
        ? Optional.empty()
        : Optional.of(
            new Fault("not_authorised", "the sender may not change what this user settled"));
  }

  private static WriteRequest request(TokenClaims sender, OverrideCommand command, Instant now)
      throws InvalidDocumentException {
    Expected expected = Expected.ANY;
    Change change =
        switch (command.action()) {
          case SET ->
              new Change.SetOverride(
                  command.tool(),
                  command.resource(),
                  command.level(),
                  command.keepNarrower(),
                  command.until());
          case CLEAR -> new Change.ClearOverride(command.tool(), command.resource());
          case WRITE -> {
            expected = new Expected.OneOf(Set.of(command.expectedVersion()));
            yield new Change.Write(DocumentReader.read(Json.write(command.document())));
          }
        };
    return new WriteRequest(
        new UserKey(command.tenant(), command.user()),
        command.commandId(),
        change,
        expected,
        Senders.source(sender, command.source()),
        Senders.mayWiden(sender),
        now);
  }

  private static Received refused(
      ConsumerRecord<String, byte[]> record,
      TokenClaims sender,
      String commandId,
      String code,
      String detail) {
    String user = Identifiers.isUser(record.key()) ? record.key() : sender.subject();
    return new Received.Refused(Replies.refused(sender.tenant(), commandId, user, 0, code, detail));
  }

  /** The command's id from a record that is no valid command, so that its sender can tell. */
  private static String salvagedId(byte[] value) {
    String id = Json.salvaged(value, "commandId");
    return id != null && Identifiers.isId(id) ? id : null;
  }
}
