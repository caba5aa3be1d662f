package dev.countersign.approval.requests;

import dev.countersign.protocol.Digest;
import dev.countersign.protocol.OverrideDocument;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.Receipt;
import dev.countersign.protocol.token.TokenSigner;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/**
 * Makes the receipt that goes to the topic, where no erase reaches it: pseudonyms in the place of
 * persons, a keyed digest, and no text that a call, a person or a document brought. The stored one,
 * with all of it, is read over HTTP.
 */
@ApplicationScoped
class ReceiptEvents {
  private final TokenSigner key;

  ReceiptEvents(TokenSigner key) {
    this.key = key;
  }

  Receipt of(Receipt stored) {
    return new Receipt(
        stored.tenant(),
        person(stored.tenant(), stored.user()),
        stored.tool(),
        stored.mode(),
        stored.fence(),
        stored.requestedAt(),
        decision(stored.decision()),
        stored.trace().stream().flatMap(line -> layer(line).stream()).distinct().toList());
  }

  private PermissionReply decision(PermissionReply told) {
    return new PermissionReply(
        told.tenant(),
        told.sessionId(),
        told.requestId(),
        told.digest() == null ? null : call(told.tenant(), told.digest()),
        told.effect(),
        told.decidedBy(),
        told.code(),
        "Decided by " + RequestRows.word(told.decidedBy()) + ".",
        null,
        told.user() == null ? null : person(told.tenant(), told.user()),
        null,
        null,
        told.execution(),
        told.unproven(),
        told.promptId(),
        told.decidedAt(),
        told.validUntil());
  }

  private String person(String tenant, String user) {
    return key.pseudonym(OverrideDocument.keyOf(tenant, user));
  }

  private String call(String tenant, String digest) {
    return Digest.of(key.derivedId(List.of("call", tenant, digest)));
  }

  /** A line begins with its layer; what follows is about the call. */
  private static List<String> layer(String line) {
    int end = line.indexOf(" | ");
    return end < 0 ? List.of() : List.of(line.substring(0, end));
  }
}
