package dev.countersign.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What no agent may change unasked stays so where its name is made while the command runs. */
class OtherNamesTest {
  private static final String RULE = "an-agent-never-widens-its-own-authority-unasked";

  /** Ways to write the file: what comes before the command, and what stands for the name. */
  private static final List<List<String>> WAYS =
      List.of(
          List.of("", ".claude/$F"),
          List.of("", ".claude/$(echo settings.json)"),
          List.of("", ".claude/`echo settings.json`"),
          List.of("", ".claude/settings$F.json"),
          List.of("", "\"$CLAUDE_PROJECT_DIR/.claude/settings.json\""),
          List.of("", "\"$D\"/.claude/$F"),
          List.of("D=$PWD/.claude; ", "$D/settings.json"),
          List.of("D=\"$X/.claude\"; ", "\"$D\"/settings.json"),
          List.of("D=.claude/$X; ", "$D"),
          List.of("cd $X/.claude; ", "settings.json"),
          List.of("cd \"$X\" && cd .claude; ", "settings.json"),
          List.of("pushd $X/.claude; ", "./settings.json"),
          List.of("for f in .claude/s*; do ", "$f"),
          List.of("for f in \"$X\"/.claude/settings*; do ", "\"$f\""));

  @Test
  void everyWayToNameTheFile() {
    List<String> wrong = new ArrayList<>();
    int seen = 0;
    for (Scenario scenario : Scenario.all()) {
      String command = command(scenario);
      if (command == null || !written(command)) {
        continue;
      }
      for (List<String> way : WAYS) {
        seen++;
        String end = way.get(0).startsWith("for ") ? "; done" : "";
        String other = way.get(0) + command.replace(".claude/settings.json", way.get(1)) + end;
        if (!effect(scenario, "bypassPermissions", other).equals("deny")
            || effect(scenario, "acceptEdits", other).equals("allow")) {
          wrong.add(other);
        }
      }
    }
    assertTrue(seen > 200, seen + " spellings");
    assertEquals(List.of(), wrong);
  }

  @Test
  void aFolderByAGlobForItsName() {
    List<String> wrong = new ArrayList<>();
    int seen = 0;
    for (Scenario scenario : Scenario.all()) {
      String command = command(scenario);
      if (command == null || !command.matches(".*\\.claude( .*|$)")) {
        continue;
      }
      for (String glob : List.of(".claud?", ".claude*", ".cl*", ".[c]laude", ".claud[e-f]")) {
        seen++;
        String other = command.replaceAll("\\.claude(?= |$)", glob);
        if (!effect(scenario, "bypassPermissions", other).equals("deny")
            || effect(scenario, "acceptEdits", other).equals("allow")) {
          wrong.add(other);
        }
      }
    }
    assertTrue(seen >= 15, seen + " globs");
    assertEquals(List.of(), wrong);
  }

  private static String command(Scenario scenario) {
    boolean deny = scenario.name().startsWith(RULE) && scenario.then().equals("deny");
    Object input = ((Map<?, ?>) scenario.input().get("toolCall")).get("input");
    return deny ? (String) ((Map<?, ?>) input).get("command") : null;
  }

  /** Whether the name stands there as a word of its own, which a way to write it may replace. */
  private static boolean written(String command) {
    return command.matches("(?s).*(^|[ =])\\.claude/settings\\.json( .*|$)")
        && !command.contains("\"")
        && !command.startsWith("git ");
  }

  private static String effect(Scenario scenario, String mode, String command) {
    Map<String, Object> input = new LinkedHashMap<>(scenario.input());
    Map<String, Object> call = new LinkedHashMap<>();
    ((Map<?, ?>) input.get("toolCall")).forEach((k, v) -> call.put((String) k, v));
    call.put("input", Map.of("command", command));
    input.put("toolCall", call);
    input.put("mode", mode);
    return (String) Evaluation.evaluate(input).get("effect");
  }
}
