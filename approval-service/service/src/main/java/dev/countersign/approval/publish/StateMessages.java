package dev.countersign.approval.publish;

import dev.countersign.approval.answers.AnswerReplies;
import dev.countersign.approval.kafka.DeadLetters;
import dev.countersign.approval.kafka.Outgoing;
import dev.countersign.approval.prompts.StoredPrompt;
import dev.countersign.approval.requests.RequestMessages;
import dev.countersign.approval.requests.StoredRequest;
import dev.countersign.protocol.CloudEvents;
import dev.countersign.protocol.EventType;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.InboxEvent;
import dev.countersign.protocol.InvalidEventException;
import dev.countersign.protocol.PromptState;
import dev.countersign.protocol.Topics;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** What others must hear of a request whose state changed without a request driving it. */
@ApplicationScoped
public class StateMessages {
  private static final Logger LOG = Logger.getLogger(StateMessages.class);

  private final RequestMessages requests;
  private final AnswerReplies answers;

  public StateMessages(RequestMessages requests, AnswerReplies answers) {
    this.requests = requests;
    this.answers = answers;
  }

  /**
   * What is to be sent of a state.
   *
   * @param unshown why no person can be shown the prompt; null if one can, or need not be
   */
  public record State(List<Outgoing> messages, String unshown) {}

  /** The records for the state as it now stands. Each that cannot be made is dead-lettered. */
  public State of(StoredPrompt prompt, Instant now) {
    StoredRequest request = prompt.request();
    List<Outgoing> out = new ArrayList<>();
    String unshown = null;
    if (request.promptId() != null) {
      unshown = add(out, request, now, () -> promptAndInbox(prompt, now));
    }
    if (unshown != null && request.promptId() != null) {
      out.add(tombstone(request, now));
    }
    if (request.decided()) {
      add(out, request, now, () -> List.of(requests.reply(request, request.address())));
      add(out, request, now, () -> List.of(requests.receipt(request)));
      if (prompt.choice() != null) {
        add(out, request, now, () -> List.of(answers.ofChoice(prompt, now)));
      }
    }
    return new State(out, unshown);
  }

  /** Adds what can be said; returns why it cannot, or null. */
  private static String add(
      List<Outgoing> out, StoredRequest request, Instant now, Supplier<List<Outgoing>> messages) {
    try {
      messages.get().forEach(message -> out.add(message.about(request.source())));
      return null;
    } catch (RuntimeException e) {
      LOG.errorf(e, "The state of a request cannot be told: %s", request.source());
      out.add(DeadLetters.of(request.source(), "unpublishable", why(e), now));
      return e.getMessage();
    }
  }

  /** What a field must be quotes nothing; what else failed may. */
  private static String why(RuntimeException failure) {
    return failure instanceof InvalidEventException
        ? failure.getMessage()
        : failure.getClass().getSimpleName();
  }

  /** No value is needed to say that a prompt is over. */
  private static Outgoing tombstone(StoredRequest request, Instant now) {
    Map<String, String> headers =
        Map.of(
            Headers.CE_SPECVERSION,
            "1.0",
            Headers.CE_ID,
            request.promptId() + "/" + request.rev(),
            Headers.CE_TYPE,
            EventType.PROMPT_CHANGED.ceType(),
            Headers.CE_SOURCE,
            "/countersign/approval-service",
            Headers.CE_TIME,
            now.toString(),
            Headers.CE_TENANT,
            request.key().tenant());
    return Outgoing.tombstone(Topics.PROMPTS, request.promptId(), headers);
  }

  private List<Outgoing> promptAndInbox(StoredPrompt prompt, Instant now) {
    StoredRequest request = prompt.request();
    String id = request.promptId() + "/" + request.rev();
    PromptState state = request.decided() ? null : prompt.state();
    InboxEvent inbox =
        new InboxEvent(
            request.key().tenant(),
            request.owner(),
            request.promptId(),
            request.key().sessionId(),
            request.key().requestId(),
            request.rev(),
            InboxEvent.State.valueOf(request.decided() ? "ENDED" : request.state().name()),
            state,
            request.decided() ? requests.decision(request) : null);
    Outgoing onInbox = Outgoing.event(inbox, id + "/inbox", now);
    if (state != null) {
      return List.of(Outgoing.event(state, id, now), onInbox);
    }
    // A tombstone has no value to make headers from; the last state's name them.
    Map<String, String> headers =
        CloudEvents.headers(inbox, "/countersign/approval-service", id, now);
    return List.of(Outgoing.tombstone(Topics.PROMPTS, request.promptId(), headers), onInbox);
  }
}
