package dev.countersign.gateway.requests;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.gateway.GatewayConfig;
import dev.countersign.gateway.http.Bodies;
import dev.countersign.gateway.http.Ids;
import dev.countersign.gateway.http.ProblemException;
import dev.countersign.gateway.http.Problems;
import dev.countersign.gateway.http.Upstream;
import dev.countersign.gateway.http.UpstreamReply;
import dev.countersign.gateway.http.Wait;
import dev.countersign.gateway.identity.Caller;
import dev.countersign.policy.tools.OwnTools;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PermissionRequest;
import dev.countersign.protocol.ToolCall;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An agent edits the document of the user it runs for. That is a tool call like any other, asked in
 * its session: what tightens is stored at once, what widens waits for a person, and the answer here
 * says what the decision says.
 */
@ApplicationScoped
public class DocumentEdits {
  private static final Pattern TAG = Pattern.compile("\\s*\"(\\d{1,18})\"\\s*");

  private final Requests requests;
  private final Upstream upstream;
  private final GatewayConfig.Requests config;

  public DocumentEdits(Requests requests, Upstream upstream, GatewayConfig config) {
    this.requests = requests;
    this.upstream = upstream;
    this.config = config.requests();
  }

  /** One text that stands there exactly once, and what comes in its place. */
  public record Edit(String oldText, String newText) {}

  /**
   * Replaces a text; with {@code If-Match} only in the version that it names.
   *
   * @param taken runs once nothing here keeps the body any more; here and below
   */
  public CompletionStage<Response> edit(
      HttpHeaders headers, Caller agent, String user, byte[] body, Runnable taken) {
    mayEdit(agent, user);
    Edit edit = Bodies.read(body, Edit.class);
    if (edit.oldText() == null || edit.newText() == null) {
      throw Problems.invalid(
          "invalid_request",
          edit.oldText() == null ? "oldText" : "newText",
          "send oldText and newText");
    }
    ObjectNode input = JsonNodeFactory.instance.objectNode();
    input.put("oldText", edit.oldText()).put("newText", edit.newText());
    String ifMatch = headers.getHeaderString(HttpHeaders.IF_MATCH);
    if (ifMatch != null) {
      input.put("version", version(ifMatch));
    }
    return ask(headers, agent, input, taken);
  }

  /** Replaces the whole document in the version that {@code If-Match} names. */
  public CompletionStage<Response> write(
      HttpHeaders headers, Caller agent, String user, byte[] body, Runnable taken) {
    mayEdit(agent, user);
    String ifMatch = headers.getHeaderString(HttpHeaders.IF_MATCH);
    if (ifMatch == null || ifMatch.isBlank() || ifMatch.strip().equals("*")) {
      throw Problems.of(
          428,
          "if_match_required",
          "The request needs If-Match.",
          "Send If-Match with the ETag of the version you have read, such as \"3\".");
    }
    ObjectNode input = JsonNodeFactory.instance.objectNode();
    input.put("document", text(body)).put("version", version(ifMatch));
    return ask(headers, agent, input, taken);
  }

  private static void mayEdit(Caller agent, String user) {
    if (!user.equals(agent.user())) {
      throw Problems.of(
          403,
          "not_authorised",
          "This is another user's.",
          "An agent edits only the document of the user it runs for.");
    }
  }

  private static long version(String ifMatch) {
    Matcher tag = TAG.matcher(ifMatch);
    if (!tag.matches()) {
      throw Problems.invalid(
          "invalid_request",
          "If-Match",
          "If-Match holds one ETag that you have read, such as \"3\"");
    }
    return Long.parseLong(tag.group(1));
  }

  private static String text(byte[] body) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(body == null ? new byte[0] : body))
          .toString();
    } catch (CharacterCodingException e) {
      throw Problems.of(
          400, "malformed_json", "The body cannot be read.", "The body is not UTF-8.");
    }
  }

  private CompletionStage<Response> ask(
      HttpHeaders headers, Caller agent, ObjectNode input, Runnable taken) {
    String id = Ids.chosen("requestId", null, headers.getHeaderString("Idempotency-Key"));
    Optional<Duration> wait = Wait.of(headers.getHeaderString("Prefer"), config.maxWait());
    PermissionRequest request =
        new PermissionRequest(
            agent.tenant(),
            agent.session(),
            id,
            null,
            new ToolCall(OwnTools.EDIT_PERMISSIONS, input, null, null, null, null),
            null,
            null,
            null);
    return requests
        .ask(agent, request, wait.orElse(config.defaultWait()), wait.isEmpty(), taken)
        .thenCompose(status -> answer(agent, id, status));
  }

  private CompletableFuture<Response> answer(Caller agent, String requestId, RequestStatus status) {
    if (!(status instanceof RequestStatus.Decided decided)) {
      return CompletableFuture.completedFuture(
          DecisionReplies.of(agent.session(), requestId, status));
    }
    PermissionReply reply = decided.decision();
    if (reply.effect() == Effect.ALLOW) {
      return document(agent).thenApply(UpstreamReply::passOn);
    }
    ProblemException problem = refused(reply);
    if (problem == null) {
      return CompletableFuture.completedFuture(
          DecisionReplies.of(agent.session(), requestId, status));
    }
    if (problem.problem().status() != 412) {
      return CompletableFuture.failedFuture(new CompletionException(problem));
    }
    return document(agent)
        .thenApply(now -> now.headers().firstValue("ETag"))
        .thenApply(
            tag -> {
              throw new CompletionException(
                  tag.map(t -> problem.header("ETag", t)).orElse(problem));
            });
  }

  private CompletableFuture<UpstreamReply> document(Caller agent) {
    String path = "/internal/users/" + Upstream.encode(agent.user()) + "/permissions";
    return upstream.get(Upstream.Service.STORE, path, agent);
  }

  /** Why nothing was stored; null where the request itself was none. */
  private static ProblemException refused(PermissionReply reply) {
    return switch (reply.code()) {
      case "text_not_found" -> refused(reply, 409, "The old text is not in the document.");
      case "ambiguous" -> refused(reply, 409, "The old text is in the document repeatedly.");
      case "version_conflict" -> refused(reply, 412, "The document is at another version.");
      case "malformed_json" -> refused(reply, 400, "The text is not JSON.");
      case "invalid_document" -> refused(reply, 422, "The document cannot be stored.");
      case "too_large" -> refused(reply, 413, "The edit is too large.");
      case "override_not_stored" -> refused(reply, 503, "The document could not be stored.");
      case "denied", "timeout", "cancelled" -> refused(reply, 403, "The edit was not allowed.");
      default -> null;
    };
  }

  private static ProblemException refused(PermissionReply reply, int status, String title) {
    return Problems.of(status, reply.code(), title, reply.reason()).member("decision", reply);
  }
}
