package dev.countersign.protocol.token;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.protocol.Identifiers;
import java.util.HashSet;
import java.util.Set;

/**
 * The tenants that an issuer's tokens may name, as {@code "tenants": ["acme"]} of its entry in the
 * trust file says. {@code *} stands for all; so does an entry that says nothing, while one issuer
 * alone says who people are. With two, each must say: a tenant's identity provider must not make
 * people of another tenant.
 */
record Tenants(Set<String> names) {
  private static final String FIELD = "tenants";
  private static final String ALL = "*";

  Tenants {
    names = Set.copyOf(names);
  }

  /**
   * Reads the tenants of one issuer.
   *
   * @param required whether it must say
   * @throws IllegalArgumentException naming the issuer, the field and what it must be
   */
  static Tenants read(String issuer, JsonNode entry, boolean required) {
    JsonNode list = entry.path(FIELD);
    if (list.isMissingNode() && !required) {
      return new Tenants(Set.of(ALL));
    }
    if (list.isMissingNode()) {
      throw invalid(
          issuer,
          "is required, as more than one issuer may make persons' tokens; list the tenants whose"
              + " people it knows");
    }
    Set<String> names = new HashSet<>();
    for (JsonNode name : list) {
      if (!name.isTextual() || !name.asText().equals(ALL) && !Identifiers.isId(name.asText())) {
        throw invalid(
            issuer, "must list tenants, or \"*\" for all: a tenant " + Identifiers.ID_RULE);
      }
      names.add(name.asText());
    }
    if (!list.isArray() || names.isEmpty()) {
      throw invalid(issuer, "must be a list of tenants, not empty");
    }
    return new Tenants(names);
  }

  /**
   * Passes only tokens of these tenants.
   *
   * @throws TokenException {@code beyond_issuer}, naming the tenant
   */
  void check(TokenClaims claims) throws TokenException {
    if (!names.contains(ALL) && !names.contains(claims.tenant())) {
      throw new TokenException(
          "beyond_issuer",
          "the trust file does not let " + claims.issuer() + " name the tenant " + claims.tenant());
    }
  }

  private static IllegalArgumentException invalid(String issuer, String what) {
    return new IllegalArgumentException(
        "in the trust file, %s of issuer %s %s".formatted(FIELD, issuer, what));
  }
}
