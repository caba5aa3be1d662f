package dev.countersign.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;

/**
 * A prompt as it now stands. Readers ignore a {@code rev} that is not higher than one they have
 * seen for this prompt. When the prompt ends, a tombstone follows.
 *
 * @param owner the user on whose behalf the agent runs; the person who is asked
 * @param digest of the tool call that is asked about
 * @param reason why a person is asked
 * @param options what can be chosen; empty once it is settling
 * @param edit what would become of the owner's document; null for any other tool call
 */
public record PromptState(
    String tenant,
    String promptId,
    String sessionId,
    String requestId,
    String owner,
    long rev,
    State state,
    ToolCall toolCall,
    String digest,
    String reason,
    List<PromptOption> options,
    Instant openedAt,
    Instant deadline,
    ProposedEdit edit)
    implements Event {
  /** What a prompt on the topic can be; one that ended is a tombstone. */
  public enum State {
    @JsonProperty("open")
    OPEN,
    @JsonProperty("settling")
    SETTLING
  }

  public PromptState {
    tenant = Require.tenant(tenant);
    promptId = Require.id("promptId", promptId);
    sessionId = Require.id("sessionId", sessionId);
    requestId = Require.id("requestId", requestId);
    owner = Require.user("owner", owner);
    state = Require.present("state", state);
    options = Require.list("options", options);
  }

  @Override
  public String key() {
    return promptId;
  }
}
