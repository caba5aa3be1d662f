package dev.countersign.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EtcTest {
  @TempDir Path state;

  private Path file(String name, String text) throws IOException {
    Path file = state.resolve("etc").resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  @Test
  void whatIsNotThereConfiguresNothing() {
    Etc etc = Etc.of(Options.Files.NONE, state);
    for (ServiceName service : ServiceName.values()) {
      assertEquals(Map.of(), etc.environment(service));
    }
  }

  @Test
  void eachFileReachesTheServicesThatReadIt() throws IOException {
    Path rules = file("managed-rules", "revision 1");
    Path usualTools = file("tools", "");
    Path imports = file("imports/dev/PERMISSIONS.json", "{}").getParent().getParent();
    Path tools = Files.writeString(state.resolve("my-tools"), "");
    file("agent-gateway.env", "# a comment\n\nCOUNTERSIGN_REQUESTS_DEFAULT_WAIT=PT5S\n");
    Etc usual = Etc.of(Options.Files.NONE, state);
    assertEquals(
        Map.of(
            "COUNTERSIGN_MANAGED_RULES_FILE", rules.toString(),
            "COUNTERSIGN_TOOLS_FILE", usualTools.toString()),
        usual.environment(ServiceName.APPROVAL));
    assertEquals(
        Map.of("COUNTERSIGN_REQUESTS_DEFAULT_WAIT", "PT5S"),
        usual.environment(ServiceName.GATEWAY));
    Etc named = Etc.of(new Options.Files(null, tools, null, null), state);
    assertEquals(
        Map.of(
            "COUNTERSIGN_TOOLS_FILE", tools.toString(),
            "COUNTERSIGN_IMPORT_FOLDER", imports.toString()),
        named.environment(ServiceName.STORE));
  }

  @Test
  void eachFileInUseIsSaid() throws IOException {
    Path rules = file("managed-rules", "revision 1");
    Path env = file("approval-service.env", "");
    Path profiles = file("profiles/docs.json", "{}").getParent();
    assertEquals(
        List.of(
            "managed rules: " + rules,
            "profiles: " + profiles,
            "settings of the approval-service: " + env),
        Etc.of(Options.Files.NONE, state).used());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "managed-rules.txt",
        "managed_rules",
        "Managed-Rules",
        "managed-rules~",
        ".managed-rules",
        "tools.txt",
        "TOOLS",
        "import",
        "imports.d/dev/PERMISSIONS.json",
        "profile/docs.json",
        "approval.env",
        "approval-service.env.bak",
        "Approval-Service.env",
        "agent-gateway",
        // Of the wrong kind.
        "managed-rules/rules",
        "agent-gateway.env/x",
        "imports",
        "profiles"
      })
  void aFileThatNobodyWouldReadIsRefusedByName(String name) throws IOException {
    file(name, "revision 1");
    Path entry = state.resolve("etc").resolve(Path.of(name).getName(0));
    assertTrue(refused().startsWith(entry + " "), this::refused);
    if (!refused().contains(" must be a ")) {
      assertTrue(
          refused()
              .endsWith(
                  " may hold the files managed-rules, tools, permission-store.env,"
                      + " approval-service.env, agent-gateway.env and the folders imports,"
                      + " profiles, and nothing else"),
          this::refused);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"managed-rules", "tools", "imports", "profiles", "permission-store.env"})
  void aLinkThatLeadsNowhereIsRefused(String name) throws IOException {
    Path link = Files.createDirectories(state.resolve("etc")).resolve(name);
    Files.createSymbolicLink(link, state.resolve("nowhere"));
    assertTrue(refused().startsWith(link + " must be a "), this::refused);
  }

  @Test
  void aLinkToAFileIsAFile() throws IOException {
    Path rules = Files.writeString(state.resolve("rules-of-the-company"), "revision 1");
    Path link = Files.createDirectories(state.resolve("etc")).resolve("managed-rules");
    Files.createSymbolicLink(link, rules);
    assertEquals(List.of("managed rules: " + link), Etc.of(Options.Files.NONE, state).used());
  }

  @Test
  void aFileBesideTheFolderIsRefused() throws IOException {
    Path rules = Files.writeString(state.resolve("managed-rules"), "revision 1");
    assertEquals(
        rules + " is not read: move it to " + state.resolve("etc/managed-rules"), refused());
  }

  @Test
  void theFolderItselfMustBeOne() throws IOException {
    Path other = Files.createDirectories(state.resolve("Etc"));
    assertEquals(other + " is not read: its name must be etc", refused());
    Files.delete(other);
    Path link = Files.createSymbolicLink(state.resolve("etc"), state.resolve("nowhere"));
    assertTrue(refused().startsWith(link + " must be a folder"), this::refused);
    Files.delete(link);
    Files.writeString(link, "deny Bash(npm publish *)");
    assertTrue(refused().startsWith(link + " must be a folder"), this::refused);
  }

  @ParameterizedTest
  @ValueSource(strings = {"docs.JSON", "docs.json.bak", "docs", "more/docs.json"})
  void aProfileThatNobodyWouldReadIsRefusedByName(String name) throws IOException {
    Path profiles = state.resolve("etc/profiles");
    file("profiles/" + name, "{}");
    assertEquals(
        profiles.resolve(Path.of(name).getName(0))
            + " is not read: the folder of profiles may hold files NAME.json, and nothing else",
        assertThrows(LaunchException.class, () -> Profiles.files(profiles)).getMessage());
  }

  private String refused() {
    return assertThrows(LaunchException.class, () -> Etc.of(Options.Files.NONE, state))
        .getMessage();
  }

  @Test
  void aLineThatIsNoSettingIsNamed() throws IOException {
    Path file = file("permission-store.env", "COUNTERSIGN_X=1\ncountersign.x=2\n");
    Etc etc = Etc.of(Options.Files.NONE, state);
    assertEquals(
        file + ", line 2: it must be NAME=value, such as COUNTERSIGN_PROMPT_TIMEOUT=5M",
        assertThrows(LaunchException.class, () -> etc.environment(ServiceName.STORE)).getMessage());
  }

  @Test
  void aSettingInTheShellIsSaidNotToBePassedOnAndAClientsIsNot() {
    Etc etc = Etc.of(Options.Files.NONE, state);
    assertEquals(
        List.of(
            "COUNTERSIGN_PROMPT_TIMEOUT of this shell is not passed to the services; write it into "
                + state.resolve("etc")
                + "/SERVICE.env"),
        etc.notPassedOn(
            Map.of(
                "COUNTERSIGN_PROMPT_TIMEOUT", "1M",
                "COUNTERSIGN_URL", "http://127.0.0.1:8080",
                "COUNTERSIGN_SESSION", "local",
                "COUNTERSIGN_AGENT_TOKEN", "t",
                "COUNTERSIGN_HOOK_SECONDS", "590",
                "PATH", "/bin")));
  }
}
