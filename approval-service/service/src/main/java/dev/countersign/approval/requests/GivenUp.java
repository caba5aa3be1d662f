package dev.countersign.approval.requests;

import dev.countersign.approval.kafka.DeadLetters;
import dev.countersign.approval.kafka.Outgoing;
import dev.countersign.protocol.token.TokenSigner;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is sent about a record of {@code permission.requests} that cannot be handled for a reason
 * nobody foresaw. A decision that is stored stands and is not contradicted.
 */
@ApplicationScoped
class GivenUp {
  private static final String CODE = "internal_error";
  private static final String DETAIL = "an internal error; it was reported";

  private final RequestStore store;
  private final RequestMessages messages;
  private final TokenSigner key;

  GivenUp(RequestStore store, RequestMessages messages, TokenSigner key) {
    this.store = store;
    this.messages = messages;
    this.key = key;
  }

  List<Outgoing> of(Reading reading, Instant now) {
    Outgoing letter = DeadLetters.of(reading.record(), CODE, now);
    if (reading instanceof Reading.Bad bad) {
      return messages.refusal(bad, now);
    }
    if (!(reading instanceof Reading.Ask ask)) {
      return List.of(letter);
    }
    Optional<StoredRequest> stored =
        store.find(List.of(ask.key())).stream()
            .findFirst()
            .map(request -> request.recognising(key, ask.digest()));
    if (stored.isEmpty() || !stored.get().isFor(ask.digest())) {
      return messages.refusal(ask, "invalid_request", DETAIL, now);
    }
    return stored.get().decided()
        ? List.of(messages.reply(stored.get(), ask), letter)
        : List.of(letter);
  }
}
