package dev.countersign.gateway.hooks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.gateway.GatewayConfig;
import dev.countersign.gateway.http.ProblemException;
import dev.countersign.gateway.http.Upstream;
import dev.countersign.gateway.identity.Caller;
import dev.countersign.gateway.requests.RequestStatus;
import dev.countersign.gateway.requests.Requests;
import dev.countersign.protocol.InvalidEventException;
import dev.countersign.protocol.PermissionCancel;
import dev.countersign.protocol.PermissionRequest;
import dev.countersign.protocol.ToolCall;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Answers Claude Code's hooks. A tool call is allowed only by a decision for exactly this call;
 * whatever else happens, the answer is a deny with a reason that can be read.
 */
@ApplicationScoped
public class ClaudeCode {
  private static final Logger LOG = Logger.getLogger(ClaudeCode.class);
  private static final String ENGINE = "claude-code";

  /** What is left of the hook's time when the question itself ends. */
  private static final Duration MARGIN = Duration.ofSeconds(1);

  private static final String SAVED =
      "Tool calls in this session are decided by Countersign. \"Always\" and \"never\" are saved by"
          + " the system itself when a person chooses them: do not write permission files or"
          + " settings to record them, and do not repeat a call that was denied.";

  private static final String CHANGED =
      "What this session may do has changed, or is said again. What holds now:";

  private static final String CLOSED =
      "This session was closed for good: every tool call in it is denied.";

  private final Requests requests;
  private final EndedCalls ended;
  private final EndedRuns endedRuns;
  private final Told told;
  private final ChildSessions children;
  private final Upstream upstream;
  private final GatewayConfig.Hooks config;

  public ClaudeCode(
      Requests requests,
      EndedCalls ended,
      EndedRuns endedRuns,
      Told told,
      ChildSessions children,
      Upstream upstream,
      GatewayConfig config) {
    this.requests = requests;
    this.ended = ended;
    this.endedRuns = endedRuns;
    this.told = told;
    this.children = children;
    this.upstream = upstream;
    this.config = config.hooks();
  }

  /** Answers an input; the future never fails for what may be a tool call. */
  CompletableFuture<ObjectNode> answer(HookInput input, HookCall call) {
    if (input instanceof HookInput.Refused refused) {
      return CompletableFuture.completedFuture(HookAnswers.deny(unusable(refused.why())));
    }
    if (input instanceof HookInput.ToolUse use) {
      return preToolUse(use.event(), call);
    }
    return input instanceof HookInput.Telling telling
        ? telling(telling.event(), call)
        : CompletableFuture.completedFuture(HookAnswers.neutral());
  }

  private CompletableFuture<ObjectNode> telling(ClaudeCodeEvent event, HookCall call) {
    return switch (event.name()) {
      case ClaudeCodeEvent.SESSION_START -> sessionStart(event, call);
      case ClaudeCodeEvent.USER_PROMPT_SUBMIT -> promptSubmitted(event, call);
      case ClaudeCodeEvent.STOP -> told(event, call, agent -> ended.afterTurn(agent, event));
      case ClaudeCodeEvent.SESSION_END -> sessionEnd(event, call);
      default -> told(event, call, agent -> ended.afterTool(agent, event));
    };
  }

  private CompletableFuture<ObjectNode> preToolUse(ClaudeCodeEvent event, HookCall call) {
    CompletableFuture<ObjectNode> answer;
    try {
      ToolCall tool = toolCall(event, call);
      answer = session(event, call).thenCompose(agent -> decide(event, call, agent, tool));
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedFuture(e);
    }
    return answer.exceptionally(failure -> HookAnswers.deny(readable(failure)));
  }

  private CompletableFuture<ObjectNode> decide(
      ClaudeCodeEvent event, HookCall call, Caller agent, ToolCall tool) {
    PermissionRequest request = request(event, call, agent, tool);
    Question question = Question.of(request);
    return ask(call, agent, request, question)
        .thenApply(status -> answer(call, agent, question, status));
  }

  private static PermissionRequest request(
      ClaudeCodeEvent event, HookCall call, Caller agent, ToolCall tool) {
    return new PermissionRequest(
        agent.tenant(),
        agent.session(),
        event.toolUseId() == null ? UUID.randomUUID().toString() : event.toolUseId(),
        event.promptId(),
        tool,
        Math.max(1, call.limit().minus(MARGIN).toMillis()),
        event.claimedMode(),
        null);
  }

  private CompletableFuture<RequestStatus> ask(
      HookCall call, Caller agent, PermissionRequest request, Question question) {
    Runnable taken = question.planInput() == null ? call.taken() : () -> {};
    CompletableFuture<RequestStatus> status =
        requests.ask(agent, request, call.limit(), false, taken);
    call.gone()
        .thenRun(
            () -> {
              if (!status.isDone()) {
                cancel(agent, question, "The agent is gone.");
              }
            });
    return status.whenComplete(
        (decided, failure) -> {
          if (failure != null) {
            cancel(agent, question, "The agent stopped waiting.");
          }
        });
  }

  private ObjectNode answer(HookCall call, Caller agent, Question question, RequestStatus status) {
    if (status instanceof RequestStatus.Decided decided) {
      ObjectNode answer = HookAnswers.decided(decided.decision(), question.digest(), Instant.now());
      return question.planInput() == null
          ? answer
          : HookAnswers.alsoForThePerson(answer, question.planInput());
    }
    cancel(agent, question, "The agent stopped waiting.");
    return HookAnswers.deny(
        "Countersign: %s within %d s; not run."
            .formatted(
                status instanceof RequestStatus.Asked ? "nobody answered" : "no decision came",
                call.limit().toSeconds()));
  }

  private CompletableFuture<ObjectNode> sessionStart(ClaudeCodeEvent event, HookCall call) {
    return session(event, call)
        .thenCompose(
            agent ->
                facts(agent)
                    .thenApply(
                        facts -> {
                          told.isNews(agent, facts);
                          return SAVED + "\n\n" + facts;
                        }))
        .exceptionally(failure -> ChildSessions.isClosed(failure) ? SAVED + "\n\n" + CLOSED : SAVED)
        .thenApply(text -> HookAnswers.context(event.name(), text));
  }

  /** Settings may have changed since the model was told of them. */
  private CompletableFuture<ObjectNode> promptSubmitted(ClaudeCodeEvent event, HookCall call) {
    return session(event, call)
        .thenCompose(
            agent ->
                facts(agent)
                    .thenApply(
                        facts ->
                            told.isNews(agent, facts)
                                ? HookAnswers.context(event.name(), CHANGED + "\n\n" + facts)
                                : HookAnswers.neutral()))
        .exceptionally(away -> HookAnswers.neutral());
  }

  private CompletableFuture<String> facts(Caller agent) {
    String path = "/internal/sessions/" + Upstream.encode(agent.session()) + "/capabilities";
    return upstream
        .get(Upstream.Service.APPROVAL, path, agent)
        .thenApply(reply -> Capabilities.text(reply.as(JsonNode.class)));
  }

  /** The agent only tells something: it goes on whatever becomes of that. */
  private CompletableFuture<ObjectNode> told(
      ClaudeCodeEvent event, HookCall call, Function<Caller, CompletableFuture<Void>> pass) {
    return session(event, call)
        .thenCompose(pass)
        .handle(
            (done, failure) -> {
              if (failure != null) {
                LOG.debugf("What the agent told was not passed on: %s", failure);
              }
              return HookAnswers.neutral();
            });
  }

  /**
   * The run ended, not the session: the agent may take it up again. Without a child of its own
   * nobody can tell what belongs to this run, so nothing is withdrawn.
   */
  private CompletableFuture<ObjectNode> sessionEnd(ClaudeCodeEvent event, HookCall call) {
    return config.childSessions()
        ? told(event, call, endedRuns::end)
        : CompletableFuture.completedFuture(HookAnswers.neutral());
  }

  private CompletableFuture<Caller> session(ClaudeCodeEvent event, HookCall call) {
    return config.childSessions()
        ? children.child(call.agent(), sessionOf(event, call))
        : CompletableFuture.completedFuture(call.agent());
  }

  private static AgentSession sessionOf(ClaudeCodeEvent event, HookCall call) {
    if (event.sessionId() == null || event.sessionId().isEmpty()) {
      throw new InvalidEventException("session_id", "is required");
    }
    String workspace = call.projectDir() == null ? event.cwd() : call.projectDir();
    return new AgentSession("cc:" + event.sessionId(), ENGINE, workspace);
  }

  private static ToolCall toolCall(ClaudeCodeEvent event, HookCall call) {
    return new ToolCall(event.toolName(), event.toolInput(), event.cwd(), call.home(), null, null);
  }

  private void cancel(Caller agent, Question question, String reason) {
    PermissionCancel cancel =
        new PermissionCancel(agent.tenant(), agent.session(), question.requestId(), reason);
    try {
      requests
          .cancel(agent, cancel, Duration.ofSeconds(5))
          .exceptionally(
              failure -> {
                LOG.debugf("A cancel was not confirmed: %s", failure);
                return new RequestStatus.Pending();
              });
    } catch (RuntimeException e) {
      LOG.debugf("A cancel was not sent: %s", e);
    }
  }

  private static String unusable(String why) {
    return "Countersign: the hook's input cannot be used: " + why + "; not run.";
  }

  private static String readable(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof ProblemException problem) {
      return "Countersign: " + problem.problem().title() + " " + problem.problem().detail();
    }
    if (cause instanceof InvalidEventException invalid) {
      return unusable(invalid.getMessage());
    }
    String incident = UUID.randomUUID().toString();
    LOG.errorf(cause, "A hook could not be answered, incident %s", incident);
    return "Countersign: it could not be decided (incident " + incident + "); not run.";
  }
}
