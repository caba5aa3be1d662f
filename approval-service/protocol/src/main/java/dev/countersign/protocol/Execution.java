package dev.countersign.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where an allowed call should run, from the session's execution policy. */
public enum Execution {
  @JsonProperty("foreground")
  FOREGROUND,
  @JsonProperty("background")
  BACKGROUND
}
