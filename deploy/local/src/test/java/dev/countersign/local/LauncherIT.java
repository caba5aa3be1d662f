package dev.countersign.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a person at the terminal relies on. */
@Timeout(600)
class LauncherIT {
  @TempDir Path dir;

  @Test
  void startsOnceStopsOnSigtermAndLeavesNothingBehind() throws Exception {
    Path state = dir.resolve(".countersign/a state");
    Ports ports = Ports.free();
    try (Launched up = Launched.start(state, ports).awaitReady()) {
      Path envFile = state.resolve("countersign.env");
      assertEquals(
          "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(envFile)));
      Map<String, String> env = env(envFile);
      assertEquals("http://127.0.0.1:" + ports.gateway(), env.get("COUNTERSIGN_URL"));
      assertEquals("127.0.0.1:" + ports.kafka(), env.get("COUNTERSIGN_KAFKA"));
      Gateway agent = new Gateway(env.get("COUNTERSIGN_URL"), env.get("COUNTERSIGN_AGENT_TOKEN"));
      assertEquals(
          "dev", agent.get("/v1/sessions/" + Access.SESSION).orThrow().path("owner").asText());
      for (String person : List.of("COUNTERSIGN_APPROVER_TOKEN", "COUNTERSIGN_ADMIN_TOKEN")) {
        new Gateway(env.get("COUNTERSIGN_URL"), env.get(person)).get("/v1/prompts").orThrow();
      }
      assertEquals(5, up.processes().size() - postgresWorkers(up), "one process for each part");

      try (Launched second = Launched.start(state, Ports.free())) {
        assertEquals(1, second.status());
        assertEquals(1, second.output().lines().count(), second::output);
        assertTrue(second.output().contains("a stack runs on " + state), second::output);
      }
      assertTrue(Files.exists(envFile), "the second one took nothing away");

      try (Launched third = Launched.start(dir.resolve(".countersign/other"), ports)) {
        assertEquals(1, third.status());
        assertEquals(
            "countersign: port %d (gateway) is taken; free it, or choose nine others in a row with --port N\n"
                .formatted(ports.gateway()),
            third.output());
      }

      assertEquals(143, up.terminate());
      assertEquals(List.of(), up.processes());
      assertFalse(Files.exists(envFile), "no tokens for a stack that is gone");
      assertTrue(
          up.output().contains("Countersign is ready: " + env.get("COUNTERSIGN_URL")), up::output);
      assertFalse(up.output().contains(env.get("COUNTERSIGN_AGENT_TOKEN")));
    }
  }

  @Test
  @Tag("full")
  void afterAKillOfTheLauncherAndACloseOfItsSessionTheNextOneGoesOnAndAPartThatDiesIsStartedAgain()
      throws Exception {
    Path state = dir.resolve(".countersign/state");
    Ports ports = Ports.free();
    List<ProcessHandle> orphans;
    try (Launched up = Launched.start(state, ports).awaitReady()) {
      closeItsSession(env(state.resolve("countersign.env")));
      orphans = up.processes();
      up.kill();
    }
    // At once, while the children of the killed one still stop.
    try (Launched again = Launched.start(state, ports).awaitReady()) {
      assertEquals(List.of(), orphans.stream().filter(ProcessHandle::isAlive).toList());
      Map<String, String> env = env(state.resolve("countersign.env"));
      assertEquals("local-3", env.get("COUNTERSIGN_SESSION"));
      assertTrue(
          again.output().contains("session local-3 (local was closed, which is final)"),
          again::output);
      JsonNode successor =
          new Gateway(env.get("COUNTERSIGN_URL"), env.get("COUNTERSIGN_AGENT_TOKEN"))
              .get("/v1/sessions/local-3")
              .orThrow();
      assertEquals("dev", successor.path("owner").asText(), successor::toString);
      assertTrue(successor.path("parentSessionId").asText("").isEmpty(), successor::toString);

      Path log = state.resolve("logs/permission-store.log");
      String obituary =
          "countersign: permission-store ended with status 137; its log is " + log + "; starting";
      for (int deaths = 1; deaths <= 2; deaths++) {
        kill(again, "permission-store");
        said(again, "permission-store is ready again", deaths);
        assertEquals(deaths, count(again.output(), obituary), again::output);
        int starts = deaths + 1;
        // What the dead said is there, too. A service is ready just before it says that it listens.
        Awaitility.await()
            .atMost(Duration.ofMinutes(2))
            .untilAsserted(
                () -> assertEquals(starts, count(Files.readString(log), "Listening on")));
      }
      again.processes().stream()
          .filter(process -> process.info().command().orElse("").endsWith("/postgres"))
          .filter(process -> commandLine(process).contains(state.toString()))
          .forEach(ProcessHandle::destroyForcibly);
      said(again, "Postgres is ready again", 1);
      Awaitility.await()
          .atMost(Duration.ofMinutes(2))
          .until(
              () ->
                  new Gateway(env.get("COUNTERSIGN_URL"), env.get("COUNTERSIGN_APPROVER_TOKEN"))
                          .get("/v1/users/dev/permissions")
                          .status()
                      == 200);
      again.kill();
    }
    // Nothing is left of what the killed one still wrote when this one began.
    try (Launched fresh = Launched.start(state, ports, "--fresh").awaitReady()) {
      assertEquals(
          Access.SESSION, env(state.resolve("countersign.env")).get("COUNTERSIGN_SESSION"));
      assertEquals(143, fresh.terminate());
      assertEquals(List.of(), fresh.processes());
    }
  }

  @Test
  void whatAnOperatorConfiguresIsInForceFromTheFirstStart() throws Exception {
    Path state = dir.resolve(".countersign/configured");
    Path etc = Files.createDirectories(state.resolve("etc/profiles")).getParent();
    Files.writeString(etc.resolve("managed-rules"), "revision 1\ndeny Bash(npm publish *)\n");
    Files.writeString(
        etc.resolve("profiles/docs.json"),
        "{\"schemaVersion\":1,\"base\":\"workspace\",\"shared\":true}");
    Files.writeString(
        etc.resolve("approval-service.env"), "# short\nCOUNTERSIGN_PROMPT_TIMEOUT=7M\n");
    try (Launched up = Launched.start(state, Ports.free()).awaitReady()) {
      Map<String, String> env = env(state.resolve("countersign.env"));
      Gateway agent = new Gateway(env.get("COUNTERSIGN_URL"), env.get("COUNTERSIGN_AGENT_TOKEN"));
      assertTrue(up.output().contains("countersign: profiles written: docs"), up::output);
      assertTrue(
          up.output().contains("countersign: managed rules: " + etc.resolve("managed-rules")),
          up::output);
      JsonNode denied =
          agent.post("/v1/sessions/local/requests", bash("npm publish now"), 60).orThrow();
      assertEquals("deny", denied.path("effect").asText(), denied::toString);
      assertEquals("rule", denied.path("decidedBy").asText(), denied::toString);
      Gateway person =
          new Gateway(env.get("COUNTERSIGN_URL"), env.get("COUNTERSIGN_APPROVER_TOKEN"));
      JsonNode profiles = person.get("/v1/profiles").orThrow();
      assertEquals(List.of("docs"), profiles.findValuesAsText("name"), profiles::toString);
      JsonNode asked =
          agent.post("/v1/sessions/local/requests", bash("npm install left-pad")).orThrow();
      JsonNode prompt =
          person.get("/v1/prompts/" + asked.path("promptId").asText()).orThrow().path("prompt");
      Duration toAnswer =
          Duration.between(
              Instant.parse(prompt.path("openedAt").asText()),
              Instant.parse(prompt.path("deadline").asText()));
      // The default is ten minutes; the two instants are noted one after the other.
      assertEquals(7, toAnswer.plusSeconds(30).toMinutes(), prompt::toString);
      assertEquals(143, up.terminate());
    }
    Launched wrong =
        Launched.start(state, Ports.free(), "--managed-rules", dir.resolve("none").toString());
    assertEquals(1, wrong.status());
    assertEquals(
        "countersign: --managed-rules names no file: " + dir.resolve("none") + "\n",
        wrong.output());
    Files.writeString(etc.resolve("approval-service.env"), "COUNTERSIGN_PROMT_TIMEOUT=7M\n");
    try (Launched misspelt = Launched.start(state, Ports.free())) {
      assertEquals(1, misspelt.status());
      assertTrue(
          misspelt
              .output()
              .contains(
                  "countersign: approval-service ended with status 1: COUNTERSIGN_PROMT_TIMEOUT is"
                      + " not one of its settings; the nearest is COUNTERSIGN_PROMPT_TIMEOUT"),
          misspelt::output);
    }
    Path misnamed = Files.move(etc.resolve("managed-rules"), etc.resolve("managed-rules.txt"));
    Launched unread = Launched.start(state, Ports.free());
    assertEquals(1, unread.status());
    assertTrue(
        unread.output().startsWith("countersign: " + misnamed + " is not read: "), unread::output);
    assertEquals(1, unread.output().lines().count(), unread::output);
  }

  /** As its agent may, after taking the name that would come next for a child. */
  private static void closeItsSession(Map<String, String> env) {
    Gateway agent = new Gateway(env.get("COUNTERSIGN_URL"), env.get("COUNTERSIGN_AGENT_TOKEN"));
    agent
        .post("/v1/sessions", Map.of("sessionId", "local-2", "parentSessionId", "local"))
        .orThrow();
    agent.delete("/v1/sessions/" + env.get("COUNTERSIGN_SESSION")).orThrow();
  }

  private static Map<String, Object> bash(String command) {
    return Map.of(
        "toolCall",
        Map.of(
            "tool", "Bash",
            "input", Map.of("command", command),
            "cwd", "/proj/shop",
            "home", "/home/dev"));
  }

  private static void said(Launched up, String what, int times) {
    Awaitility.await().atMost(Duration.ofMinutes(3)).until(() -> count(up.output(), what) == times);
  }

  private static long count(String text, String what) {
    return text.lines().filter(line -> line.contains(what)).count();
  }

  private static void kill(Launched up, String service) {
    up.processes().stream()
        .filter(process -> commandLine(process).contains(service))
        .findFirst()
        .orElseThrow()
        .destroyForcibly();
  }

  @Test
  void aStateFolderThatAgentsMayReadIsRefusedAndNotMade() throws Exception {
    Path state = dir.resolve("state");
    Launched refused = Launched.start(state, Ports.free());
    assertEquals(64, refused.status());
    assertEquals(1, refused.output().lines().count(), refused::output);
    assertTrue(
        refused.output().startsWith("countersign: the state folder must be named .countersign or"),
        refused::output);
    assertFalse(Files.exists(state));
  }

  /** It ends before anything is started: the folder holds what is not its own. */
  @Test
  void aSettingOfTheShellThatReachesNoServiceIsSaid() throws Exception {
    Path state = Files.createDirectories(dir.resolve(".countersign/mine"));
    Files.writeString(state.resolve("notes.txt"), "mine");
    Launched refused =
        Launched.startIn(Map.of("COUNTERSIGN_PROMPT_TIMEOUT", "1M"), state, Ports.free());
    assertEquals(1, refused.status());
    assertTrue(
        refused
            .output()
            .contains(
                "countersign: COUNTERSIGN_PROMPT_TIMEOUT of this shell is not passed to the"
                    + " services; write it into "
                    + state.resolve("etc/SERVICE.env")),
        refused::output);
  }

  @Test
  void aTakenPortOfAnyPartIsNamed() throws Exception {
    Ports ports = Ports.free();
    try (ServerSocket taken =
            new ServerSocket(ports.postgres(), 1, InetAddress.getByName("127.0.0.1"));
        Launched up = Launched.start(dir.resolve(".countersign/state"), ports)) {
      assertEquals(1, up.status());
      assertTrue(
          up.output().contains("port " + taken.getLocalPort() + " (Postgres) is taken"),
          up::output);
      assertEquals(1, up.output().lines().count(), up::output);
    }
  }

  private static String commandLine(ProcessHandle process) {
    return String.join(" ", process.info().arguments().orElse(new String[0]));
  }

  private static long postgresWorkers(Launched up) {
    return up.processes().stream()
        .filter(p -> p.info().command().orElse("").endsWith("/postgres"))
        .filter(p -> p.parent().flatMap(q -> q.info().command()).orElse("").endsWith("/postgres"))
        .count();
  }

  private static Map<String, String> env(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .collect(
            Collectors.toMap(
                line -> line.substring(0, line.indexOf('=')),
                line -> line.substring(line.indexOf('=') + 1)));
  }
}
