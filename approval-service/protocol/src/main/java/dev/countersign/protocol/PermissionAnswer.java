package dev.countersign.protocol;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What a person chose. Who it was stands in the signed assertion beside it, not here.
 *
 * @param answerId made by the sender; the reply names it, and the same answer sent twice counts
 *     once
 * @param digest of the tool call the person saw; another one is refused {@code stale_prompt}
 * @param feedback for the agent, at most 4,000 characters; may be null
 * @param editedInput the input to run instead; only with an {@code allow_once} option; may be null
 */
public record PermissionAnswer(
    String tenant,
    String promptId,
    String answerId,
    String optionId,
    String digest,
    String feedback,
    JsonNode editedInput)
    implements Event {
  public PermissionAnswer {
    tenant = Require.tenant(tenant);
    promptId = Require.id("promptId", promptId);
    answerId = Require.id("answerId", answerId);
    optionId = Require.text("optionId", optionId, 128);
    feedback = Require.optional("feedback", feedback, 4000);
    editedInput = Require.input("editedInput", editedInput);
  }

  @Override
  public String key() {
    return promptId;
  }
}
