package dev.countersign.protocol.token;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What an issuer's assertions may claim, as its entry in the trust file says:
 *
 * <pre>{@code
 * "assertions": {"purposes": ["dev.countersign.session.commanded"], "subjects": ["*"],
 *                "roles": ["approver"], "agents": true, "maxLifetimeSeconds": 60}
 * }</pre>
 *
 * <p>An issuer that may make assertions must have one, so that no key speaks for everybody by
 * omission. An assertion that claims more proves nothing.
 *
 * @param purposes CloudEvents types of the records it may stand beside
 * @param subjects who it may speak for: whole names, or {@code *} for everybody
 * @param roles the roles it may claim for them; may be empty
 * @param agents whether it may say that an agent's session acts for them
 * @param maxLifetime the longest time between its issue and its end, at most a minute
 */
record AssertionLimits(
    List<String> purposes,
    List<String> subjects,
    List<String> roles,
    boolean agents,
    Duration maxLifetime) {
  private static final List<String> KNOWN =
      List.of("purposes", "subjects", "roles", "agents", "maxLifetimeSeconds");
  private static final String EVERYBODY = "*";
  private static final String FIELD = "assertions";

  AssertionLimits {
    purposes = List.copyOf(purposes);
    subjects = List.copyOf(subjects);
    roles = List.copyOf(roles);
  }

  /**
   * Reads the limits of one issuer.
   *
   * @throws IllegalArgumentException naming the issuer, the field and what it must be
   */
  static AssertionLimits read(String issuer, JsonNode entry) {
    JsonNode limits = entry.path(FIELD);
    if (!limits.isObject()) {
      throw invalid(issuer, "", "is required for an issuer that may make assertions");
    }
    limits
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!KNOWN.contains(name)) {
                throw invalid(
                    issuer, "." + name, "is unknown; known are " + String.join(", ", KNOWN));
              }
            });
    JsonNode seconds = limits.path("maxLifetimeSeconds");
    long most = TokenSigner.ASSERTION_LIFETIME.toSeconds();
    if (!seconds.isMissingNode()
        && (!seconds.isIntegralNumber() || seconds.longValue() < 1 || seconds.longValue() > most)) {
      throw invalid(issuer, ".maxLifetimeSeconds", "must be a number from 1 to " + most);
    }
    JsonNode agents = limits.path("agents");
    if (!agents.isMissingNode() && !agents.isBoolean()) {
      throw invalid(issuer, ".agents", "must be true or false");
    }
    return new AssertionLimits(
        texts(issuer, limits, "purposes", true),
        texts(issuer, limits, "subjects", true),
        texts(issuer, limits, "roles", false),
        agents.booleanValue(),
        Duration.ofSeconds(seconds.asLong(most)));
  }

  /**
   * Passes only claims within the limits.
   *
   * @throws TokenException {@code beyond_issuer}, naming the claim
   */
  void check(TokenClaims claims) throws TokenException {
    String purpose = claims.text(TokenClaims.PURPOSE);
    if (!purposes.contains(String.valueOf(purpose))) {
      throw beyond(claims, "purpose " + purpose);
    }
    if (!subjects.contains(EVERYBODY) && !subjects.contains(claims.subject())) {
      throw beyond(claims, "subject " + claims.subject());
    }
    for (String role : claims.roles()) {
      if (!roles.contains(role)) {
        throw beyond(claims, "role " + role);
      }
    }
    if (!agents && claims.extra().containsKey(TokenClaims.ACTING_SESSION)) {
      throw beyond(claims, "that session " + claims.text(TokenClaims.ACTING_SESSION) + " acts");
    }
    Duration lifetime = Duration.between(claims.issuedAt(), claims.expiresAt());
    if (lifetime.isNegative() || lifetime.compareTo(maxLifetime) > 0) {
      throw beyond(claims, "a lifetime of " + lifetime.toSeconds() + " seconds");
    }
  }

  private static TokenException beyond(TokenClaims claims, String what) {
    String shown = what.length() > 100 ? what.substring(0, 100) + "…" : what;
    return new TokenException(
        "beyond_issuer", "the trust file does not let " + claims.issuer() + " assert " + shown);
  }

  private static List<String> texts(String issuer, JsonNode limits, String name, boolean some) {
    JsonNode list = limits.path(name);
    List<String> texts = new ArrayList<>();
    for (JsonNode text : list) {
      if (!text.isTextual() || text.textValue().isEmpty()) {
        throw invalid(issuer, "." + name, "must be a list of texts");
      }
      texts.add(text.textValue());
    }
    if (!list.isArray() || some && texts.isEmpty()) {
      throw invalid(issuer, "." + name, "must be a list of texts" + (some ? ", not empty" : ""));
    }
    return texts;
  }

  private static IllegalArgumentException invalid(String issuer, String field, String what) {
    return new IllegalArgumentException(
        "in the trust file, %s%s of issuer %s %s".formatted(FIELD, field, issuer, what));
  }
}
