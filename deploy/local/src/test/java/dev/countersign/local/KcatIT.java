package dev.countersign.local;

import static dev.countersign.local.SystemFixture.bash;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.RuleSet;
import dev.countersign.protocol.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A client that knows nothing of Countersign: {@code kcat}. */
@Timeout(300)
@ExtendWith(SystemFixture.Provider.class)
class KcatIT {
  private final SystemFixture system;

  KcatIT(SystemFixture system) {
    this.system = system;
  }

  @BeforeAll
  static void kcatIsInstalled() throws Exception {
    boolean installed;
    try {
      installed = new ProcessBuilder("kcat", "-V").start().waitFor() == 0;
    } catch (IOException e) {
      installed = false;
    }
    assumeTrue(installed, "kcat is not installed: skipped");
  }

  @Test
  void aRequestIsDecidedOnTheReplyTopicAndTheSameOneTwiceOnce() throws Exception {
    Agent agent =
        system.newAgent(Map.of("project", new RuleSet(List.of("Bash(npm run *)"), null, null)));
    String id = system.newId();
    byte[] request = Json.write(agent.request(id, bash("npm run build"), null));

    produce(agent, request);
    awaitReplies(id, 1);
    produce(agent, request);
    List<PermissionReply> replies = awaitReplies(id, 2);

    assertEquals(1, new HashSet<>(replies).size(), replies::toString);
    assertEquals(Effect.ALLOW, replies.get(0).effect());
    assertEquals(DecidedBy.RULE, replies.get(0).decidedBy());
    assertEquals(replies.get(0), Decisions.theOne(agent, id, system.stack().bootstrapServers()));
  }

  private void produce(Agent agent, byte[] request) throws Exception {
    Process kcat =
        kcat(
            "-P",
            "-t",
            Topics.REQUESTS,
            "-k",
            agent.sessionId(),
            "-H",
            "countersign-token=" + agent.sessionToken());
    kcat.getOutputStream().write(request);
    kcat.getOutputStream().close();
    assertEquals(0, kcat.waitFor());
  }

  private List<PermissionReply> awaitReplies(String requestId, int count) {
    List<PermissionReply> replies = new ArrayList<>();
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              replies.clear();
              Process kcat =
                  kcat("-C", "-e", "-q", "-o", "beginning", "-f", "%k %s\\n", "-t", Topics.REPLIES);
              try (var lines = kcat.inputReader().lines()) {
                lines
                    .filter(line -> line.startsWith(requestId + " "))
                    .map(line -> line.substring(requestId.length() + 1))
                    .map(line -> Json.read(line.getBytes(), PermissionReply.class))
                    .forEach(replies::add);
              }
              return replies.size() >= count;
            });
    return replies;
  }

  private Process kcat(String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(List.of("kcat", "-b", system.stack().bootstrapServers()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }
}
