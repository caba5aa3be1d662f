package dev.countersign.approval.answers;

import dev.countersign.approval.kafka.Outgoing;
import dev.countersign.approval.prompts.StoredPrompt;
import dev.countersign.approval.requests.Outcomes;
import dev.countersign.approval.requests.RequestMessages;
import dev.countersign.approval.requests.StoredRequest;
import dev.countersign.protocol.AnswerReply;
import dev.countersign.protocol.AnswerReply.Outcome;
import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.EventType;
import dev.countersign.protocol.PermissionReply;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;

/** Makes the replies to answers. */
@ApplicationScoped
public class AnswerReplies {
  /** What was chosen could not be stored. */
  private static final Set<String> UNSTORED =
      Set.of("override_not_stored", Outcomes.VERSION_CONFLICT);

  /** Who denies what a person chose, once they have chosen. */
  private static final Set<DecidedBy> BY_POLICY =
      EnumSet.of(
          DecidedBy.RULE, DecidedBy.OVERRIDE, DecidedBy.MODE, DecidedBy.DEFAULT, DecidedBy.POLICY);

  private static final String TOPIC = EventType.ANSWER_SETTLED.topic();

  private final RequestMessages requests;

  public AnswerReplies(RequestMessages requests) {
    this.requests = requests;
  }

  /** The reply to the answer that was chosen, once its request is decided. */
  public Outgoing ofChoice(StoredPrompt prompt, Instant now) {
    return ofChoice(prompt, prompt.choice().replyTo(), now);
  }

  /** The same to whoever sent it again. */
  Outgoing ofChoice(StoredPrompt prompt, String replyTo, Instant now) {
    StoredRequest request = prompt.request();
    StoredPrompt.Choice choice = prompt.choice();
    PermissionReply decision = requests.decision(request);
    AnswerReply reply;
    if (choice.person().equals(decision.user())) {
      reply = reply(request, choice.answerId(), Outcome.ACCEPTED, "accepted", null, decision);
    } else if (UNSTORED.contains(decision.code())) {
      reply =
          reply(
              request,
              choice.answerId(),
              Outcome.REFUSED,
              decision.code(),
              decision.reason(),
              decision);
    } else if (decision.effect() == Effect.DENY && BY_POLICY.contains(decision.decidedBy())) {
      reply =
          reply(
              request,
              choice.answerId(),
              Outcome.REFUSED,
              "denied_by_policy",
              "The policy denies what was chosen. " + decision.reason(),
              decision);
    } else {
      reply = alreadyDecided(request, choice.answerId(), decision);
    }
    return event(reply, replyTo, now);
  }

  /** The reply to an answer that came after another ending. */
  public Outgoing alreadyDecided(
      StoredRequest request, String answerId, String replyTo, Instant now) {
    AnswerReply reply =
        request.decided()
            ? alreadyDecided(request, answerId, requests.decision(request))
            : reply(
                request,
                answerId,
                Outcome.ALREADY_DECIDED,
                "already_decided",
                "Another answer came first and is being stored.",
                null);
    return event(reply, replyTo, now);
  }

  private static AnswerReply alreadyDecided(
      StoredRequest request, String answerId, PermissionReply decision) {
    String who =
        decision.decidedBy() == DecidedBy.USER ? decision.user() : decision.decidedBy().name();
    String detail =
        "Already decided: %s by %s."
            .formatted(
                decision.effect().name().toLowerCase(java.util.Locale.ROOT),
                decision.decidedBy() == DecidedBy.USER
                    ? who
                    : who.toLowerCase(java.util.Locale.ROOT));
    return reply(request, answerId, Outcome.ALREADY_DECIDED, "already_decided", detail, decision);
  }

  /** The reply to an answer that cannot count. */
  public Outgoing refused(
      String tenant,
      String promptId,
      String answerId,
      String replyTo,
      String code,
      String detail,
      Instant now) {
    return event(
        new AnswerReply(tenant, promptId, answerId, Outcome.REFUSED, code, detail, null),
        replyTo,
        now);
  }

  private static AnswerReply reply(
      StoredRequest request,
      String answerId,
      Outcome outcome,
      String code,
      String detail,
      PermissionReply decision) {
    return new AnswerReply(
        request.key().tenant(), request.promptId(), answerId, outcome, code, detail, decision);
  }

  private static Outgoing event(AnswerReply reply, String replyTo, Instant now) {
    String id = reply.promptId() + "/" + reply.answerId();
    return Outgoing.event(TOPIC, reply, id, now, replyTo);
  }
}
