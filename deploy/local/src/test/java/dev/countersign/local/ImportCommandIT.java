package dev.countersign.local;

import static dev.countersign.local.SystemFixture.bash;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.countersign.embedded.Folders;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.Identifiers;
import dev.countersign.protocol.token.Roles;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code deploy/import} against a running stack: what it takes over decides from then on. */
@Timeout(300)
@ExtendWith(SystemFixture.Provider.class)
class ImportCommandIT {
  private static final String FORBIDDEN =
      "prefix_rule(pattern = [\"npm\", \"publish\"], decision = \"forbidden\")\n";

  private static final List<String> REAL_USERS =
      List.of(
          "auth0|5f7c8ec7c33c6c004bbafe82",
          "o'neill+test@example.com",
          "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
          "samlp|corp|CN=Mira Vance,OU=Dev,DC=corp",
          "spiffe://example.org/ns/dev/sa/mira",
          "CORP\\mira?x=1#y;z",
          "100%25",
          "x".repeat(255));

  private final SystemFixture system;
  private Path folder;

  ImportCommandIT(SystemFixture system) {
    this.system = system;
  }

  @BeforeEach
  void makeFolder() {
    boolean curl =
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(path -> Files.isExecutable(Path.of(path, "curl")));
    assumeTrue(curl, "deploy/import needs curl, and there is none");
    folder = Folders.temporary("import-command");
  }

  @AfterEach
  void removeFolder() {
    if (folder != null) {
      Folders.delete(folder);
    }
  }

  private record Ended(int status, String said) {}

  private Ended run(String... arguments) throws Exception {
    return run(Launched.CHECKOUT, Map.of(), arguments);
  }

  private Ended run(Path directory, Map<String, String> environment, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("sh", Launched.CHECKOUT.resolve("deploy/import").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.directory(directory.toFile());
    builder.environment().putAll(environment);
    builder.environment().put("COUNTERSIGN_URL", system.url());
    builder
        .environment()
        .put("COUNTERSIGN_ADMIN_TOKEN", system.stack().keys().personToken("root", Roles.ADMIN));
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it hangs");
    return new Ended(process.exitValue(), said);
  }

  private void put(String user, String text) throws IOException {
    Files.writeString(
        Files.createDirectories(folder.resolve(user)).resolve("permissions.json"), text);
  }

  @Test
  void aFolderOfUsers() throws Exception {
    Agent denied = system.newAgent();
    Agent allowed = system.newAgent();
    put(denied.user(), "{\"rules\": {\"deny\": [\"Bash(npm publish *)\"]}}");
    put(allowed.user(), "{\"Bash\": {\"resources\": {\"npm publish *\": \"always\"}}}");

    Ended dry = run(folder.toString(), "--dry-run");
    assertEquals(0, dry.status(), dry.said());
    assertTrue(dry.said().contains("carried over: deny Bash(npm publish *)"), dry.said());
    assertTrue(dry.said().contains("2 files sent, 0 refused"), dry.said());
    assertEquals("asked", outcome(denied));

    put(" no user", "{}");
    put("broken", "{\n\"tools\": }");
    Ended real = run(folder.toString());
    assertEquals(1, real.status(), real.said());
    assertTrue(real.said().contains("stored as version 1"), real.said());
    assertTrue(
        real.said().contains("a user " + Identifiers.USER_RULE + "; rename the folder"),
        real.said());
    assertTrue(real.said().contains("line 2, column "), real.said());
    awaitOutcome("deny", denied);
    awaitOutcome("allow", allowed);

    Ended again = run(folder.toString());
    assertFalse(again.said().contains("stored as"), again.said());
    assertTrue(again.said().contains("nothing changes"), again.said());
  }

  /** A shell that looks for folders in {@code CDPATH} prints the one it went to. */
  @Test
  void aFolderIsTheOneThatWasNamedWhereverTheTerminalLooksForFolders() throws Exception {
    put("here/mine/ann", "{\"rules\": {\"deny\": [\"Bash(make *)\"]}}");
    put("elsewhere/mine/bea", "{\"rules\": {\"deny\": [\"Bash(make *)\"]}}");
    for (String cdpath : List.of(folder.resolve("elsewhere").toString(), ".", "..:.")) {
      Ended ended = run(folder.resolve("here"), Map.of("CDPATH", cdpath), "mine", "--dry-run");
      assertEquals(0, ended.status(), ended.said());
      assertTrue(ended.said().contains("ann/permissions.json (permissions) for ann"), ended.said());
      assertTrue(ended.said().endsWith("\n1 files sent, 0 refused\n"), ended.said());
    }
  }

  @Test
  void aUserWhoseNameBeginsWithADotIsNotPassedOver() throws Exception {
    put("here/mine/.bob", "{\"rules\": {\"deny\": [\"Bash(make *)\"]}}");
    Files.createDirectories(folder.resolve("here/mine/.git"));
    Ended ended = run(folder.resolve("here"), Map.of(), "mine", "--dry-run");
    assertEquals(0, ended.status(), ended.said());
    assertTrue(ended.said().contains(".bob/permissions.json (permissions) for .bob"), ended.said());
    assertTrue(ended.said().endsWith("\n1 files sent, 0 refused\n"), ended.said());
  }

  @Test
  void anImportOfNobodyIsNoSuccess() throws Exception {
    Files.writeString(folder.resolve("permissions.json"), "{}");
    assertEquals(
        new Ended(
            2,
            "countersign: %s holds no folder of a user: FOLDER/<user>/PERMISSIONS.json\n"
                .formatted(folder)),
        run(folder.toString()));
  }

  @Test
  void anAgentsOwnSettings() throws Exception {
    Agent agent = system.newAgent();
    Path rules = Files.writeString(folder.resolve("default.rules"), FORBIDDEN);
    Ended ended = run(rules.toString(), "--user", agent.user());
    assertEquals(0, ended.status(), ended.said());
    assertTrue(ended.said().contains("default.rules (codex) for " + agent.user()), ended.said());
    awaitOutcome("deny", agent);
  }

  @Test
  void whateverAnIdentityProviderCallsAUserIsImportedFor() throws Exception {
    Path file = Files.writeString(folder.resolve("default.rules"), FORBIDDEN);
    Path users = Files.createDirectory(folder.resolve("users"));
    for (String user : REAL_USERS) {
      Ended ended = run(file.toString(), "--user", user);
      assertEquals(0, ended.status(), ended.said());
      assertTrue(ended.said().contains("default.rules (codex) for " + user), ended.said());
      assertTrue(document(user).contains("npm publish"), document(user));
      if (!user.contains("/")) {
        put("users/" + inFolder(user), "{\"rules\": {\"deny\": [\"Bash(make *)\"]}}");
      }
    }
    Ended ended = run(users.toString());
    assertEquals(0, ended.status(), ended.said());
    for (String user : REAL_USERS) {
      if (!user.contains("/")) {
        // The report shortens the name of a long file, and never the user.
        assertTrue(
            ended.said().contains("(permissions) for " + inFolder(user) + "\n"), ended.said());
        assertTrue(document(inFolder(user)).contains("Bash(make *)"), user);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\tb", " a", "a ", ".", ".."})
  void whoIsNoUserIsRefusedInTheWordsOfTheRule(String user) throws Exception {
    Path file = Files.writeString(folder.resolve("default.rules"), FORBIDDEN);
    assertEquals(
        new Ended(2, "countersign: --user %s: a user %s\n".formatted(user, Identifiers.USER_RULE)),
        run(file.toString(), "--user", user));
  }

  private static String inFolder(String user) {
    return "f-" + user.substring(0, Math.min(user.length(), 253));
  }

  private String document(String user) {
    String path = URLEncoder.encode(user, StandardCharsets.UTF_8).replace("+", "%20");
    String admin = system.stack().keys().personToken("root", Roles.ADMIN);
    return new Gateway(system.url(), admin)
        .get("/v1/users/" + path + "/permissions")
        .orThrow()
        .toString();
  }

  @Test
  void whatCannotBeDoneSaysSo() throws Exception {
    assertEquals(2, run().status());
    assertEquals(2, run(folder.resolve("nowhere").toString()).status());
    Path file = Files.writeString(folder.resolve("settings.json"), "{}");
    assertTrue(run(file.toString()).said().contains("--user"));
    Ended unknown = run(file.toString(), "--user", "ann");
    assertEquals(1, unknown.status(), unknown.said());
    assertTrue(unknown.said().contains("name one of permissions, claude-code"), unknown.said());
  }

  /** Stored is not always in force at once: a busy machine may need longer than two seconds. */
  private void awaitOutcome(String expected, Agent agent) {
    await().atMost(Duration.ofSeconds(20)).until(() -> outcome(agent).equals(expected));
  }

  /** How {@code npm publish} is decided: allow, deny, or a person is asked. */
  private String outcome(Agent agent) {
    Agent.Status status = agent.ask(system.newId(), bash("npm publish --tag next"));
    if (status.decision() == null) {
      return "asked";
    }
    return status.decision().effect() == Effect.ALLOW ? "allow" : "deny";
  }
}
