package dev.countersign.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What became of an answer.
 *
 * @param code {@code accepted}, {@code already_decided}, or why it was refused: {@code
 *     unknown_prompt}, {@code unknown_option}, {@code stale_option}, {@code not_yours}, {@code
 *     stale_prompt}, {@code answer_id_reused}, {@code invalid_answer}, {@code denied_by_policy}
 * @param detail one sentence
 * @param decision the decision that stands, for {@code accepted}, {@code already_decided} and
 *     {@code denied_by_policy}
 */
public record AnswerReply(
    String tenant,
    String promptId,
    String answerId,
    Outcome outcome,
    String code,
    String detail,
    PermissionReply decision)
    implements Event {
  /** Whether the answer counted. */
  public enum Outcome {
    @JsonProperty("accepted")
    ACCEPTED,
    @JsonProperty("already_decided")
    ALREADY_DECIDED,
    @JsonProperty("refused")
    REFUSED
  }

  public AnswerReply {
    tenant = Require.tenant(tenant);
    outcome = Require.present("outcome", outcome);
    code = Require.text("code", code, 64);
  }

  @Override
  public String key() {
    return promptId;
  }
}
