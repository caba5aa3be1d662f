package dev.countersign.gateway.hooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.gateway.http.ProblemException;
import dev.countersign.protocol.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever may be about a tool is a tool call that can be read whole, or refused. */
class HookInputTest {
  private static final String BASH =
      "\"session_id\":\"s\",\"tool_name\":\"Bash\",\"tool_input\":{\"command\":\"ls\"}";

  private static HookInput read(String input) {
    return HookInput.read(input.getBytes(StandardCharsets.UTF_8));
  }

  private static HookInput named(String name, String rest) {
    return read("{\"hook_event_name\":" + name + "," + rest + "}");
  }

  private static void refused(HookInput input, String why) {
    String said = assertInstanceOf(HookInput.Refused.class, input).why();
    assertTrue(said.contains(why), said);
  }

  @Test
  void aWholeToolCallIsOne() {
    ClaudeCodeEvent event =
        assertInstanceOf(HookInput.ToolUse.class, named("\"PreToolUse\"", BASH)).event();
    assertEquals("Bash", event.toolName());
    assertEquals("ls", event.toolInput().path("command").asText());
  }

  @Test
  void withoutTheNameOfItsEventAToolIsRefused() {
    refused(read("{" + BASH + "}"), "hook_event_name must be PreToolUse");
    refused(read("{\"hookEventName\":\"PreToolUse\"," + BASH + "}"), "hook_event_name must be");
    refused(read("{}"), "hook_event_name must be PreToolUse");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "\"\"",
        "\" \"",
        "7",
        "[\"PreToolUse\"]",
        "{\"a\":\"Stop\"}",
        "\"pretooluse\"",
        "\"PRETOOLUSE\"",
        "\" PreToolUse\"",
        "\"PreToolUse \"",
        "\"posttooluse\"",
        "\"POSTTOOLUSE\"",
        "\"stop\"",
        "\"Stop \"",
        "\"PermissionRequest\"",
        "\"SomethingNew\""
      })
  void byAnotherNameThanThatOfAToolCallAToolIsRefused(String name) {
    refused(named(name, BASH), "hook_event_name must be PreToolUse");
    refused(named(name, "\"toolName\":\"Bash\""), "hook_event_name must be PreToolUse");
    refused(named(name, "\"TOOL\":null"), "hook_event_name must be PreToolUse");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "\"\"", "\" \"", "7", "\"pretooluse\"", "\" PRETOOLUSE \""})
  void whatMayBeAToolCallIsRefusedThoughItNamesNoTool(String name) {
    refused(named(name, "\"session_id\":\"s\""), "hook_event_name must be PreToolUse");
  }

  @ParameterizedTest
  @MethodSource(HookEvents.THAT_ONLY_TELL)
  void anEventThatOnlyTellsSomethingPassesWhateverItNames(String name) {
    HookInput input = named("\"" + name + "\"", BASH);
    assertEquals(name, assertInstanceOf(HookInput.Telling.class, input).event().name());
  }

  @Test
  void anUnknownEventThatNamesNoToolPasses() {
    assertInstanceOf(HookInput.Other.class, named("\"PreCompact\"", "\"session_id\":\"s\""));
    // A text may speak of tools.
    assertInstanceOf(
        HookInput.Other.class, named("\"Notification\"", "\"message\":\"Use the tool_name\""));
  }

  @Test
  void whatCannotBeReadIsAToolCallUnlessItSaysOtherwiseOnce() {
    refused(HookInput.read(null), "it must be JSON");
    refused(read(""), "it must be JSON");
    refused(read(" ".repeat(Json.MAX_REQUEST_BYTES) + "{}"), "it must be JSON");
    refused(read("[]"), "it must be a JSON object");
    refused(read("{\"hook_event_name\":\"Stop\""), "");
    refused(named("\"Stop\"", "\"hook_event_name\":\"PreToolUse\"," + BASH), "hook_event_name");
    String rows = "1,".repeat(160_000) + "1";
    HookInput large = named("\"PostToolUse\"", BASH + ",\"tool_response\":[" + rows + "]");
    ClaudeCodeEvent event = assertInstanceOf(HookInput.Telling.class, large).event();
    assertEquals("Bash", event.toolName());
    refused(named("\"PreToolUse\"", BASH + ",\"more\":[" + rows + "]"), "");
    assertThrows(ProblemException.class, () -> named("\"Stop\"", "\"session_id\":4"));
  }
}
