package dev.countersign.gateway.prompts;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * The body of an answer.
 *
 * @param optionId one of the prompt's options
 * @param answerId made by the caller so that it can send again; the Idempotency-Key header will do
 * @param digest of the tool call the person saw; if left out, the prompt as it stands is meant
 * @param feedback for the agent
 * @param editedInput the input to run instead, with an {@code allow_once} option
 */
public record AnswerBody(
    String optionId, String answerId, String digest, String feedback, JsonNode editedInput) {}
