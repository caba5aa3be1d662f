package dev.countersign.protocol.token;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.protocol.Erasure;
import dev.countersign.protocol.EventType;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.InvalidEventException;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.OverrideDocument;
import dev.countersign.protocol.OverrideReply;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What the permission store says is signed by it: replies to commands, and documents with their
 * tombstones. A signature binds tenant, user, version and content. It lives a minute from its
 * record's append time, so an old record is as good when it is read again, and worth nothing when
 * it is sent again.
 */
public final class StoreSignature {
  /** The issuer and the subject of the store's assertions. */
  public static final String STORE = "permission-store";

  private static final String SERVICE = "service";
  private static final String REPLY = EventType.OVERRIDE_SETTLED.ceType();
  private static final String DOCUMENT = EventType.DOCUMENT_CHANGED.ceType();

  private StoreSignature() {}

  /**
   * A user's document.
   *
   * @param document null after an erase
   * @param erasure the latest erase; null if there was none
   */
  public record Settled(
      String tenant, String user, long version, JsonNode document, Erasure erasure) {}

  /** Signs a reply. */
  public static String ofReply(TokenSigner signer, String tenant, byte[] value, Instant now) {
    return sign(signer, tenant, REPLY, value, now);
  }

  /** Signs a document. */
  public static String ofDocument(TokenSigner signer, String tenant, byte[] value, Instant now) {
    return sign(signer, tenant, DOCUMENT, value, now);
  }

  /** Signs the tombstone of an erased document: it has no value of its own. */
  public static String ofTombstone(
      TokenSigner signer, String tenant, String user, Erasure erasure, Instant now) {
    return sign(signer, tenant, DOCUMENT, said(tenant, user, erasure), now);
  }

  /**
   * Reads a reply.
   *
   * @param at when the record was appended
   * @throws TokenException if the store did not say it
   * @throws InvalidEventException if it is no reply
   */
  public static OverrideReply reply(
      TokenVerifier verifier, byte[] value, String assertion, Instant at) throws TokenException {
    String tenant = prove(verifier, assertion, at, REPLY, value);
    OverrideReply reply = Json.read(value, OverrideReply.class);
    same(tenant, reply.tenant());
    return reply;
  }

  /**
   * Proves that a reply's value is the store's.
   *
   * @throws TokenException if it is not
   */
  public static void check(TokenVerifier verifier, byte[] value, String assertion, Instant at)
      throws TokenException {
    prove(verifier, assertion, at, REPLY, value);
  }

  /**
   * Reads a record of {@code override.documents}.
   *
   * @param value null for a tombstone
   * @param headers a header's text by its name, or null
   * @param at when the record was appended
   * @throws TokenException if the store did not say it
   * @throws InvalidEventException if it is no document or tombstone
   */
  public static Settled document(
      TokenVerifier verifier, String key, byte[] value, UnaryOperator<String> headers, Instant at)
      throws TokenException {
    String assertion = headers.apply(Headers.ASSERTION);
    Settled settled;
    String tenant;
    if (value == null) {
      settled = erased(key, headers);
      byte[] said = said(settled.tenant(), settled.user(), settled.erasure());
      tenant = prove(verifier, assertion, at, DOCUMENT, said);
    } else {
      tenant = prove(verifier, assertion, at, DOCUMENT, value);
      OverrideDocument d = Json.read(value, OverrideDocument.class);
      settled = new Settled(d.tenant(), d.user(), d.version(), d.document(), d.erasure());
    }
    same(tenant, settled.tenant());
    if (!OverrideDocument.keyOf(settled.tenant(), settled.user()).equals(key)) {
      throw new InvalidEventException("key", "must be the document's user");
    }
    return settled;
  }

  private static Settled erased(String key, UnaryOperator<String> headers) {
    if (key == null) {
      throw new InvalidEventException("key", "must be on a tombstone");
    }
    String tenant = headers.apply(Headers.CE_TENANT);
    long version = version(headers.apply(Headers.VERSION));
    return new Settled(
        tenant == null ? "default" : tenant,
        OverrideDocument.userOf(key),
        version,
        null,
        new Erasure(version, headers.apply(Headers.ERASURE)));
  }

  private static long version(String text) {
    try {
      long version = Long.parseLong(String.valueOf(text));
      if (version >= 1) {
        return version;
      }
    } catch (NumberFormatException e) {
      // The same as any other version that is none.
    }
    throw new InvalidEventException(
        Headers.VERSION, "must be on a tombstone, as a number from 1 on");
  }

  /** An id has neither a blank nor a slash, so nothing can be read in two ways. */
  private static byte[] said(String tenant, String user, Erasure erasure) {
    String id = erasure.id() == null ? "" : erasure.id() + " ";
    return ("erased " + erasure.version() + " " + id + tenant + "/" + user)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String sign(
      TokenSigner signer, String tenant, String purpose, byte[] said, Instant now) {
    return signer.signAssertion(STORE, tenant, List.of(SERVICE), purpose, said, Map.of(), now);
  }

  private static String prove(
      TokenVerifier verifier, String assertion, Instant at, String purpose, byte[] said)
      throws TokenException {
    TokenClaims claims = verifier.verifyAssertion(assertion, at, purpose, said);
    if (!claims.issuer().equals(STORE)
        || !claims.subject().equals(STORE)
        || !claims.roles().contains(SERVICE)) {
      throw new TokenException("not_authorised", "only the permission store may say this");
    }
    return claims.tenant();
  }

  private static void same(String proven, String said) throws TokenException {
    if (!proven.equals(said)) {
      throw new TokenException("not_authorised", "the assertion is for another tenant");
    }
  }
}
