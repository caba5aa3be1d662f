package dev.countersign.approval.publish;

import dev.countersign.approval.answers.AnswerReplies;
import dev.countersign.approval.kafka.Outgoing;
import dev.countersign.approval.prompts.StoredPrompt;
import dev.countersign.approval.requests.RequestMessages;
import dev.countersign.approval.requests.StoredRequest;
import dev.countersign.protocol.CloudEvents;
import dev.countersign.protocol.InboxEvent;
import dev.countersign.protocol.PromptState;
import dev.countersign.protocol.Topics;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What others must hear of a request whose state changed without a request driving it. */
@ApplicationScoped
public class StateMessages {
  private final RequestMessages requests;
  private final AnswerReplies answers;

  public StateMessages(RequestMessages requests, AnswerReplies answers) {
    this.requests = requests;
    this.answers = answers;
  }

  /** The records for the state as it now stands. */
  public List<Outgoing> of(StoredPrompt prompt, Instant now) {
    StoredRequest request = prompt.request();
    List<Outgoing> out = new ArrayList<>();
    if (request.promptId() != null) {
      out.addAll(promptAndInbox(prompt, now));
    }
    if (request.decided()) {
      out.add(requests.reply(request, request.address()));
      out.add(requests.receipt(request));
      if (prompt.choice() != null) {
        out.add(answers.ofChoice(prompt, now));
      }
    }
    return out;
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
