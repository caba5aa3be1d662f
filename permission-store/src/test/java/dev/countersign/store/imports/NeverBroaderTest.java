package dev.countersign.store.imports;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.policy.Authority;
import dev.countersign.policy.CompiledPolicy;
import dev.countersign.policy.InvalidRulesException;
import dev.countersign.policy.OverrideLevel;
import dev.countersign.policy.PermissionMode;
import dev.countersign.policy.Permissions;
import dev.countersign.policy.PolicySource;
import dev.countersign.policy.Rule;
import dev.countersign.policy.RuleEffect;
import dev.countersign.policy.RuleScope;
import dev.countersign.policy.ToolCall;
import dev.countersign.policy.UserOverride;
import dev.countersign.policy.Verdict;
import dev.countersign.protocol.UserDocument;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Thousands of generated settings, each decided twice: by a naive reading of the agent's own order,
 * and by the real policy on what the import made of it. The import never allows what the file does
 * not, and a deny is only lost where the report says so.
 */
class NeverBroaderTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private static final int FILES = 1000;
  private static final List<String> COMMANDS =
      List.of("fob", "fob up", "fob up now", "fob down", "fobs", "bar", "bar up", "bar up x");
  private static final List<String> GLOBS =
      List.of(
          "*",
          "fob *",
          "fob*",
          "fob",
          "fob up",
          "fob up *",
          "fob up*",
          "* up",
          "f*p",
          "bar *",
          "bar ?p",
          "bar",
          "fob d*n",
          "b*");
  private static final List<String> PREFIXES =
      List.of("fob", "fob up", "bar", "bar up", "fob down", "fob up now");
  private static final List<String> REGEXES =
      List.of("fob (up|down)", "fob\\s+up", "ba.*", "bar", "(fob|bar) up", "fob|bar");
  private static final List<String> PATHS =
      List.of(
          "README.md",
          "src/a.ts",
          "src/deep/a.ts",
          "a.lock",
          "src/b.lock",
          "docs/x.md",
          "docs/d/y",
          "abc",
          "src/gen-1.ts",
          "src/gen-x/y.ts",
          "x.ts",
          "README.md/z");
  private static final List<String> PATH_GLOBS =
      List.of(
          "*",
          "src/*",
          "src/*.ts",
          "*.lock",
          "docs/**",
          "README.md",
          "src/gen-*.ts",
          "**/x.ts",
          "a?c",
          "docs",
          "*/a.ts",
          "src/**/a.ts",
          "*.ts",
          "s*",
          "**");
  private static final List<String> EFFECTS = List.of("allow", "ask", "deny");

  /** One line of a generated file: an expression for the commands it fits, and what it says. */
  private record Line(Pattern fits, String effect, int rank) {}

  @Test
  void opencode() throws UnreadableFileException {
    int allowed = opencode(7, "bash", GLOBS, COMMANDS, command -> Map.of("command", command));
    assertTrue(allowed > FILES / 2, allowed + " allowed");
  }

  @Test
  void opencodeEdits() throws UnreadableFileException {
    int allowed =
        opencode(
            13,
            "edit",
            PATH_GLOBS,
            PATHS,
            path -> Map.of("filePath", "/proj/" + path, "newString", "x"));
    assertTrue(allowed > FILES / 2, allowed + " allowed");
  }

  /** How many calls of a tool are allowed here, over all files whose rules for it are of globs. */
  private static int opencode(
      int seed,
      String tool,
      List<String> globs,
      List<String> subjects,
      Function<String, Map<String, Object>> inputs)
      throws UnreadableFileException {
    Random random = new Random(seed);
    int allowed = 0;
    for (int file = 0; file < FILES; file++) {
      List<Line> lines = new ArrayList<>();
      Map<String, String> map = new LinkedHashMap<>();
      for (int i = 1 + random.nextInt(5); i > 0; i--) {
        map.putIfAbsent(pick(random, globs), pick(random, EFFECTS));
      }
      map.forEach((glob, effect) -> lines.add(0, new Line(glob(glob), effect, 0)));
      String text =
          map.entrySet().stream()
              .map(e -> "\"%s\": \"%s\"".formatted(e.getKey(), e.getValue()))
              .collect(
                  Collectors.joining(",\n", "{\"permission\": {\"" + tool + "\": {\n", "\n}}}"));
      allowed +=
          check(
              new OpencodeSettings(),
              text,
              subjects,
              subject -> call(tool, inputs.apply(subject)),
              subject -> first(lines, subject));
    }
    return allowed;
  }

  @Test
  void geminiCli() throws UnreadableFileException {
    Random random = new Random(11);
    int allowed = 0;
    for (int file = 0; file < FILES; file++) {
      List<Line> lines = new ArrayList<>();
      StringBuilder text = new StringBuilder();
      for (int i = 1 + random.nextInt(5); i > 0; i--) {
        String effect = pick(random, EFFECTS);
        int priority = random.nextInt(4);
        text.append("[[rule]]\ntoolName = \"run_shell_command\"\n");
        Pattern fits = Pattern.compile("");
        switch (random.nextInt(3)) {
          case 0 -> {
            String prefix = pick(random, PREFIXES);
            text.append("commandPrefix = \"%s\"\n".formatted(prefix));
            fits = Pattern.compile(prefix + "(?:\\s|$)");
          }
          case 1 -> {
            String regex = pick(random, REGEXES);
            text.append("commandRegex = '%s'\n".formatted(regex));
            fits = Pattern.compile(regex.equals("fob|bar") ? "fob|.*bar" : regex);
          }
          default -> {}
        }
        String word = effect.equals("ask") ? "ask_user" : effect;
        text.append("decision = \"%s\"\npriority = %d\n".formatted(word, priority));
        lines.add(new Line(fits, effect, priority));
      }
      lines.sort(Comparator.comparingInt(Line::rank).reversed());
      allowed +=
          check(
              new GeminiFiles(),
              text.toString(),
              COMMANDS,
              command -> call("run_shell_command", Map.of("command", command)),
              command -> first(lines, command));
    }
    assertTrue(allowed > FILES / 2, allowed + " allowed");
  }

  private interface Source {
    String decide(String command);
  }

  private static ToolCall call(String tool, Map<String, Object> input) {
    return new ToolCall(tool, input, "/proj", "/home/ann", Map.of(), null, null);
  }

  /** How many of the subjects are allowed here. */
  private static int check(
      SettingsReader reader,
      String text,
      List<String> subjects,
      Function<String, ToolCall> calls,
      Source source)
      throws UnreadableFileException {
    List<Item> items = reader.read(text);
    Merge.Merged merged = Merge.of(items, UserDocument.EMPTY, false, NOW);
    boolean denyLost =
        merged.lines().stream()
            .anyMatch(
                line ->
                    line.outcome() == ReportLine.Outcome.LEFT_OUT
                        && line.source().contains("deny")
                        && !line.note().startsWith("never reached"));
    CompiledPolicy policy = compile(merged.document());
    int allowed = 0;
    for (String command : subjects) {
      String there = source.decide(command);
      String here = decide(policy, calls.apply(command));
      String shown =
          "%s is %s there and %s here%n%s%n%s"
              .formatted(command, there, here, text, merged.lines());
      assertTrue(!here.equals("allow") || there.equals("allow"), shown);
      assertTrue(!there.equals("deny") || here.equals("deny") || denyLost, shown);
      allowed += here.equals("allow") ? 1 : 0;
    }
    return allowed;
  }

  private static String first(List<Line> lines, String command) {
    return lines.stream()
        .filter(line -> line.fits().matcher(command).lookingAt())
        .findFirst()
        .map(Line::effect)
        .orElse("none");
  }

  private static Pattern glob(String glob) {
    String regex =
        glob.chars()
            .mapToObj(c -> c == '*' ? ".*" : c == '?' ? "." : Pattern.quote("" + (char) c))
            .collect(Collectors.joining());
    return glob.endsWith(" *")
        ? Pattern.compile(
            "(?:%s|%s)$".formatted(regex, Pattern.quote(glob.substring(0, glob.length() - 2))))
        : Pattern.compile(regex + "$");
  }

  private static <T> T pick(Random random, List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private static String decide(CompiledPolicy policy, ToolCall call) {
    Verdict verdict = Authority.decide(policy, call, null, List.of()).verdict();
    return verdict instanceof Verdict.Allow
        ? "allow"
        : verdict instanceof Verdict.Deny ? "deny" : "ask";
  }

  private static CompiledPolicy compile(UserDocument document) {
    List<Rule> rules = new ArrayList<>();
    document.rules().allow().forEach(r -> rules.add(new Rule(RuleScope.USER, RuleEffect.ALLOW, r)));
    document.rules().ask().forEach(r -> rules.add(new Rule(RuleScope.USER, RuleEffect.ASK, r)));
    document.rules().deny().forEach(r -> rules.add(new Rule(RuleScope.USER, RuleEffect.DENY, r)));
    List<UserOverride> overrides = new ArrayList<>();
    document
        .tools()
        .forEach(
            (tool, settled) -> {
              OverrideLevel.of(settled.level())
                  .ifPresent(level -> overrides.add(new UserOverride(tool, null, level)));
              settled
                  .resources()
                  .forEach(
                      (resource, entry) ->
                          overrides.add(
                              new UserOverride(
                                  tool, resource, OverrideLevel.of(entry.level()).orElseThrow())));
            });
    Permissions permissions =
        new Permissions(PermissionMode.DEFAULT, null, null, null, false, List.of("/proj"), null);
    try {
      return CompiledPolicy.compile(
          new PolicySource(permissions, rules, overrides, List.of(), true));
    } catch (InvalidRulesException e) {
      throw new AssertionError(e.problems().toString(), e);
    }
  }
}
