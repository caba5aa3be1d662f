package dev.countersign.gateway.store;

import dev.countersign.gateway.http.Problems;
import dev.countersign.gateway.http.Upstream;
import dev.countersign.gateway.http.UpstreamReply;
import dev.countersign.gateway.identity.Identity;
import dev.countersign.protocol.Json;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** Hands imports to the permission store, whose answers are passed on as they are. */
@ApplicationScoped
public class StoreImports {
  private final Identity identity;
  private final Upstream upstream;

  public StoreImports(Identity identity, Upstream upstream) {
    this.identity = identity;
    this.upstream = upstream;
  }

  /**
   * Hands one on.
   *
   * @param query parameters; those without a value are left out
   * @param body the file; null if there is none
   */
  CompletionStage<Response> send(
      HttpHeaders headers, String path, Map<String, String> query, byte[] body) {
    if (body != null && body.length > Json.MAX_REQUEST_BYTES) {
      throw Problems.tooLarge(Json.MAX_REQUEST_BYTES);
    }
    String parameters =
        query.entrySet().stream()
            .filter(entry -> entry.getValue() != null)
            .map(entry -> entry.getKey() + "=" + Upstream.encode(entry.getValue()))
            .collect(Collectors.joining("&", "?", ""));
    return upstream
        .send(
            Upstream.Service.STORE,
            "POST",
            path + parameters,
            identity.caller(headers),
            body,
            Map.of())
        .thenApply(UpstreamReply::passOn);
  }
}
