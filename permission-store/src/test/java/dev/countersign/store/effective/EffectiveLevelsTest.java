package dev.countersign.store.effective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.document.DocumentPolicy;
import dev.countersign.document.DocumentText;
import dev.countersign.policy.Authority;
import dev.countersign.policy.CompiledPolicy;
import dev.countersign.policy.DecidedBy;
import dev.countersign.policy.EffectiveLevel;
import dev.countersign.policy.EffectiveLevel.Source;
import dev.countersign.policy.InvalidRulesException;
import dev.countersign.policy.NamedCall;
import dev.countersign.policy.OverrideLevel;
import dev.countersign.policy.PermissionMode;
import dev.countersign.policy.Permissions;
import dev.countersign.policy.PolicySource;
import dev.countersign.policy.RuleScope;
import dev.countersign.policy.Verdict;
import dev.countersign.protocol.RuleSet;
import dev.countersign.protocol.UserDocument;
import dev.countersign.store.document.Change;
import dev.countersign.store.document.Documents;
import dev.countersign.store.document.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The level that a document is said to come to is the one that the gate goes by. */
class EffectiveLevelsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final String CWD = "/proj";
  private static final String HOME = "/home/u";
  private static final int DOCUMENTS = 400;
  private static final int CHANGES = 10;

  /** By tool: what overrides and calls name. */
  private static final Map<String, List<String>> RESOURCES =
      Map.of(
          "Bash",
          List.of(
              "npm test",
              "npm test --watch",
              "npm *",
              "npm run *",
              "npm run build",
              "git push",
              "git push origin main",
              "git *",
              "npm test && git push",
              "ls",
              "$(echo npm) test"),
          "shell",
          List.of("make", "make all", "make *"),
          "Read",
          List.of("/etc/hosts", "/proj/a.txt", "~/.ssh/**", "~/.ssh/id", "/proj/**", "b.txt"),
          "Edit",
          List.of("/proj/a.txt", "/proj/src/b.txt", "/proj/**", "/srv/x", "/proj/.git/config"),
          "WebFetch",
          List.of("example.com", "www.example.com", "*.example.com", "domain:other.org"),
          "Task",
          List.of("reviewer", "tester"),
          "mcp__mail__send",
          List.of("a", "b"),
          "send_reply",
          List.of("x"));

  private static final List<String> TOOLS = RESOURCES.keySet().stream().sorted().toList();

  private static final List<String> RULES =
      List.of(
          "Bash(npm *)",
          "Bash(git push *)",
          "Bash",
          "Read(//etc/**)",
          "Edit",
          "Edit(/proj/**)",
          "WebFetch(domain:example.com)",
          "mcp__mail__send",
          "Agent(tester)",
          "send_reply");

  private final Random random = new Random(20260101);

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private UserDocument document() {
    UserDocument document = new UserDocument(1, new RuleSet(rules(), rules(), rules()), null);
    String text = DocumentText.write(document);
    for (int i = random.nextInt(CHANGES); i > 0; i--) {
      String tool = any(TOOLS);
      String resource = random.nextInt(3) == 0 ? null : any(RESOURCES.get(tool));
      String level = any(List.of("always", "ask", "never"));
      String until = random.nextInt(4) == 0 ? "2026-01-02T00:00:00Z" : null;
      Outcome outcome =
          Documents.apply(
              new Change.SetOverride(tool, resource, level, random.nextBoolean(), until),
              text,
              NOW);
      if (outcome instanceof Outcome.Changed changed) {
        text = changed.text();
      }
    }
    return DocumentText.read(text);
  }

  private List<String> rules() {
    List<String> rules = new ArrayList<>();
    RULES.stream().filter(rule -> random.nextInt(8) == 0).forEach(rules::add);
    return rules;
  }

  /** As the approval service puts a session's policy together. */
  private static CompiledPolicy gate(UserDocument document, PermissionMode mode, Instant now) {
    Permissions permissions = new Permissions(mode, null, null, null, false, List.of(CWD), null);
    try {
      return CompiledPolicy.compile(
          new PolicySource(
              permissions,
              DocumentPolicy.rules(RuleScope.USER, document.rules()),
              DocumentPolicy.overrides(document, now),
              List.of(),
              true));
    } catch (InvalidRulesException e) {
      throw new AssertionError(e.problems().toString(), e);
    }
  }

  @Test
  void itIsTheLevelThatTheGateGoesBy() {
    Map<Source, Integer> seen = new EnumMap<>(Source.class);
    for (int i = 0; i < DOCUMENTS; i++) {
      UserDocument document = document();
      Instant now = random.nextInt(4) == 0 ? NOW.plusSeconds(86_400) : NOW;
      for (PermissionMode mode :
          List.of(PermissionMode.DEFAULT, PermissionMode.AUTO, PermissionMode.DONT_ASK)) {
        CompiledPolicy gate = gate(document, mode, now);
        for (String tool : TOOLS) {
          List<String> resources = new ArrayList<>(RESOURCES.get(tool));
          resources.add(null);
          for (String resource : resources) {
            EffectiveLevel said = EffectiveLevels.of(document, tool, resource, CWD, HOME, now);
            seen.merge(said.source(), 1, Integer::sum);
            Verdict verdict =
                Authority.decide(gate, NamedCall.of(tool, resource, CWD, HOME), null, List.of())
                    .verdict();
            agree(said, verdict, mode, tool + " " + resource + " " + DocumentText.write(document));
          }
        }
      }
    }
    assertEquals(Source.values().length, seen.size(), seen.toString());
  }

  private static void agree(
      EffectiveLevel said, Verdict verdict, PermissionMode mode, String shown) {
    String both = said + " but " + verdict + " for " + shown;
    if (said.level() == null) {
      assertTrue(verdict.by() == DecidedBy.MODE || verdict.by() == DecidedBy.POLICY, both);
      return;
    }
    boolean asksNobody = mode == PermissionMode.DONT_ASK && said.level() == OverrideLevel.ASK;
    Class<?> expected =
        switch (said.level()) {
          case ALWAYS -> Verdict.Allow.class;
          case ASK -> asksNobody ? Verdict.Deny.class : Verdict.Ask.class;
          case NEVER -> Verdict.Deny.class;
        };
    assertEquals(expected, verdict.getClass(), both);
    if (said.level() != OverrideLevel.ALWAYS && !asksNobody) {
      DecidedBy by =
          switch (said.source()) {
            case OVERRIDE_EXACT, OVERRIDE_PATTERN, OVERRIDE_TOOL -> DecidedBy.OVERRIDE;
            case RULE -> DecidedBy.RULE;
            case CATALOGUE -> DecidedBy.DEFAULT;
            case MODE -> throw new AssertionError(both);
          };
      assertEquals(by, verdict.by(), both);
      assertEquals(said.entry(), verdict.rule(), both);
    }
  }

  private static String level(String document, String tool, String resource) {
    EffectiveLevel level =
        EffectiveLevels.of(DocumentText.read(document), tool, resource, CWD, HOME, NOW);
    return level.source().word()
        + " "
        + (level.level() == null ? "-" : level.level().word())
        + " "
        + level.entry();
  }

  @Test
  void theMostSpecificEntryIsNamed() {
    String document =
        "{\"rules\":{\"deny\":[\"Read(//etc/**)\"]},\"tools\":{\"Bash\":{\"level\":\"ask\","
            + "\"resources\":{\"npm *\":{\"level\":\"always\"},"
            + "\"npm publish\":{\"level\":\"never\"}}}}}";
    assertEquals("override_exact never Bash(npm publish)", level(document, "Bash", "npm publish"));
    assertEquals("override_pattern always Bash(npm *)", level(document, "Bash", "npm test"));
    assertEquals("override_pattern always Bash(npm *)", level(document, "Bash", "npm *"));
    assertEquals("override_tool ask Bash", level(document, "Bash", "make"));
    assertEquals("override_tool ask Bash", level(document, "Bash", null));
    assertEquals("rule never Read(//etc/**)", level(document, "Read", "/etc/hosts"));
    assertEquals("catalogue always null", level(document, "send_reply", null));
    assertEquals("mode - null", level(document, "Read", "/proj/a"));
  }
}
