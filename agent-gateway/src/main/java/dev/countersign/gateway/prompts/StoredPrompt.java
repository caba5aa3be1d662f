package dev.countersign.gateway.prompts;

import dev.countersign.gateway.http.Problems;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PromptState;
import java.util.concurrent.CompletionException;

/**
 * A prompt as the approval service has it stored: {@code prompt} while it is undecided, {@code
 * decision} afterwards.
 *
 * @param prompt null once it ended
 * @param decision how it ended; null before
 */
record StoredPrompt(PromptState prompt, String state, PermissionReply decision) {
  /** Fails with 404 if there is nothing to tell of it. */
  StoredPrompt known() {
    if (prompt == null && decision == null) {
      throw new CompletionException(
          Problems.of(404, "unknown_prompt", "This prompt is not known.", "It is not visible."));
    }
    return this;
  }

  String sessionId() {
    return prompt == null ? decision.sessionId() : prompt.sessionId();
  }

  String requestId() {
    return prompt == null ? decision.requestId() : prompt.requestId();
  }

  /** Of the tool call it is about. */
  String digest() {
    return prompt == null ? decision.digest() : prompt.digest();
  }
}
