package dev.countersign.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Where a call runs, if it may: in the background if it asks for that and the session's execution
 * policy lets it; else in the foreground.
 */
public enum Execution {
  @JsonProperty("foreground")
  FOREGROUND,
  @JsonProperty("background")
  BACKGROUND
}
