package dev.countersign.store.commands;

import dev.countersign.protocol.DeadLetter;
import dev.countersign.protocol.token.TokenSigner;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Makes dead letters of records, without the user's name and without what the record says. */
@ApplicationScoped
class DeadLetters {
  private static final String SERVICE = "permission-store";

  private final TokenSigner signer;

  DeadLetters(TokenSigner signer) {
    this.signer = signer;
  }

  DeadLetter of(ConsumerRecord<String, byte[]> record, String tenant, String code, Instant now) {
    return new DeadLetter(
        tenant,
        record.topic(),
        record.partition(),
        record.offset(),
        record.key() == null ? null : signer.pseudonym(record.key()),
        SERVICE,
        code,
        null,
        RecordHeaders.all(record),
        record.value() == null ? 0 : record.value().length,
        now);
  }
}
