package dev.countersign.gateway.commands;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.gateway.http.Problems;
import dev.countersign.gateway.identity.Caller;
import dev.countersign.gateway.prompts.AnswerBody;
import dev.countersign.gateway.prompts.AnswerTarget;
import dev.countersign.gateway.prompts.Answers;
import dev.countersign.gateway.requests.RequestStatus;
import dev.countersign.gateway.requests.Requests;
import dev.countersign.gateway.requests.StoredRequests;
import dev.countersign.gateway.sessions.SessionCommands;
import dev.countersign.gateway.sessions.SettingsBody;
import dev.countersign.protocol.Engine;
import dev.countersign.protocol.InvalidEventException;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.OlderSettings;
import dev.countersign.protocol.PermissionCancel;
import dev.countersign.protocol.SessionCommand;
import dev.countersign.protocol.SessionSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** The methods that can be called on a session, by name. */
@ApplicationScoped
public class Commands {
  private static final Duration CANCEL_WAIT = Duration.ofSeconds(5);
  private static final String ENGINE = "engine.";
  private static final List<String> OPTIONS =
      Stream.concat(names(SessionSettings.class), names(Engine.class).map(name -> ENGINE + name))
          .toList();

  private final SessionCommands sessions;
  private final Requests requests;
  private final StoredRequests stored;
  private final Answers answers;

  public Commands(
      SessionCommands sessions, Requests requests, StoredRequests stored, Answers answers) {
    this.sessions = sessions;
    this.requests = requests;
    this.stored = stored;
    this.answers = answers;
  }

  /** Carries out a call; fails with a fault or a problem. */
  CompletableFuture<?> call(Caller caller, String sessionId, JsonRpc.Call call) {
    return switch (call.method()) {
      case "permission_response" -> permissionResponse(caller, sessionId, call.params());
      case "set_config_option" -> setConfigOption(caller, sessionId, call.params());
      case "cancel" -> cancel(caller, sessionId, call.params());
      case "close" -> close(caller, sessionId, call.params());
      default ->
          throw new JsonRpc.Fault(
              JsonRpc.METHOD_NOT_FOUND,
              "Method not found",
              Map.of("methods", "permission_response, set_config_option, cancel, close"));
    };
  }

  private CompletableFuture<?> permissionResponse(
      Caller caller, String sessionId, ObjectNode named) {
    Params params =
        new Params(
            named,
            Set.of(
                "promptId",
                "requestId",
                "optionId",
                "answerId",
                "digest",
                "feedback",
                "editedInput"));
    if (!caller.isPerson()) {
      throw Problems.agentsCannotAnswer();
    }
    String promptId = params.optional("promptId");
    String requestId = promptId == null ? params.text("requestId") : params.optional("requestId");
    AnswerBody body =
        new AnswerBody(
            params.text("optionId"),
            params.optional("answerId"),
            params.optional("digest"),
            params.optional("feedback"),
            params.value("editedInput"));
    String answerId = body.answerId() == null ? UUID.randomUUID().toString() : body.answerId();
    CompletableFuture<String> prompt =
        promptId != null
            ? CompletableFuture.completedFuture(promptId)
            : stored
                .promptOf(caller, sessionId, requestId)
                .thenApply(
                    found ->
                        found.orElseThrow(
                            () ->
                                Problems.of(
                                    404,
                                    "unknown_prompt",
                                    "This prompt is not known.",
                                    "No prompt was opened for request " + requestId + ".")));
    return prompt
        .thenCompose(
            id ->
                answers.answer(caller, new AnswerTarget(id, sessionId, requestId), answerId, body))
        .thenApply(reply -> reply.<Object>map(r -> r).orElse(Map.of("state", "settling")));
  }

  private CompletableFuture<?> setConfigOption(Caller caller, String sessionId, ObjectNode named) {
    Params params = new Params(named, Set.of("configId", "value"));
    String option = params.text("configId");
    if (!OPTIONS.contains(option) && !OlderSettings.isOlderName(option)) {
      throw JsonRpc.Fault.params("configId", "must be one of " + String.join(", ", OPTIONS));
    }
    JsonNode value = params.value("value");
    if (value == null) {
      throw JsonRpc.Fault.params("value", "is required");
    }
    ObjectNode settings = JsonNodeFactory.instance.objectNode();
    if (option.startsWith(ENGINE)) {
      settings.putObject("engine").set(option.substring(ENGINE.length()), value);
    } else {
      settings.set(option, value);
    }
    SessionSettings change = SettingsBody.read(Json.write(settings));
    return sessions.send(
        caller, command(caller, sessionId, SessionCommand.Action.SET, change, null));
  }

  private static Stream<String> names(Class<? extends Record> type) {
    return Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName);
  }

  private CompletableFuture<?> cancel(Caller caller, String sessionId, ObjectNode named) {
    Params params = new Params(named, Set.of("requestId", "reason"));
    String requestId = params.text("requestId");
    String reason = params.optional("reason");
    caller.mustOwn(sessionId);
    PermissionCancel cancel;
    try {
      cancel = new PermissionCancel(caller.tenant(), sessionId, requestId, reason);
    } catch (InvalidEventException e) {
      throw JsonRpc.Fault.params(e.field(), e.getMessage());
    }
    return requests
        .cancel(caller, cancel, CANCEL_WAIT)
        .thenApply(
            status ->
                status instanceof RequestStatus.Decided decided
                    ? decided.decision()
                    : Map.of("state", "pending"));
  }

  private CompletableFuture<?> close(Caller caller, String sessionId, ObjectNode named) {
    String reason = new Params(named, Set.of("reason")).optional("reason");
    return sessions.send(
        caller,
        command(caller, sessionId, SessionCommand.Action.CLOSE, SessionSettings.none(), reason));
  }

  private static SessionCommand command(
      Caller caller,
      String sessionId,
      SessionCommand.Action action,
      SessionSettings settings,
      String reason) {
    try {
      return new SessionCommand(
          caller.tenant(),
          UUID.randomUUID().toString(),
          sessionId,
          action,
          null,
          null,
          settings,
          reason);
    } catch (InvalidEventException e) {
      throw JsonRpc.Fault.params(e.field(), e.getMessage());
    }
  }
}
