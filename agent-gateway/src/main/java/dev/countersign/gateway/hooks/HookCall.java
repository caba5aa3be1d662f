package dev.countersign.gateway.hooks;

import dev.countersign.gateway.identity.Caller;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Around a hook's event: who sent it and how long it can wait.
 *
 * @param limit how long the hook waits for an answer
 * @param home the user's home directory on the agent's machine; may be null
 * @param projectDir the folder the agent was started in; may be null
 * @param taken runs once nothing here keeps the event any more, at the latest when it is answered
 * @param gone completes when nobody waits for the answer any more
 */
record HookCall(
    Caller agent,
    Duration limit,
    String home,
    String projectDir,
    Runnable taken,
    CompletableFuture<Void> gone) {}
