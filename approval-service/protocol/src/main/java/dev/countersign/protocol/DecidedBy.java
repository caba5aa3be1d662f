package dev.countersign.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Who decided. {@link #USER} only if a person chose. */
public enum DecidedBy {
  @JsonProperty("rule")
  RULE,
  @JsonProperty("override")
  OVERRIDE,
  @JsonProperty("grant")
  GRANT,
  @JsonProperty("mode")
  MODE,
  @JsonProperty("default")
  DEFAULT,
  @JsonProperty("policy")
  POLICY,
  @JsonProperty("user")
  USER,
  @JsonProperty("timeout")
  TIMEOUT,
  @JsonProperty("cancelled")
  CANCELLED,
  @JsonProperty("system")
  SYSTEM
}
