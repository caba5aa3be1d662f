package dev.countersign.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.local.CommandWire.Refusal;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.OlderSettings;
import dev.countersign.protocol.SettingWords;
import dev.countersign.protocol.token.Roles;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Session settings through the whole system: whichever way they come, they mean the same. */
@Timeout(300)
@ExtendWith(SystemFixture.Provider.class)
class SessionSettingsIT {
  private static final List<String> NO_WORD =
      List.of(
          "1", "1.5", "true", "null", "[]", "{}", "[\"auto\"]", "\"\"", "\"AUTO\"", "\"auto \"");
  private static final List<String> NO_TEXT = List.of("1", "true", "null", "[\"x\"]", "{}");
  private static final List<String> NO_LIST = List.of("1", "true", "null", "\"x\"", "{}", "[1]");
  private static final List<String> NO_RULES =
      List.of("1", "null", "\"x\"", "[]", "{\"deny\":\"x\"}", "{\"deny\":[1]}");
  private static final List<String> NO_TOOLS =
      List.of("1", "true", "null", "\"Bash\"", "[1]", "{\"bash\":1}", "{\"bash\":\"*\"}");

  private final SystemFixture system;

  SessionSettingsIT(SystemFixture system) {
    this.system = system;
  }

  private static Map<String, List<String>> wrong() {
    Map<String, List<String>> wrong = new LinkedHashMap<>();
    wrong.put("permissionMode", with(NO_WORD, "\"YOLO\""));
    wrong.put("engine.permissionMode", with(NO_WORD, "\"default\"", "\"dontAsk\"", "\"Plan\""));
    wrong.put("approvalPolicy", with(NO_WORD, "\"never\""));
    wrong.put("executionPolicy", NO_WORD);
    wrong.put("profile", with(NO_WORD, "\"read-only\"", "\"custom()\""));
    wrong.put("headless", List.of("1", "\"true\"", "null", "[true]", "{}"));
    wrong.put("workspaceRoots", with(NO_LIST, "[\"relative\"]", "[null]"));
    wrong.put("planFile", with(NO_TEXT, "\"relative\""));
    wrong.put("overlay", NO_RULES);
    wrong.put("project", NO_RULES);
    wrong.put("session", NO_RULES);
    wrong.put("engine", List.of("1", "null", "\"x\"", "[]"));
    wrong.put("engine.id", NO_TEXT);
    wrong.put("engine.tools", NO_TOOLS);
    wrong.put("engine.injectedTools", NO_TOOLS);
    wrong.put("engine.args", with(NO_LIST, tooMany()));
    for (String older : OlderSettings.NAMES) {
      wrong.put(older, List.of("\"YOLO\"", "true", "null"));
    }
    return wrong;
  }

  private static List<String> with(List<String> values, String... more) {
    List<String> all = new ArrayList<>(values);
    all.addAll(List.of(more));
    return all;
  }

  private static String tooMany() {
    return "[" + "\"x\",".repeat(1000) + "\"x\"]";
  }

  private static List<String> words(String setting) {
    return switch (setting) {
      case "permissionMode" -> SettingWords.PERMISSION_MODES;
      case "engine.permissionMode" -> SettingWords.ENGINE_PERMISSION_MODES;
      case "approvalPolicy" -> SettingWords.APPROVAL_POLICIES;
      case "executionPolicy" -> SettingWords.EXECUTION_POLICIES;
      case "profile" -> SettingWords.PROFILES;
      default -> List.of();
    };
  }

  @Test
  void aWrongValueIsRefusedAlikeOnEverySurface() {
    Agent agent = system.newAgent();
    try (CommandWire kafka = new CommandWire(system.stack(), agent.user())) {
      wrong()
          .forEach(
              (setting, values) ->
                  values.forEach(
                      value -> {
                        String json = settings(setting, value);
                        Refusal start = http(agent.person().post("/v1/sessions", tree(json)));
                        String what = setting + " = " + value + ": " + start;
                        assertEquals("invalid_setting", start.code(), what);
                        assertTrue(start.field().startsWith(setting), what);
                        words(setting)
                            .forEach(word -> assertTrue(start.detail().contains(word), what));
                        String path = "/v1/sessions/" + agent.sessionId();
                        assertEquals(start, http(agent.person().patch(path, tree(json))), what);
                        assertEquals(start, rpc(agent, setting, value), what);
                        assertEquals(start, kafka.refused(agent.sessionId(), "set", json), what);
                        assertEquals(start, kafka.refused(system.newId(), "start", json), what);
                      }));
    }
  }

  private static String settings(String setting, String value) {
    return setting.startsWith("engine.")
        ? "{\"engine\":{\"" + setting.substring(7) + "\":" + value + "}}"
        : "{\"" + setting + "\":" + value + "}";
  }

  private static JsonNode tree(String json) {
    return Json.readTree(json.getBytes(StandardCharsets.UTF_8));
  }

  private static Refusal http(Gateway.Reply reply) {
    assertEquals(400, reply.status(), () -> reply.body().toString());
    JsonNode body = reply.body();
    return new Refusal(
        body.path("code").asText(),
        body.path("errors").path(0).path("field").asText(),
        body.path("detail").asText());
  }

  private static Refusal rpc(Agent agent, String setting, String value) {
    ObjectNode call = Json.mapper().createObjectNode();
    call.put("jsonrpc", "2.0").put("id", 1).put("method", "set_config_option");
    call.putObject("params").put("configId", setting).set("value", tree(value));
    JsonNode error =
        agent
            .person()
            .post("/v1/sessions/" + agent.sessionId() + "/commands", call)
            .orThrow()
            .path("error");
    assertEquals(-32602, error.path("code").asInt(), () -> setting + " = " + value + error);
    JsonNode data = error.path("data");
    return new Refusal(
        data.path("code").asText(), data.path("field").asText(), data.path("detail").asText());
  }

  @Test
  void anEnginesLaunchIsWhatWasDecided() {
    Map<String, ?> anything =
        Map.of(
            "engine",
            Map.of(
                "id",
                "claude-code",
                "tools",
                Map.of("bash", List.of("*"), "edit", true),
                "args",
                List.of("-p", "hi", "--permission-mode=auto", "--settings", "/tmp/s.json")));
    assertLaunch(anything, "auto", "lowered", "removed", "removed");
    assertLaunch(anything, "bypassPermissions", List.of(Roles.BYPASS), "removed", "removed");
    assertLaunch(
        Map.of(
            "engine",
            Map.of(
                "id",
                "claude-code",
                "tools",
                List.of("Read", "Bash(*)"),
                "injectedTools",
                Map.of("bash", List.of("*")),
                "args",
                List.of("-p", "hi"))),
        "acceptEdits");
  }

  private void assertLaunch(Map<String, ?> settings, String mode, String... warnings) {
    assertLaunch(settings, mode, List.of(), warnings);
  }

  private void assertLaunch(
      Map<String, ?> settings, String mode, List<String> roles, String... warnings) {
    Agent agent = system.newAgent(settings, roles.toArray(String[]::new));
    JsonNode view = agent.person().get("/v1/sessions/" + agent.sessionId()).orThrow();
    assertEquals(mode, view.path("permissionMode").asText());
    assertEquals("engine_tools", view.path("modeSource").asText());
    assertEquals(
        List.of("--permission-mode", mode, "-p", "hi"),
        Json.mapper().convertValue(view.path("engineArgs"), List.class));
    assertEquals(warnings.length, view.path("warnings").size(), view::toString);
    for (int i = 0; i < warnings.length; i++) {
      String warning = view.path("warnings").path(i).asText();
      assertTrue(warning.contains(warnings[i]), warning);
    }
  }

  @Test
  void anEngineFollowsAModeThatIsSetLater() {
    Agent agent =
        system.newAgent(Map.of("engine", Map.of("id", "codex", "permissionMode", "acceptEdits")));
    String path = "/v1/sessions/" + agent.sessionId();
    JsonNode set = agent.person().patch(path, Map.of("permissionMode", "plan")).orThrow();
    assertEquals("read-only", set.path("engineArgs").path(1).asText(), set::toString);
    JsonNode later =
        agent.person().patch(path, Map.of("engine", Map.of("permissionMode", "auto"))).orThrow();
    assertEquals("plan", later.path("permissionMode").asText());
  }
}
