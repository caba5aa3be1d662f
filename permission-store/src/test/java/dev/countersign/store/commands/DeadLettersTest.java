package dev.countersign.store.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.countersign.protocol.ChangeSource;
import dev.countersign.protocol.CloudEvents;
import dev.countersign.protocol.DeadLetter;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.OverrideCommand;
import dev.countersign.protocol.Topics;
import dev.countersign.protocol.token.TokenSigner;
import dev.countersign.store.publishing.Outbound;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.Test;

/** No erase reaches a dead letter, so none holds what was settled or names a person. */
class DeadLettersTest {
  private static final String MARK = "secret-of-mine";
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  /** A command with the mark wherever its sender can write, and as the user's name. */
  private static ConsumerRecord<String, byte[]> record(String key) {
    OverrideCommand command =
        new OverrideCommand(
            null,
            MARK,
            MARK,
            OverrideCommand.Action.SET,
            MARK,
            "echo \"" + MARK + "\"",
            "always",
            false,
            new ChangeSource(ChangeSource.Via.PROMPT, MARK, MARK, MARK));
    ConsumerRecord<String, byte[]> record =
        new ConsumerRecord<>(Topics.OVERRIDE_COMMANDS, 3, 42, key, Json.write(command));
    for (String name :
        new String[] {
          Headers.CE_ID, Headers.CE_SUBJECT, Headers.ASSERTION, Headers.REPLY_TO, MARK
        }) {
      record.headers().add(name, MARK.getBytes(StandardCharsets.UTF_8));
    }
    record.headers().add(Headers.CE_TENANT, "default".getBytes(StandardCharsets.UTF_8));
    return record;
  }

  @Test
  void aLetterHoldsNothingOfTheCommandAndAPseudonymOfTheUser() throws JoseException {
    RsaJsonWebKey key = RsaJwkGenerator.generateJwk(2048);
    key.setKeyId("k1");
    TokenSigner signer = new TokenSigner("permission-store", key);
    DeadLetter letter =
        new DeadLetters(signer).of(record(MARK), "default", "invalid_override", NOW);
    String all =
        new String(Json.write(letter), StandardCharsets.UTF_8)
            + letter.key()
            + CloudEvents.headers(letter, Outbound.SOURCE, "dead/1", NOW);
    assertFalse(all.contains(MARK), all);
    assertEquals(signer.pseudonym(MARK), letter.recordKey());
    assertEquals(Topics.OVERRIDE_COMMANDS, letter.topic());
    assertEquals(42, letter.offset());
    assertEquals(Map.of(Headers.CE_TENANT, "default"), letter.headers());
    assertNull(new DeadLetters(signer).of(record(null), null, "null_key", NOW).recordKey());
  }
}
