package dev.countersign.store.publishing;

import dev.countersign.protocol.token.TokenSigner;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.Function;

/**
 * Signs on a worker thread: a signature takes about a millisecond. The outcome comes back on the
 * context it was asked for on, where a transaction may be waiting.
 */
@ApplicationScoped
class Signatures {
  private final TokenSigner signer;
  private final Vertx vertx;

  Signatures(TokenSigner signer, Vertx vertx) {
    this.signer = signer;
    this.vertx = vertx;
  }

  /** The signature that {@code sign} makes. */
  Uni<String> make(Function<TokenSigner, String> sign) {
    return Uni.createFrom()
        .completionStage(
            () ->
                vertx
                    .getOrCreateContext()
                    .executeBlocking(() -> sign.apply(signer), false)
                    .toCompletionStage());
  }

  /** The id of the key that signs. */
  String keyId() {
    return signer.keyId();
  }
}
