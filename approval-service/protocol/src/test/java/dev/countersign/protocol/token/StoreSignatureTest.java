package dev.countersign.protocol.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.countersign.protocol.Erasure;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.InvalidEventException;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.OverrideDocument;
import dev.countersign.protocol.OverrideReply;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jose4j.jwk.RsaJsonWebKey;
import org.junit.jupiter.api.Test;

class StoreSignatureTest extends Tokens {
  private static final RsaJsonWebKey STORE_KEY = key("s1");
  private static final TokenSigner STORE = new TokenSigner("permission-store", STORE_KEY);
  private static final OverrideDocument DOCUMENT =
      new OverrideDocument("default", "auth0|ann", 7, Json.mapper().createObjectNode());
  private static final byte[] BYTES = Json.write(DOCUMENT);

  private final TokenVerifier keys =
      TokenVerifier.parse(
          trust(speaker("agent-gateway", GATEWAY_KEY), speaker("permission-store", STORE_KEY)));

  /** Both may say the same, as far as the trust file goes. */
  private static Map<String, Object> speaker(String name, RsaJsonWebKey key) {
    Map<String, Object> issuer = issuer(name, List.of("assertion"), key);
    issuer.put(
        "assertions",
        Map.of(
            "purposes",
            List.of("dev.countersign.document.changed", "dev.countersign.override.settled"),
            "subjects",
            List.of("permission-store"),
            "roles",
            List.of("service")));
    return issuer;
  }

  private StoreSignature.Settled read(String key, byte[] value, String signed, Instant at)
      throws TokenException {
    return read(key, value, signed, at, "7");
  }

  private StoreSignature.Settled read(
      String key, byte[] value, String signed, Instant at, String version) throws TokenException {
    Map<String, String> headers = new HashMap<>();
    headers.put(Headers.ASSERTION, signed);
    headers.put(Headers.VERSION, version);
    return StoreSignature.document(keys, key, value, headers::get, at);
  }

  private String code(String key, byte[] value, String signed, Instant at) {
    return assertThrows(TokenException.class, () -> read(key, value, signed, at)).code();
  }

  @Test
  void aDocumentIsReadAgainByTheTimeOfItsRecordHoweverOld() throws TokenException {
    String signed = StoreSignature.ofDocument(STORE, "default", BYTES, NOW);

    StoreSignature.Settled settled = read("auth0|ann", BYTES, signed, NOW.plusSeconds(5));

    assertEquals("auth0|ann", settled.user());
    assertEquals(7, settled.version());
    // The same record, sent again later, has a later time.
    assertEquals(
        "expired_token", code("auth0|ann", BYTES, signed, NOW.plus(Duration.ofMinutes(5))));
  }

  @Test
  void aSignatureBindsContentVersionUserAndTenant() {
    String signed = StoreSignature.ofDocument(STORE, "default", BYTES, NOW);
    byte[] newer = new String(BYTES).replace(":7", ":8").getBytes();
    byte[] other = new String(BYTES).replace("ann", "bob").getBytes();

    assertEquals("bad_signature", code("auth0|ann", newer, signed, NOW));
    assertEquals("bad_signature", code("auth0|bob", other, signed, NOW));
    assertThrows(InvalidEventException.class, () -> read("auth0|bob", BYTES, signed, NOW));
    String foreign = StoreSignature.ofDocument(STORE, "acme", BYTES, NOW);
    assertEquals("not_authorised", code("auth0|ann", BYTES, foreign, NOW));
  }

  @Test
  void aTombstoneIsSignedWithItsErase() throws TokenException {
    Erasure erasure = new Erasure(7, "e-1");
    String signed = StoreSignature.ofTombstone(STORE, "default", "ann", erasure, NOW);

    assertEquals(erasure, tombstone(signed, "e-1").erasure());
    for (String other : Arrays.asList("e-2", null)) {
      assertEquals(
          "bad_signature",
          assertThrows(TokenException.class, () -> tombstone(signed, other)).code());
    }
    String before = StoreSignature.ofTombstone(STORE, "default", "ann", new Erasure(7, null), NOW);
    assertEquals(new Erasure(7, null), tombstone(before, null).erasure());
    assertThrows(TokenException.class, () -> tombstone(before, "e-1"));
    assertThrows(InvalidEventException.class, () -> tombstone(signed, "e-1 default/x"));
  }

  private StoreSignature.Settled tombstone(String signed, String id) throws TokenException {
    Map<String, String> headers = new HashMap<>();
    headers.put(Headers.ASSERTION, signed);
    headers.put(Headers.VERSION, "7");
    headers.put(Headers.ERASURE, id);
    return StoreSignature.document(keys, "ann", null, headers::get, NOW);
  }

  @Test
  void aTombstoneIsSignedWithItsUserAndVersion() throws TokenException {
    String signed = StoreSignature.ofTombstone(STORE, "default", "ann", new Erasure(7, null), NOW);

    assertNull(read("ann", null, signed, NOW).document());
    assertEquals("bad_signature", code("bob", null, signed, NOW));
    assertEquals(
        "bad_signature",
        assertThrows(TokenException.class, () -> read("ann", null, signed, NOW, "8")).code());
    assertEquals("missing_token", code("ann", null, null, NOW));
    assertThrows(InvalidEventException.class, () -> read("ann", null, signed, NOW, null));
  }

  @Test
  void nobodyElseSpeaksForTheStore() {
    String gateway =
        GATEWAY.signAssertion(
            "permission-store",
            "default",
            List.of("service"),
            "dev.countersign.document.changed",
            BYTES,
            Map.of(),
            NOW);
    String reply = StoreSignature.ofReply(STORE, "default", BYTES, NOW);

    assertEquals("not_authorised", code("auth0|ann", BYTES, gateway, NOW));
    assertEquals("wrong_type", code("auth0|ann", BYTES, reply, NOW));
    assertEquals("missing_token", code("auth0|ann", BYTES, null, NOW));
  }

  @Test
  void aReplyIsTheStoresOrNone() throws TokenException {
    OverrideReply reply = new OverrideReply(null, "c", "ann", true, "ok", null, 3, null, List.of());
    byte[] value = Json.write(reply);
    String signed = StoreSignature.ofReply(STORE, "default", value, NOW);

    assertEquals(reply, StoreSignature.reply(keys, value, signed, NOW));
    String document = StoreSignature.ofDocument(STORE, "default", value, NOW);
    assertThrows(TokenException.class, () -> StoreSignature.reply(keys, value, document, NOW));
    assertThrows(TokenException.class, () -> StoreSignature.reply(keys, value, null, NOW));
  }
}
