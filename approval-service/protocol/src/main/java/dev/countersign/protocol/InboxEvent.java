package dev.countersign.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Something changed in a person's inbox. Deduplicate by (promptId, rev).
 *
 * @param viewer the person
 * @param prompt the prompt while it is open or settling; null once it ended
 * @param decision how it ended; null before
 */
public record InboxEvent(
    String tenant,
    String viewer,
    String promptId,
    String sessionId,
    String requestId,
    long rev,
    State state,
    PromptState prompt,
    PermissionReply decision)
    implements Event {
  /** Where the prompt stands. */
  public enum State {
    @JsonProperty("open")
    OPEN,
    @JsonProperty("settling")
    SETTLING,
    @JsonProperty("ended")
    ENDED
  }

  public InboxEvent {
    tenant = Require.tenant(tenant);
    viewer = Require.user("viewer", viewer);
    promptId = Require.id("promptId", promptId);
    state = Require.present("state", state);
  }

  @Override
  public String key() {
    return viewer;
  }
}
