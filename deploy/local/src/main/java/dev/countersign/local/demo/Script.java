package dev.countersign.local.demo;

import static dev.countersign.local.demo.Expected.allowed;
import static dev.countersign.local.demo.Expected.denied;
import static dev.countersign.local.demo.Scene.bash;
import static dev.countersign.local.demo.Scene.call;
import static dev.countersign.local.demo.Scene.http;
import static dev.countersign.protocol.DecidedBy.MODE;
import static dev.countersign.protocol.DecidedBy.OVERRIDE;
import static dev.countersign.protocol.DecidedBy.POLICY;
import static dev.countersign.protocol.DecidedBy.RULE;
import static dev.countersign.protocol.DecidedBy.USER;
import static dev.countersign.protocol.PromptOption.Kind.ALLOW_ALWAYS;
import static dev.countersign.protocol.PromptOption.Kind.ALLOW_ONCE;
import static dev.countersign.protocol.PromptOption.Kind.REJECT_ONCE;

import java.util.List;
import java.util.Map;

/** The main job, scene by scene. */
final class Script {
  private Script() {}

  static List<Scene> scenes(Cast cast) {
    return List.of(
        // Rules settle it: nobody is asked.
        http(cast.ana, bash("npm run build"), allowed(RULE)),
        http(cast.ana, bash("rm -rf /"), denied(RULE)),
        http(cast.cleoBypass, bash("rm -rf /"), denied(RULE)),
        // bypassPermissions asks nobody either.
        http(cast.cleoBypass, bash("npm publish"), allowed(MODE)),
        http(cast.cleoBypass, call("mcp__crm__update", Map.of("id", 7)), allowed(MODE)),
        // A person says.
        http(cast.ana, bash("git push origin main"), allowed(USER)).answered(ALLOW_ONCE),
        http(cast.ana, bash("git push origin main"), denied(USER)).answered(REJECT_ONCE),
        // Once "always" is chosen, the next same call asks nobody.
        http(cast.ana, bash("docker compose up"), allowed(USER)).answered(ALLOW_ALWAYS),
        http(cast.ana, bash("docker compose up"), allowed(OVERRIDE)),
        // Where nobody can be asked, nothing waits.
        http(cast.benHeadless, bash("git push origin main"), denied(POLICY)),
        http(cast.benDontAsk, bash("git push origin main"), denied(POLICY)),
        // Nobody answers.
        http(cast.ana, bash("git push --tags"), Expected.timedOut()).waitingAtMost(1500),
        // The same question again gets the same decision; its id stands for no other.
        http(cast.ana, bash("npm run test"), allowed(RULE)),
        http(cast.ana, bash("npm run test"), allowed(RULE)).withTheSameId(),
        http(cast.ana, bash("npm run deploy"), Expected.reused()).withTheSameId(),
        // Without HTTP: any Kafka client.
        http(cast.ana, bash("npm run lint"), allowed(RULE)).overKafka(),
        http(cast.ana, bash("npm run lint"), allowed(RULE)).overKafka().withTheSameId());
  }
}
