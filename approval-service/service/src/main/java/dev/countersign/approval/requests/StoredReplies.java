package dev.countersign.approval.requests;

import dev.countersign.approval.kafka.Outgoing;
import dev.countersign.protocol.token.TokenSigner;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** What is told, to whoever asks, of a request that is stored. */
@ApplicationScoped
class StoredReplies {
  private final RequestStore store;
  private final RequestMessages messages;
  private final TokenSigner key;

  StoredReplies(RequestStore store, RequestMessages messages, TokenSigner key) {
    this.store = store;
    this.messages = messages;
    this.key = key;
  }

  /** The decision, or nothing where a person is still asked. */
  List<Outgoing> of(Reading.Ask ask, StoredRequest stored, Instant now) {
    if (stored.editErased()) {
      return messages.refusal(
          ask,
          "erased",
          "another input was allowed instead of this one, and was erased; ask under another id",
          now);
    }
    StoredRequest request = stored.recognising(key, ask.digest());
    if (!request.isFor(ask.digest())) {
      return messages.refusal(
          ask, "request_id_reused", "this request id stands for another tool call", now);
    }
    if (!request.decided()) {
      return askedAgain(ask, request);
    }
    boolean ownRecord =
        request.sourcePartition() == ask.record().partition()
            && request.sourceOffset() == ask.record().offset();
    // Sent again by its sender: the reply again. Delivered again by Kafka: what may never have
    // been sent, so the receipt too.
    return request.promptId() == null && ownRecord
        ? List.of(messages.reply(request, ask), messages.receipt(request))
        : List.of(messages.reply(request, ask));
  }

  /** Its decision will go to where it was asked from last, or goes there now. */
  private List<Outgoing> askedAgain(Reading.Ask ask, StoredRequest undecided) {
    if (Objects.equals(undecided.address(), ask.address())
        || store.readdress(undecided.key(), ask.address())) {
      return List.of();
    }
    return store.find(List.of(undecided.key())).stream()
        .map(decided -> messages.reply(decided, ask))
        .toList();
  }
}
