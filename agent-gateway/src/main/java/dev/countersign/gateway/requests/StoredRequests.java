package dev.countersign.gateway.requests;

import dev.countersign.gateway.http.Upstream;
import dev.countersign.gateway.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Reads what is stored about a request. */
@ApplicationScoped
public class StoredRequests {
  private final Upstream upstream;

  public StoredRequests(Upstream upstream) {
    this.upstream = upstream;
  }

  /**
   * Reads a request as its caller may see it; empty if it is not known (yet).
   *
   * @param sessionId may be null where the request id alone is enough
   */
  CompletableFuture<Optional<StoredRequest>> read(
      Caller caller, String sessionId, String requestId) {
    String query = sessionId == null ? "" : "?sessionId=" + Upstream.encode(sessionId);
    return upstream
        .get(
            Upstream.Service.APPROVAL,
            "/internal/requests/" + Upstream.encode(requestId) + query,
            caller)
        .thenApply(
            reply ->
                reply.status() == 404
                    ? Optional.empty()
                    : Optional.of(reply.as(StoredRequest.class)));
  }

  /** The prompt that was opened for a request; empty if none was. */
  public CompletableFuture<Optional<String>> promptOf(
      Caller caller, String sessionId, String requestId) {
    return read(caller, sessionId, requestId)
        .thenApply(found -> found.map(StoredRequest::promptId));
  }
}
