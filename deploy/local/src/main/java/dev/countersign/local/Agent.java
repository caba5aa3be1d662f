package dev.countersign.local;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.embedded.DevKeys;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PermissionRequest;
import dev.countersign.protocol.PromptOption;
import dev.countersign.protocol.PromptState;
import dev.countersign.protocol.Receipt;
import dev.countersign.protocol.ToolCall;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One agent with a session of its own, and the person it works for, over the real HTTP API. */
public final class Agent {
  private final String user;
  private final String sessionId;
  private final String sessionToken;
  private final Gateway agent;
  private final Gateway person;

  private Agent(String url, String user, String sessionId, String sessionToken, Gateway person) {
    this.user = user;
    this.sessionId = sessionId;
    this.sessionToken = sessionToken;
    this.agent = new Gateway(url, sessionToken);
    this.person = person;
  }

  /** How far a question has come: decided, or a person is asked, or neither yet. */
  public record Status(PermissionReply decision, String promptId) {}

  /**
   * Starts a session as its owner.
   *
   * @param settings the fields of the session's start, such as {@code permissionMode}
   */
  public static Agent start(
      String url,
      DevKeys keys,
      String user,
      List<String> roles,
      String sessionId,
      Map<String, ?> settings) {
    Gateway person = new Gateway(url, keys.personToken(user, roles.toArray(String[]::new)));
    Map<String, Object> body = new LinkedHashMap<>(settings);
    body.put("sessionId", sessionId);
    String token = person.post("/v1/sessions", body).orThrow().path("sessionToken").asText();
    return new Agent(url, user, sessionId, token, person);
  }

  public String user() {
    return user;
  }

  public String sessionId() {
    return sessionId;
  }

  /** For a client of plain Kafka. */
  public String sessionToken() {
    return sessionToken;
  }

  /** The gateway with the agent's own token. */
  public Gateway self() {
    return agent;
  }

  /** The gateway with the person's token. */
  public Gateway person() {
    return person;
  }

  /** Asks; returns once there is a decision or a person is asked. */
  public Status ask(String requestId, ToolCall call, Long maxWaitMillis) {
    return ask(
        requestId, call, maxWaitMillis == null ? Map.of() : Map.of("maxWaitMillis", maxWaitMillis));
  }

  /** Asks with more fields in the body, such as {@code agentAsks}. */
  public Status ask(String requestId, ToolCall call, Map<String, ?> more) {
    Map<String, Object> body = new LinkedHashMap<>(more);
    body.put("requestId", requestId);
    body.put("toolCall", call);
    return status(agent.post("/v1/sessions/" + sessionId + "/requests", body));
  }

  /** Asks without more ado. */
  public Status ask(String requestId, ToolCall call) {
    return ask(requestId, call, Map.of());
  }

  /** Reads where a question stands, waiting at most so long for its decision. */
  public Status read(String requestId, int waitSeconds) {
    return status(agent.get("/v1/requests/" + requestId + "?sessionId=" + sessionId, waitSeconds));
  }

  private static Status status(Gateway.Reply reply) {
    // A question that was none, such as a used id, is a problem that holds the decision.
    JsonNode body = reply.body().has("decision") ? reply.body().path("decision") : reply.body();
    if (body.has("effect")) {
      return new Status(convert(body, PermissionReply.class), body.path("promptId").asText(null));
    }
    if (reply.status() == 202) {
      return new Status(null, body.path("promptId").asText(null));
    }
    throw new LaunchException("no decision but " + reply.status() + " " + reply.body());
  }

  /** The same question as a record of Kafka. */
  public PermissionRequest request(String requestId, ToolCall call, Long maxWaitMillis) {
    return new PermissionRequest(null, sessionId, requestId, null, call, maxWaitMillis, null, null);
  }

  /** The person chooses the option of this kind that its name says: once, or always. */
  public Gateway.Reply answer(String promptId, PromptOption.Kind kind) {
    JsonNode stored = person.get("/v1/prompts/" + promptId).orThrow().path("prompt");
    PromptState prompt = convert(stored, PromptState.class);
    PromptOption chosen =
        prompt.options().stream()
            .filter(option -> option.kind() == kind && option.scope() == scope(kind))
            .findFirst()
            .orElseThrow(() -> new LaunchException("the prompt offers no " + kind + ": " + prompt));
    return person.post(
        "/v1/prompts/" + promptId + "/answer",
        Map.of("optionId", chosen.optionId(), "digest", prompt.digest()));
  }

  /** The person answers a prompt without looking at it first. */
  public Gateway.Reply answerBlindly(String promptId, String optionId) {
    return person.post("/v1/prompts/" + promptId + "/answer", Map.of("optionId", optionId));
  }

  private static PromptOption.Scope scope(PromptOption.Kind kind) {
    return switch (kind) {
      case ALLOW_ONCE, REJECT_ONCE -> PromptOption.Scope.ONCE;
      case ALLOW_ALWAYS, REJECT_ALWAYS -> PromptOption.Scope.ALWAYS;
    };
  }

  /** The open prompts of this session. */
  public List<PromptState> prompts() {
    return prompts("/v1/prompts?limit=1000&sessionId=" + sessionId);
  }

  /** The open prompts of the person, of whatever session. */
  List<PromptState> allPrompts() {
    return prompts("/v1/prompts?limit=1000");
  }

  private List<PromptState> prompts(String list) {
    List<PromptState> all = new ArrayList<>();
    String next = null;
    do {
      Gateway.Reply page = person.get(next == null ? list : list + "&after=" + next);
      all.addAll(list(page, "prompts", PromptState.class));
      next = page.body().path("next").textValue();
    } while (next != null);
    return all;
  }

  /** The stored records of all the person's questions. */
  List<Receipt> allReceipts() {
    return list(person.get("/v1/receipts?limit=200"), "receipts", Receipt.class);
  }

  /** The stored records of one question. */
  public List<Receipt> receipts(String requestId) {
    return list(
        person.get("/v1/receipts?sessionId=" + sessionId + "&requestId=" + requestId),
        "receipts",
        Receipt.class);
  }

  private static <T> List<T> list(Gateway.Reply reply, String field, Class<T> type) {
    List<T> values = new ArrayList<>();
    reply.orThrow().path(field).forEach(value -> values.add(convert(value, type)));
    return values;
  }

  private static <T> T convert(JsonNode json, Class<T> type) {
    return Json.read(Json.write(json), type);
  }
}
