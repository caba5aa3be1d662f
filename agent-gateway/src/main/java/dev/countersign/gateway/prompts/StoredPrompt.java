package dev.countersign.gateway.prompts;

import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PromptState;

/**
 * A prompt as the approval service has it stored.
 *
 * @param prompt null once it ended
 * @param decision how it ended; null before
 */
record StoredPrompt(PromptState prompt, String state, PermissionReply decision) {}
