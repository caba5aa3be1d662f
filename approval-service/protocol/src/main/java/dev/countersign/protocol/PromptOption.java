package dev.countersign.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * One thing a person can choose.
 *
 * @param optionId what an answer names; of an option that stores something, made from what it
 *     stores
 * @param label what the person reads
 * @param scope how long the choice holds
 * @param stores word for word what an "always" or "never" would store: the tool
 * @param resource and the resource of it; null for the whole tool
 * @param mode the permission mode that an approved plan goes on in; null if it switches none
 * @param switches the sessions that are switched to that mode, root first; empty without a mode
 */
public record PromptOption(
    String optionId,
    Kind kind,
    String label,
    Scope scope,
    String stores,
    String resource,
    String mode,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> switches) {
  /** The Agent Client Protocol's kinds. */
  public enum Kind {
    @JsonProperty("allow_once")
    ALLOW_ONCE,
    @JsonProperty("allow_always")
    ALLOW_ALWAYS,
    @JsonProperty("reject_once")
    REJECT_ONCE,
    @JsonProperty("reject_always")
    REJECT_ALWAYS
  }

  /** How long a choice holds. */
  public enum Scope {
    @JsonProperty("once")
    ONCE,
    @JsonProperty("turn")
    TURN,
    @JsonProperty("session")
    SESSION,
    @JsonProperty("always")
    ALWAYS
  }

  public PromptOption {
    optionId = Require.id("optionId", optionId);
    kind = Require.present("kind", kind);
    label = Require.text("label", label, 1000);
    scope = Require.present("scope", scope);
    switches = Require.list("switches", switches);
  }

  /** An option that switches no mode. */
  public PromptOption(
      String optionId, Kind kind, String label, Scope scope, String stores, String resource) {
    this(optionId, kind, label, scope, stores, resource, null, List.of());
  }
}
