package dev.countersign.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
                "COUNTERSIGN_AGENT_TOKEN", "t",
                "COUNTERSIGN_HOOK_SECONDS", "590",
                "PATH", "/bin")));
  }
}
