package dev.countersign.approval.kafka;

import static dev.countersign.approval.Fixtures.NOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.countersign.approval.Fixtures;
import dev.countersign.approval.prompts.StoredPrompt;
import dev.countersign.approval.publish.StateMessages;
import dev.countersign.approval.requests.ReplyAddress;
import dev.countersign.approval.requests.RequestKey;
import dev.countersign.approval.requests.StoredRequest;
import dev.countersign.protocol.DeadLetter;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PermissionRequest;
import dev.countersign.protocol.PromptOption;
import dev.countersign.protocol.Topics;
import dev.countersign.protocol.token.TokenSigner;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No erase reaches a dead letter, so none holds a text of the call or names a person. */
class DeadLettersTest {
  private static final String MARK = "secret-of-mine";
  private static final String COMMAND = "echo \"" + MARK + "\"";

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** A record with the mark wherever its sender can write. */
  private static InboundRecord record(String topic, String key) {
    Map<String, String> headers = new HashMap<>();
    DeadLetter.HEADERS.forEach(name -> headers.put(name, COMMAND));
    for (String name :
        new String[] {
          Headers.CE_ID,
          Headers.CE_SUBJECT,
          Headers.TOKEN,
          Headers.ASSERTION,
          Headers.REPLY_TOPIC,
          Headers.REPLY_TO,
          "x-" + MARK
        }) {
      headers.put(name, MARK);
    }
    headers.put(Headers.CE_TYPE, "dev.countersign.permission.requested");
    PermissionRequest request =
        new PermissionRequest(null, "s1", "r1", MARK, Fixtures.bash(COMMAND), null, null, COMMAND);
    return new InboundRecord(topic, 3, 42, NOW, bytes(key), Json.write(request), headers);
  }

  /** What a letter says; nothing of it holds the mark. */
  private static DeadLetter unmarked(Outgoing letter) {
    assertEquals(Topics.DEAD_LETTERS, letter.topic());
    String key = letter.key() == null ? "" : new String(letter.key(), StandardCharsets.UTF_8);
    String value = new String(letter.value(), StandardCharsets.UTF_8);
    String all = key + "\n" + value + "\n" + letter.headers();
    assertFalse(all.contains(MARK), all);
    return Json.read(letter.value(), DeadLetter.class);
  }

  private static TokenSigner signer() throws JoseException {
    RsaJsonWebKey key = RsaJwkGenerator.generateJwk(2048);
    key.setKeyId("k1");
    return new TokenSigner("approval-service", key);
  }

  @Test
  void aLetterSaysWhereItsRecordStandsAndNothingOfWhatItSays() {
    DeadLetter letter =
        unmarked(DeadLetters.of(record(Topics.REQUESTS, COMMAND), "malformed_json", NOW));
    assertNull(letter.recordKey());
    assertEquals(Topics.REQUESTS, letter.topic());
    assertEquals(3, letter.partition());
    assertEquals(42, letter.offset());
    assertEquals(Map.of(Headers.CE_TYPE, "dev.countersign.permission.requested"), letter.headers());
    DeadLetter plain = unmarked(DeadLetters.of(record(Topics.REQUESTS, "s1"), "bad_token", NOW));
    assertEquals("s1", plain.recordKey());
  }

  @ParameterizedTest
  @ValueSource(strings = {Topics.OVERRIDE_REPLIES, Topics.OVERRIDE_DOCUMENTS})
  void whoARecordIsAboutIsPseudonymous(String topic) throws JoseException {
    TokenSigner signer = signer();
    InboundRecord record = record(topic, MARK);
    String person = unmarked(DeadLetters.ofPerson(record, signer, "bad_token", NOW)).recordKey();
    assertEquals(signer.pseudonym(MARK), person);
    assertNotEquals(
        person,
        unmarked(DeadLetters.ofPerson(record(topic, "ann"), signer, "bad_token", NOW)).recordKey());
    // Without a key to make a pseudonym with nobody is named at all.
    assertNull(unmarked(DeadLetters.of(record, "internal_error", NOW)).recordKey());
  }

  @Test
  void nothingOfWhatNoTopicTakesIsInItsLetter() {
    InboundRecord record = record(Topics.REQUESTS, MARK);
    Outgoing reply =
        new Outgoing(Topics.REPLIES, record.key(), record.value(), record.headers(), null);
    DeadLetter own = unmarked(DeadLetters.ofUnsendable(reply, "too_large", "too large", NOW));
    assertEquals(Topics.REPLIES, own.topic());
    assertEquals(-1, own.offset());
    DeadLetter answer =
        unmarked(
            DeadLetters.ofUnsendable(
                reply.about(Source.of(record)), "too_large", "too large", NOW));
    assertEquals(Topics.REQUESTS, answer.topic());
    assertEquals(42, answer.offset());
    assertEquals(Map.of(), answer.headers());
  }

  @Test
  void nothingOfAStateThatCannotBeToldIsInItsLetter() {
    StoredRequest request =
        new StoredRequest(
            new RequestKey("default", "s1", "r1"),
            1,
            MARK.repeat(50),
            "Bash",
            Fixtures.digest(COMMAND),
            MARK,
            null,
            COMMAND,
            StoredRequest.State.OPEN,
            NOW,
            ReplyAddress.byDefault(MARK),
            3,
            42,
            Fixtures.FENCE,
            "default",
            "p1",
            NOW.plusSeconds(60),
            null,
            null,
            1);
    PromptOption option =
        new PromptOption(
            "allow_once",
            PromptOption.Kind.ALLOW_ONCE,
            COMMAND,
            PromptOption.Scope.ONCE,
            MARK,
            MARK);
    StoredPrompt prompt =
        new StoredPrompt(
            request, COMMAND, List.of(option), NOW, Fixtures.bash(COMMAND), null, null, null);
    List<Outgoing> letters =
        new StateMessages(null, null)
            .of(prompt, NOW).messages().stream()
                .filter(message -> message.topic().equals(Topics.DEAD_LETTERS))
                .toList();
    assertEquals(1, letters.size());
    assertEquals("unpublishable", unmarked(letters.get(0)).code());
  }
}
