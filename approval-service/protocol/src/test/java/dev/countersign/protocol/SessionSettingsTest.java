package dev.countersign.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Session settings are read strictly: nothing is converted, nothing means two things. */
class SessionSettingsTest {
  private static SessionSettings read(String json) {
    return Json.read(json.getBytes(StandardCharsets.UTF_8), SessionSettings.class);
  }

  private static List<String> tools(String tools) {
    return read("{\"engine\":{\"tools\":" + tools + "}}").engine().tools();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("refused")
  void isRefused(String field, String value) {
    String json =
        field.startsWith("engine.")
            ? "{\"engine\":{\"" + field.substring(7) + "\":" + value + "}}"
            : "{\"" + field + "\":" + value + "}";
    InvalidEventException e = assertThrows(InvalidEventException.class, () -> read(json));
    assertTrue(e.field().startsWith(field), e.getMessage());
    words(field).forEach(word -> assertTrue(e.getMessage().contains(word), e.getMessage()));
  }

  static Stream<Arguments> refused() {
    List<String> noWord =
        List.of("1", "true", "null", "[]", "{}", "[\"auto\"]", "\"\"", "\"Auto\"", "\" auto\"");
    List<String> noText = List.of("1", "1.5", "true", "null", "[]", "[\"x\"]", "{}");
    List<String> noList =
        List.of("1", "true", "null", "\"\"", "\"x\"", "[1]", "[true]", "[null]", "[[]]", "[{}]");
    List<String> noRules =
        List.of(
            "1",
            "true",
            "null",
            "\"\"",
            "\"x\"",
            "[]",
            "{\"allow\":\"x\"}",
            "{\"deny\":[1]}",
            "{\"ask\":{}}");
    List<String> noTools =
        List.of(
            "1",
            "true",
            "null",
            "\"Bash\"",
            "\"\"",
            "[1]",
            "[null]",
            "[[\"Bash\"]]",
            "{\"bash\":1}",
            "{\"bash\":\"*\"}",
            "{\"bash\":[1]}",
            "{\"bash\":{}}");
    return Stream.of(
            cases("permissionMode", noWord),
            cases("engine.permissionMode", noWord),
            cases("engine.permissionMode", List.of("\"default\"", "\"dontAsk\"")),
            cases("approvalPolicy", noWord),
            cases("executionPolicy", noWord),
            cases("profile", noWord),
            cases("profile", List.of("\"custom()\"", "\"custom(a)b\"", "\"readOnly\"")),
            cases("headless", List.of("1", "0", "\"true\"", "\"\"", "null", "[]", "[true]", "{}")),
            cases("planFile", noText),
            cases("engine.id", noText),
            cases("workspaceRoots", noList),
            cases("workspaceRoots", List.of("{}")),
            cases("engine.args", noList),
            cases("engine.args", List.of("{}")),
            cases("overlay", noRules),
            cases("project", noRules),
            cases("session", noRules),
            cases("engine.tools", noTools),
            cases("engine.injectedTools", noTools),
            cases("engine", List.of("1", "true", "null", "\"\"", "\"x\"", "[]", "[{}]")))
        .flatMap(all -> all);
  }

  private static Stream<Arguments> cases(String field, List<String> values) {
    return values.stream().map(value -> Arguments.of(field, value));
  }

  private static List<String> words(String field) {
    return switch (field) {
      case "permissionMode" -> SettingWords.PERMISSION_MODES;
      case "engine.permissionMode" -> SettingWords.ENGINE_PERMISSION_MODES;
      case "approvalPolicy" -> SettingWords.APPROVAL_POLICIES;
      case "executionPolicy" -> SettingWords.EXECUTION_POLICIES;
      case "profile" -> SettingWords.PROFILES;
      default -> List.of();
    };
  }

  @Test
  void whatIsAbsentIsNotSet() {
    SessionSettings settings = read("{\"engine\":{}}");
    assertEquals(new Engine(null, null, null, null), settings.engine());
    assertNull(settings.permissionMode());
    assertEquals(SessionSettings.none(), read("{}"));
  }

  @Test
  void toolsAreAListOrAnObjectOfLists() {
    assertEquals(List.of(), tools("[]"));
    assertEquals(List.of("Read", "Bash(git *)"), tools("[\"Read\",\"Bash(git *)\"]"));
    assertEquals(
        List.of("bash(*)", "edit", "read", "git(log)", "git(diff)"),
        tools(
            "{\"bash\":[\"*\"],\"edit\":null,\"read\":true,\"web\":false,\"none\":[],"
                + "\"git\":[\"log\",\"diff\"]}"));
  }

  @Test
  void whatIsWrittenIsReadAgain() {
    SessionSettings settings = read("{\"engine\":{\"id\":\"x\",\"tools\":{\"bash\":[\"*\"]}}}");
    assertEquals(settings, Json.read(Json.write(settings), SessionSettings.class));
  }

  @ParameterizedTest
  @CsvSource({
    "permissionMode, YOLO", "permissionMode, agent", "permissionMode, autoEdit",
    "approvalPolicy, suggest", "approvalPolicy, never", "profile, workspace-write"
  })
  void olderWordsAreSentToTheImport(String field, String word) {
    InvalidEventException e =
        assertThrows(
            InvalidEventException.class, () -> read("{\"" + field + "\":\"" + word + "\"}"));
    assertTrue(e.getMessage().contains("not \"" + word + "\""), e.getMessage());
    assertTrue(e.getMessage().endsWith("POST /v1/settings/import translates older words"));
  }

  @ParameterizedTest
  @CsvSource({"mode", "approval_mode", "approvalMode", "allow_shell", "trust_mode", "sandbox_mode"})
  void olderNamesAreSentToTheImport(String name) {
    for (String at : List.of("%s", "engine.%s")) {
      String inner = "{\"" + name + "\":true}";
      String json = at.startsWith("engine") ? "{\"engine\":" + inner + "}" : inner;
      InvalidEventException e = assertThrows(InvalidEventException.class, () -> read(json));
      assertEquals(at.formatted(name), e.field());
      assertTrue(e.getMessage().contains("/v1/settings/import"), e.getMessage());
    }
  }
}
