package dev.countersign.gateway.peer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.protocol.AnswerReply;
import dev.countersign.protocol.CallFinished;
import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.Digest;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.InboxEvent;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PermissionAnswer;
import dev.countersign.protocol.PermissionCancel;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PermissionRequest;
import dev.countersign.protocol.PromptState;
import dev.countersign.protocol.SessionCommand;
import dev.countersign.protocol.SessionReply;
import dev.countersign.protocol.SessionView;
import dev.countersign.protocol.ToolCall;
import dev.countersign.protocol.token.Roles;
import dev.countersign.protocol.token.TokenClaims;
import dev.countersign.protocol.token.TokenType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the scripted peer knows. A command that holds {@code DENY} is denied by rule, {@code ASK}
 * asks a person, {@code FROZEN} is not read before the thaw, {@code UNREAD} never, {@code MUTE} is
 * decided but no reply is sent, {@code LOST} is never seen (a cancel neither, if that is its
 * reason), {@code EXPIRED} and {@code OTHER} are allowed for the past or another call, {@code BAD}
 * is no valid request, {@code CODE x} is denied by the system with that code; everything else is
 * allowed.
 */
public final class PeerState {
  private static final String CODE = "CODE ";

  /** A request that was asked. */
  public record Asked(PermissionRequest request, String replyTo, String promptId) {
    public String digest() {
      return Digest.of(request.toolCall());
    }
  }

  record Step(PermissionReply decision, String promptId, boolean mute) {}

  final Map<String, SessionView> sessions = new ConcurrentHashMap<>();
  final Map<String, Asked> requests = new ConcurrentHashMap<>();
  final Map<String, PermissionReply> decisions = new ConcurrentHashMap<>();
  final Map<String, PromptState> prompts = new ConcurrentHashMap<>();
  final Map<String, String> promptKeys = new ConcurrentHashMap<>();

  private final CountDownLatch thaw = new CountDownLatch(1);

  /** Readings of frozen requests come back from now on. */
  public void thaw() {
    thaw.countDown();
  }

  /** Waits as a service does whose database stands still, for what holds {@code FROZEN}. */
  void awaitThaw(Asked asked) {
    if (!command(asked.request()).contains("FROZEN")) {
      return;
    }
    try {
      thaw.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether the approval service has every document that the store has. */
  public volatile boolean documentsInForce = true;

  /** What became of documents, as the store tells it. */
  public volatile List<Object> historyLines = List.of();

  /** What became of grants, as the approval service tells it. */
  public volatile List<Object> grantEvents = List.of();

  /** One, so that whoever reads only the first page of a few prompts misses the others. */
  public volatile int promptsOnAPage = 1;

  /** So many listings of prompts are refused before the next one is answered. */
  public final AtomicInteger listingsToRefuse = new AtomicInteger();

  /** How many requests are being read, and the most that ever were. */
  final AtomicInteger reading = new AtomicInteger();

  final AtomicInteger mostReading = new AtomicInteger();

  /** The most requests that were read at once since the last call. */
  public int mostReadAtOnce() {
    return mostReading.getAndSet(0);
  }

  private final Map<String, AnswerReply> accepted = new ConcurrentHashMap<>();

  final List<SessionCommand> commands = new java.util.concurrent.CopyOnWriteArrayList<>();

  /** What the facts of every session say. */
  public volatile String facts = "You may edit files in the workspace.";

  final List<CallFinished> finished = new java.util.concurrent.CopyOnWriteArrayList<>();

  /** What was reported of calls that ended. */
  public List<CallFinished> finished() {
    return finished;
  }

  /** The calls of a session that were to run in the background and did not end. */
  List<Map<String, String>> running(String sessionId) {
    return requests.values().stream()
        .map(Asked::request)
        .filter(r -> r.sessionId().equals(sessionId))
        .filter(r -> r.toolCall().input().path("run_in_background").asBoolean())
        .filter(r -> finished.stream().noneMatch(f -> f.requestId().equals(r.requestId())))
        .map(r -> Map.of("sessionId", sessionId, "requestId", r.requestId()))
        .toList();
  }

  public List<SessionCommand> commands() {
    return commands;
  }

  public Asked asked(String sessionId, String requestId) {
    return requests.get(sessionId + "/" + requestId);
  }

  public PermissionReply decision(String sessionId, String requestId) {
    return decisions.get(sessionId + "/" + requestId);
  }

  /** The prompt that was opened for a request. */
  public String promptOf(String sessionId, String requestId) {
    return asked(sessionId, requestId).promptId();
  }

  /** Asks as an agent does who does not wait. */
  public void open(String sessionId, String command) {
    ToolCall call =
        new ToolCall(
            "Bash",
            Json.mapper().createObjectNode().put("command", command),
            "/proj",
            "/home/u",
            null,
            null);
    String id = UUID.randomUUID().toString();
    ask(new PermissionRequest("default", sessionId, id, null, call, 600_000L, null, null), null);
  }

  /** Whether a request's readings all fail. */
  static boolean isUnread(Asked asked) {
    return asked != null && command(asked.request()).contains("UNREAD");
  }

  /** The ids of all open prompts of a session. */
  public List<String> openPrompts(String sessionId) {
    return prompts.values().stream()
        .filter(prompt -> prompt.sessionId().equals(sessionId))
        .map(PromptState::promptId)
        .toList();
  }

  /** As the approval service has it: a session's token shows it and those below, a person's own. */
  boolean maySee(TokenClaims caller, SessionView session) {
    if (caller.type() == TokenType.PERSON) {
      return caller.roles().contains(Roles.ADMIN) || caller.subject().equals(session.owner());
    }
    for (SessionView at = session; at != null; ) {
      if (at.sessionId().equals(caller.subject())) {
        return true;
      }
      at = at.parentSessionId() == null ? null : sessions.get(at.parentSessionId());
    }
    return false;
  }

  SessionReply command(SessionCommand command, TokenClaims who) {
    commands.add(command);
    String id = command.sessionId();
    SessionView old = sessions.get(id);
    String mode = command.settings().permissionMode();
    if ("bypassPermissions".equals(mode)
        && !who.roles().contains("bypass")
        && who.text(TokenClaims.ACTING_SESSION) == null
        && command.action() == SessionCommand.Action.SET) {
      return Replies.refuse(command, "not_entitled", "needs the role bypass", "permissionMode");
    }
    if (command.action() != SessionCommand.Action.START && old == null) {
      return Replies.refuse(command, "unknown_session", "there is no session " + id, null);
    }
    Instant closed = command.action() == SessionCommand.Action.CLOSE ? Instant.now() : null;
    String owner = command.owner() != null ? command.owner() : who.subject();
    if (old != null && command.action() == SessionCommand.Action.START) {
      if (old.closedAt() != null) {
        return Replies.refuse(command, "session_closed", "The session is closed.", null);
      }
      return old.owner().equals(owner)
          ? Replies.reply(command, old)
          : Replies.refuse(command, "session_exists", "the id is taken", null);
    }
    SessionView view =
        new SessionView(
            command.tenant(),
            id,
            old == null ? owner : old.owner(),
            old == null ? command.parentSessionId() : old.parentSessionId(),
            mode != null ? mode : old == null ? "default" : old.permissionMode(),
            mode == null ? "default" : "session",
            "workspace",
            "ask_on_boundary",
            "background_preferred",
            false,
            command.settings().workspaceRoots(),
            command.settings().engine() == null ? null : command.settings().engine().args(),
            "custom(odd)".equals(command.settings().profile()) ? List.of("odd profile") : null,
            old == null ? 1 : old.version() + 1,
            Instant.now(),
            closed);
    sessions.put(id, view);
    return Replies.reply(command, view);
  }

  Step ask(PermissionRequest request, String replyTo) {
    String key = request.sessionId() + "/" + request.requestId();
    String command = command(request);
    if (command.contains("LOST")) {
      return new Step(null, null, true);
    }
    PermissionReply stored = decisions.get(key);
    if (stored != null) {
      boolean same = stored.digest().equals(Digest.of(request.toolCall()));
      return new Step(
          same
              ? stored
              : system(request, "request_id_reused", "the id stands for another tool call."),
          null,
          false);
    }
    String promptId = command.contains("ASK") ? "p-" + UUID.randomUUID() : null;
    requests.put(key, new Asked(request, replyTo, promptId));
    SessionView session = sessions.get(request.sessionId());
    if (session != null && session.closedAt() != null) {
      PermissionReply closed = system(request, "session_closed", "the session is closed.");
      decisions.put(key, closed);
      return new Step(closed, null, false);
    }
    if (promptId != null) {
      promptKeys.put(promptId, key);
      prompts.put(promptId, Replies.prompt(request, promptId, session.owner()));
      return new Step(null, promptId, command.contains("MUTE"));
    }
    PermissionReply decision =
        command.contains("DENY")
            ? decided(request, Effect.DENY, DecidedBy.RULE, "Denied by rule Bash(DENY).")
            : command.startsWith(CODE)
                ? system(request, command.substring(CODE.length()), "as the test wants it.")
                : command.contains("BAD")
                    ? system(request, "invalid_request", "it cannot be stored.")
                    : decided(request, Effect.ALLOW, DecidedBy.MODE, "Allowed by permission mode.");
    decisions.put(key, decision);
    return new Step(decision, null, command.contains("MUTE"));
  }

  /** The command of a shell call; of an edit of the document what is written. */
  private static String command(PermissionRequest request) {
    JsonNode input = request.toolCall().input();
    String command = input.path("command").asText();
    return command.isEmpty()
        ? input.path("newText").asText(input.path("document").asText())
        : command;
  }

  PermissionReply cancel(PermissionCancel cancel) {
    String key = cancel.sessionId() + "/" + cancel.requestId();
    Asked asked = requests.get(key);
    PermissionReply withdrawn =
        Replies.cancelled(cancel, asked == null ? null : Digest.of(asked.request().toolCall()));
    PermissionReply earlier = decisions.putIfAbsent(key, withdrawn);
    if (asked != null && asked.promptId() != null) {
      prompts.remove(asked.promptId());
    }
    return earlier == null ? withdrawn : earlier;
  }

  /** The first reply to an answer; the same answer again gets it again. */
  AnswerReply answer(PermissionAnswer answer, String person) {
    String id = String.join("/", answer.promptId(), answer.answerId(), person);
    AnswerReply before = accepted.get(id);
    AnswerReply reply = before == null ? judged(answer, person) : before;
    if (reply.outcome() == AnswerReply.Outcome.ACCEPTED) {
      accepted.put(id, reply);
    }
    return reply;
  }

  private AnswerReply judged(PermissionAnswer answer, String person) {
    String key = promptKeys.get(answer.promptId());
    if (key == null) {
      return Replies.refused(answer, "unknown_prompt");
    }
    if (decisions.containsKey(key)) {
      return new AnswerReply(
          answer.tenant(),
          answer.promptId(),
          answer.answerId(),
          AnswerReply.Outcome.ALREADY_DECIDED,
          "already_decided",
          "decided before",
          decisions.get(key));
    }
    PromptState prompt = prompts.get(answer.promptId());
    if (!prompt.digest().equals(answer.digest())) {
      return Replies.refused(answer, "stale_prompt");
    }
    if (prompt.options().stream().noneMatch(o -> o.optionId().equals(answer.optionId()))) {
      return Replies.refused(answer, "unknown_option");
    }
    PermissionReply decision =
        Replies.byPerson(
            requests.get(key).request(),
            answer.optionId().startsWith("allow") ? Effect.ALLOW : Effect.DENY,
            person,
            answer);
    decisions.put(key, decision);
    prompts.remove(answer.promptId());
    return new AnswerReply(
        answer.tenant(),
        answer.promptId(),
        answer.answerId(),
        AnswerReply.Outcome.ACCEPTED,
        "accepted",
        "The answer counts.",
        decision);
  }

  InboxEvent inbox(String promptId) {
    String key = promptKeys.get(promptId);
    Asked asked = requests.get(key);
    PermissionReply decision = decisions.get(key);
    return new InboxEvent(
        "default",
        sessions.get(asked.request().sessionId()).owner(),
        promptId,
        asked.request().sessionId(),
        asked.request().requestId(),
        decision == null ? 1 : 2,
        decision == null ? InboxEvent.State.OPEN : InboxEvent.State.ENDED,
        prompts.get(promptId),
        decision);
  }

  String replyToOf(PermissionReply decision) {
    return requests.get(decision.sessionId() + "/" + decision.requestId()).replyTo();
  }

  private static PermissionReply decided(
      PermissionRequest request, Effect effect, DecidedBy by, String reason) {
    return Replies.of(request, effect, by, effect == Effect.ALLOW ? "allowed" : "denied", reason);
  }

  private static PermissionReply system(PermissionRequest request, String code, String why) {
    return Replies.of(request, Effect.DENY, DecidedBy.SYSTEM, code, "Could not be decided: " + why);
  }
}
