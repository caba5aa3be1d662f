package dev.countersign.approval.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.policy.tools.ToolCatalogue;
import dev.countersign.protocol.ToolView;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operator's tools: how they are read, and how they are shown. */
class ToolsFileTest {
  @TempDir Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("tools.txt"), text);
  }

  private static List<String> names(List<ToolView> views) {
    return views.stream().map(ToolView::name).toList();
  }

  @Test
  void aHiddenToolIsFoundByItsExactNameOnly() {
    ToolCatalogue tools = ToolCatalogue.shipped();
    List<String> groups = names(ToolViews.all(tools).tools());
    assertTrue(groups.containsAll(List.of("claude-code", "codex", "gemini-cli", "opencode")));
    assertFalse(groups.contains("messaging"));
    ToolView hidden = ToolViews.named(tools, "send_reply").orElseThrow();
    assertTrue(hidden.hiddenInPermissions());
    assertEquals("always", hidden.defaultLevel());
    assertEquals("other", hidden.kind());
    assertEquals(Optional.empty(), ToolViews.named(tools, "Send_Reply"));
    ToolView group = ToolViews.named(tools, "messaging").orElseThrow();
    assertTrue(group.hiddenInPermissions());
    assertEquals(List.of("send_reply", "send_media_reply"), names(group.subTools()));
  }

  @Test
  void aGroupIsShownWithWhatIsVisibleOfIt() throws IOException {
    ToolCatalogue tools =
        ToolsFile.read(
            file("[ours] Ours\na_tool other - ask | A\nb_tool other - never hidden | B\n"));
    ToolView ours =
        ToolViews.all(tools).tools().stream()
            .filter(g -> g.name().equals("ours"))
            .findFirst()
            .orElseThrow();
    assertEquals(List.of("a_tool"), names(ours.subTools()));
    assertEquals("ask", ours.subTools().get(0).defaultLevel());
    assertEquals(
        List.of("a_tool", "b_tool"),
        names(ToolViews.named(tools, "ours").orElseThrow().subTools()));
  }

  @Test
  void aFileWithErrorsIsRefusedAndEveryLineIsNamed() throws IOException {
    Path file = file("[ours] Ours\na_tool oter - - | A\n\nb_tool other - sometimes | B\n");
    String message =
        assertThrows(ConfigurationException.class, () -> ToolsFile.read(file)).getMessage();
    assertTrue(
        message.startsWith(
            "approval-service does not start: countersign.tools-file: the file " + file),
        message);
    assertEquals(1, message.lines().count(), message);
    assertTrue(message.contains("line 2: \"oter\" is no kind"), message);
    assertTrue(message.contains("line 4: \"sometimes\" is no default"), message);
  }

  @Test
  void aFileThatCannotBeReadIsRefused() throws IOException {
    Path missing = folder.resolve("nothing");
    assertThrows(ConfigurationException.class, () -> ToolsFile.read(missing));
    Path binary = Files.write(folder.resolve("binary"), new byte[] {'[', (byte) 0xff, ']'});
    assertThrows(ConfigurationException.class, () -> ToolsFile.read(binary));
    assertEquals(
        ToolCatalogue.shipped().all().size(),
        ToolsFile.read(Files.write(folder.resolve("empty"), "".getBytes(StandardCharsets.UTF_8)))
            .all()
            .size());
  }

  @Test
  void theExampleOfTheManualCanBeUsed() throws IOException {
    String manual = Files.readString(Path.of("..", "..", "docs", "operations.md"));
    Matcher example =
        Pattern.compile("## Tools\n.*?```text\n(.*?)```", Pattern.DOTALL).matcher(manual);
    assertTrue(example.find());
    ToolCatalogue tools = ToolsFile.read(file(example.group(1)));
    assertTrue(tools.knows("mcp__books__query"));
    assertEquals(4, tools.group("mcp__books").orElseThrow().tools().size());
  }
}
