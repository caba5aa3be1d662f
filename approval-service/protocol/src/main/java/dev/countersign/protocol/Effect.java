package dev.countersign.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The outcome of a decided request. There is no third one. */
public enum Effect {
  @JsonProperty("allow")
  ALLOW,
  @JsonProperty("deny")
  DENY
}
