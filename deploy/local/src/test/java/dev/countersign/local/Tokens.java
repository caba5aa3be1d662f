package dev.countersign.local;

import dev.countersign.embedded.DevKeys;
import dev.countersign.embedded.authority.Actor;
import dev.countersign.protocol.token.TokenClaims;
import dev.countersign.protocol.token.TokenType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Tokens of whoever asks, also of those whom no stack would give one, signed with its own keys. */
final class Tokens {
  private static final Duration LIFE = Duration.ofHours(2);

  private Tokens() {}

  static String of(DevKeys keys, Actor actor) {
    Instant now = Instant.now();
    if (!actor.agent()) {
      return keys.signer(DevKeys.PEOPLE)
          .sign(
              TokenType.PERSON, actor.person(), actor.tenant(), actor.roles(), Map.of(), now, LIFE);
    }
    Map<String, Object> claims =
        Map.of(
            TokenClaims.OWNER,
            actor.person(),
            TokenClaims.CLIENT,
            "gateway",
            TokenClaims.REPLY_TOPICS,
            List.of("permission.replies"));
    return keys.signer(DevKeys.GATEWAY)
        .sign(TokenType.SESSION, actor.session(), actor.tenant(), List.of(), claims, now, LIFE);
  }
}
