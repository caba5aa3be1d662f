package dev.countersign.gateway.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.gateway.http.Bodies;
import dev.countersign.gateway.http.Upstream;
import dev.countersign.gateway.http.Upstream.Service;
import dev.countersign.gateway.http.UpstreamReply;
import dev.countersign.gateway.identity.Caller;
import dev.countersign.gateway.identity.Identity;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Passes reads and writes of what a user settled on. A write that the store has carried out is
 * answered 200 once the approval service decides by it, and 202 if that takes longer than two
 * seconds: it is stored then, and will be in force soon.
 */
@ApplicationScoped
public class StoreDoor {
  private static final List<String> PASSED_ON =
      List.of("If-Match", "If-None-Match", "Idempotency-Key");

  private final Identity identity;
  private final Upstream upstream;

  public StoreDoor(Identity identity, Upstream upstream) {
    this.identity = identity;
    this.upstream = upstream;
  }

  /** Reads from a service. */
  CompletionStage<Response> read(Service service, String path, HttpHeaders headers) {
    return send(service, "GET", path, headers, null).thenApply(UpstreamReply::passOn);
  }

  /** Writes to a service in which it is in force at once. */
  CompletionStage<Response> write(
      Service service, String method, String path, HttpHeaders headers, byte[] body) {
    return send(service, method, path, headers, body).thenApply(UpstreamReply::passOn);
  }

  /** Writes to the store. */
  CompletionStage<Response> settle(
      String method, String path, String user, HttpHeaders headers, byte[] body) {
    Caller caller = identity.caller(headers);
    return send(Service.STORE, method, path, headers, body)
        .thenCompose(reply -> inForce(reply, user, caller));
  }

  /** Hands the store a file, whatever it holds. */
  CompletionStage<Response> settleFile(String path, String user, HttpHeaders headers, byte[] file) {
    Caller caller = identity.caller(headers);
    return upstream
        .send(Service.STORE, "POST", path, caller, file, Map.of())
        .thenCompose(reply -> inForce(reply, user, caller));
  }

  private CompletableFuture<UpstreamReply> send(
      Service service, String method, String path, HttpHeaders headers, byte[] body) {
    Caller caller = identity.caller(headers);
    if (body != null) {
      Bodies.read(body, JsonNode.class);
    }
    Map<String, String> passed = new HashMap<>();
    for (String name : PASSED_ON) {
      String value = headers.getHeaderString(name);
      if (value != null) {
        passed.put(name, value);
      }
    }
    return upstream.send(service, method, path, caller, body, passed);
  }

  private CompletionStage<Response> inForce(UpstreamReply stored, String user, Caller caller) {
    Response response = stored.passOn();
    String etag = response.getHeaderString(HttpHeaders.ETAG);
    if (!stored.ok() || etag == null) {
      return CompletableFuture.completedFuture(response);
    }
    String path =
        "/internal/users/%s/document-version?atLeast=%s"
            .formatted(Upstream.encode(user), Upstream.encode(etag.replace("\"", "")));
    return upstream
        .get(Service.APPROVAL, path, caller)
        .handle((reply, away) -> away == null && reached(reply))
        .thenApply(
            reached ->
                reached
                    ? response
                    : Response.fromResponse(response).status(Response.Status.ACCEPTED).build());
  }

  private static boolean reached(UpstreamReply reply) {
    return reply.ok() && reply.as(JsonNode.class).path("reached").asBoolean();
  }
}
