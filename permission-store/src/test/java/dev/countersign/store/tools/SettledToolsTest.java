package dev.countersign.store.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.policy.tools.InvalidToolsException;
import dev.countersign.policy.tools.ToolCatalogue;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.UserDocument;
import dev.countersign.protocol.UserTools;
import dev.countersign.protocol.UserTools.Settled;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What people see of their permissions, tool by tool. */
class SettledToolsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  private static UserTools settled(ToolCatalogue tools, String document) {
    UserDocument read = Json.read(document.getBytes(StandardCharsets.UTF_8), UserDocument.class);
    return SettledTools.of(tools, "ann", 7, read, NOW);
  }

  private static Settled find(UserTools tools, String name) {
    return Stream.concat(
            tools.tools().stream().flatMap(g -> g.subTools().stream()), tools.others().stream())
        .filter(t -> t.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aLevelIsTheUsersOwnElseTheDefaultElseTheModes() throws InvalidToolsException {
    ToolCatalogue tools =
        ToolCatalogue.shipped()
            .extended(List.of("WebSearch = = ask", "[ours] Ours", "a_tool other - never | A"));
    UserTools all =
        settled(
            tools, "{\"tools\":{\"Bash\":{\"level\":\"ask\"},\"a_tool\":{\"level\":\"always\"}}}");
    assertEquals(7, all.version());
    Settled bash = find(all, "Bash");
    assertEquals("ask", bash.level());
    assertEquals("override", bash.source());
    assertNull(bash.defaultLevel());
    assertEquals("execute", bash.kind());
    Settled search = find(all, "WebSearch");
    assertEquals("ask", search.level());
    assertEquals("default", search.source());
    Settled read = find(all, "Read");
    assertNull(read.level());
    assertEquals("mode", read.source());
    Settled ours = find(all, "a_tool");
    assertEquals("always", ours.level());
    assertEquals("never", ours.defaultLevel());
  }

  @Test
  void resourcesThatEndedAreGone() {
    UserTools all =
        settled(
            ToolCatalogue.shipped(),
            """
            {"tools":{"Bash":{"resources":{
              "make x":{"level":"always"},
              "make y":{"level":"always","until":"2026-01-01T12:00:00Z"},
              "make z":{"level":"never","until":"2026-01-01T12:00:01Z"}}}}}
            """);
    Settled bash = find(all, "Bash");
    assertEquals(Set.of("make x", "make z"), bash.resources().keySet());
    assertEquals("mode", bash.source());
  }

  @Test
  void hiddenToolsAreLeftOutAndUnknownOnesAreNot() {
    UserTools all =
        settled(
            ToolCatalogue.shipped(),
            """
            {"tools":{"send_reply":{"level":"never"},"mcp__books__query":{"level":"always"},
              "a/tool":{"resources":{"x":{"level":"ask"}}}}}
            """);
    assertTrue(all.tools().stream().noneMatch(g -> g.name().equals("messaging")));
    assertEquals(
        List.of("a/tool", "mcp__books__query"), all.others().stream().map(Settled::name).toList());
    assertEquals("other", find(all, "mcp__books__query").kind());
    assertEquals("override", find(all, "mcp__books__query").source());
  }
}
