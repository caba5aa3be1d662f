package dev.countersign.protocol.token;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a token says, once its signature is proven.
 *
 * @param issuer who signed it
 * @param subject session, person or service, by type
 * @param roles of the subject; for a person out of {@link Roles}
 * @param extra every other claim
 */
public record TokenClaims(
    TokenType type,
    String issuer,
    String subject,
    String tenant,
    List<String> roles,
    Instant issuedAt,
    Instant expiresAt,
    Map<String, Object> extra) {
  /** On a session token: the user it runs for. */
  public static final String OWNER = "owner";

  /** On a session token: the client, such as {@code gateway} or {@code kcat}. */
  public static final String CLIENT = "client";

  /** On a session token: the topics a request may name for its reply. */
  public static final String REPLY_TOPICS = "reply_topics";

  /** On an assertion: what it is for; a record's CloudEvents type. */
  public static final String PURPOSE = "purpose";

  /** On an assertion: SHA-256 (hex) of the record value it stands beside. */
  public static final String VALUE_DIGEST = "value_digest";

  /** On an assertion made for an agent: the session that acts. Absent for a person. */
  public static final String ACTING_SESSION = "acting_session";

  public TokenClaims {
    roles = roles == null ? List.of() : List.copyOf(roles);
    extra = extra == null ? Map.of() : Map.copyOf(extra);
  }

  /** A text claim, or null if it is absent or no text. */
  public String text(String claim) {
    return extra.get(claim) instanceof String text ? text : null;
  }

  /** The person it speaks of: the user a session runs for, otherwise the subject. */
  public String person() {
    String owner = type == TokenType.SESSION ? text(OWNER) : null;
    return owner == null ? subject : owner;
  }

  /** A claim that lists texts; empty if it is absent. */
  public List<String> texts(String claim) {
    return extra.get(claim) instanceof List<?> list
        ? list.stream().filter(String.class::isInstance).map(String.class::cast).toList()
        : List.of();
  }
}
