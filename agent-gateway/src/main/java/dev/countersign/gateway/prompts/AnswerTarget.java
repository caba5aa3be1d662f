package dev.countersign.gateway.prompts;

import dev.countersign.gateway.http.Problems;
import java.util.concurrent.CompletionException;

/**
 * Which prompt an answer is meant for. Whatever else its sender named must be the prompt's own.
 *
 * @param sessionId the session it must be of; null for any
 * @param requestId the request it must be about; null for any
 */
public record AnswerTarget(String promptId, String sessionId, String requestId) {
  public static AnswerTarget prompt(String promptId) {
    return new AnswerTarget(promptId, null, null);
  }

  /** Whether more than the prompt's own id was named. */
  boolean namesMore() {
    return sessionId != null || requestId != null;
  }

  /** Fails unless the prompt is of the session and about the request that were named. */
  void mustBe(StoredPrompt stored) {
    if (sessionId != null && !sessionId.equals(stored.sessionId())) {
      throw new CompletionException(
          Problems.of(
              404,
              "unknown_prompt",
              "This prompt is not known.",
              "Session " + sessionId + " has no prompt " + promptId + "."));
    }
    if (requestId != null && !requestId.equals(stored.requestId())) {
      throw new CompletionException(
          Problems.invalid(
              "invalid_answer",
              "requestId",
              "requestId must be the request that prompt " + promptId + " is about, or left out"));
    }
  }
}
