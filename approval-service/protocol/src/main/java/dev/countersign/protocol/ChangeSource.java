package dev.countersign.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Through which way a change of a user's permissions came, for its history.
 *
 * @param actor the person or agent that made it
 * @param promptId the prompt whose answer it is; null unless {@code via} is {@code prompt}
 * @param sessionId the session whose agent asked for it; null if none did
 */
public record ChangeSource(Via via, String actor, String promptId, String note, String sessionId) {
  /** A change that no agent asked for. */
  public ChangeSource(Via via, String actor, String promptId, String note) {
    this(via, actor, promptId, note, null);
  }

  /** The ways. */
  public enum Via {
    @JsonProperty("prompt")
    PROMPT,
    @JsonProperty("dashboard")
    DASHBOARD,
    @JsonProperty("agent")
    AGENT,
    @JsonProperty("import")
    IMPORT,
    @JsonProperty("restore")
    RESTORE
  }

  public ChangeSource {
    via = Require.present("source.via", via);
    actor = Require.text("source.actor", actor, 256);
  }
}
