package dev.countersign.protocol.token;

/** What a signed token says. Each issuer may make only the types its trust entry lists. */
public enum TokenType {
  /** An agent may ask in one session. Subject: the session's id. Made by the gateway. */
  SESSION,

  /** Who a person is. Subject: the person. Made by the identity provider. Never enters Kafka. */
  PERSON,

  /**
   * A person (or a service for itself) sent exactly this value. Subject: the person or service.
   * Lives a minute. Made by the gateway, by a trusted approval UI, or by a service for itself.
   */
  ASSERTION;

  /** The value of the {@code typ} claim. */
  public String claim() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /**
   * The type of a {@code typ} claim.
   *
   * @throws IllegalArgumentException if there is none
   */
  static TokenType of(String claim) {
    for (TokenType type : values()) {
      if (type.claim().equals(claim)) {
        return type;
      }
    }
    throw new IllegalArgumentException("no token type " + claim);
  }
}
