package dev.countersign.local;

import dev.countersign.embedded.DevKeys;
import dev.countersign.protocol.EventType;
import dev.countersign.protocol.token.Roles;
import dev.countersign.protocol.token.StoreSignature;
import dev.countersign.protocol.token.TokenSigner;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Signs events as those do who send them: the gateway for a person, and the services. */
final class Senders {
  private final TokenSigner gateway;
  private final TokenSigner approval;
  private final TokenSigner store;

  Senders(DevKeys keys) {
    gateway = keys.signer(DevKeys.GATEWAY);
    approval = keys.signer(DevKeys.APPROVAL);
    store = keys.signer(DevKeys.STORE);
  }

  /** The assertion of exactly these bytes, now; {@code person} is who commands or answers. */
  String assertion(EventType type, String person, byte[] value) {
    Instant now = Instant.now();
    return switch (type) {
      case OVERRIDE_SETTLED -> StoreSignature.ofReply(store, DevKeys.TENANT, value, now);
      case DOCUMENT_CHANGED -> StoreSignature.ofDocument(store, DevKeys.TENANT, value, now);
      case OVERRIDE_COMMANDED ->
          sign(approval, DevKeys.APPROVAL, List.of("service"), type, value, now);
      default -> sign(gateway, person, List.of(Roles.APPROVER), type, value, now);
    };
  }

  private static String sign(
      TokenSigner signer,
      String subject,
      List<String> roles,
      EventType type,
      byte[] value,
      Instant now) {
    return signer.signAssertion(
        subject, DevKeys.TENANT, roles, type.ceType(), value, Map.of(), now);
  }
}
