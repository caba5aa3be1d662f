package dev.countersign.document;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.policy.ApprovalPolicy;
import dev.countersign.policy.Authority;
import dev.countersign.policy.CompiledPolicy;
import dev.countersign.policy.Grant;
import dev.countersign.policy.InvalidRulesException;
import dev.countersign.policy.PermissionMode;
import dev.countersign.policy.Permissions;
import dev.countersign.policy.PolicySource;
import dev.countersign.policy.Rule;
import dev.countersign.policy.RuleEffect;
import dev.countersign.policy.RuleScope;
import dev.countersign.policy.ToolCall;
import dev.countersign.policy.UserOverride;
import dev.countersign.policy.Verdict;
import dev.countersign.protocol.RuleSet;
import dev.countersign.protocol.UserDocument;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The promise itself, against the policy that decides: whatever is said to tighten lets no call, in
 * no session and at no time, be decided less strictly.
 */
class TighteningTest {
  private static final List<Instant> ENDS =
      List.of(
          Instant.parse("2030-01-01T00:00:00Z"),
          Instant.parse("2031-01-01T00:00:00Z"),
          Instant.parse("2032-01-01T00:00:00Z"));
  private static final List<Instant> TIMES =
      List.of(
          Instant.parse("2029-06-01T00:00:00Z"),
          Instant.parse("2030-06-01T00:00:00Z"),
          Instant.parse("2031-06-01T00:00:00Z"),
          Instant.parse("2032-06-01T00:00:00Z"));

  private static final Map<String, List<String>> RESOURCES =
      Map.of(
          "Bash",
          List.of(
              "git push",
              "git push *",
              "git *",
              "git push --force",
              "git push origin *",
              "npm test",
              "npm *",
              "rm *",
              "timeout 5 git push",
              "cat /proj/a"),
          "Read",
          List.of("/proj/a", "/proj/**", "/srv/x", "~/.ssh/**", "/proj/.env"),
          "move_file",
          List.of("/proj/a", "/srv/x", "/proj/**", "/srv/**"),
          "WebFetch",
          List.of("a.com", "*.a.com", "x.a.com", "domain:a.com"),
          "Task",
          List.of("tester", "helper"),
          "mcp__s__t",
          List.of("x"),
          "send_reply",
          List.of("x"),
          "edit_permissions",
          List.of("x"));

  private static final List<String> TOOLS = List.copyOf(RESOURCES.keySet());

  private static final List<String> RULES =
      List.of(
          "Bash",
          "Bash(git push)",
          "Bash(git *)",
          "Bash(npm *)",
          "Bash(rm *)",
          "Read(/proj/**)",
          "Read(//srv/**)",
          "Read(.env)",
          "Edit(//srv/**)",
          "Edit",
          "WebFetch(domain:a.com)",
          "mcp__s__t",
          "mcp__s",
          "Agent(tester)",
          "Read");

  private static final List<String> COMMANDS =
      List.of(
          "git push",
          "git push *",
          "git push --force",
          "git push origin main",
          "git *",
          "timeout 5 git push",
          "env A=1 git push",
          "npm test",
          "npm run x && git push",
          "git status; rm x",
          "rm -rf build",
          "cat /proj/a",
          "cat .env",
          "cat /srv/x > /proj/b",
          "$(echo git) push",
          "bash x.sh",
          "python3 -c 'print(1)'",
          "eval \"$X\"",
          "sudo git push",
          "cd /srv && cat x",
          "touch /proj/a &",
          "find . -name x");

  private final Random random = new Random(20261120);

  @Test
  void whatTightensLoosensNothing() throws InvalidRulesException {
    tryOut(4_000);
  }

  @Test
  @Tag("full")
  void whatTightensLoosensNothingInMoreCases() throws InvalidRulesException {
    tryOut(10_000);
  }

  @Test
  @Tag("exhaustive")
  void whatTightensLoosensNothingInManyMoreCases() throws InvalidRulesException {
    tryOut(40_000);
  }

  private void tryOut(int rounds) throws InvalidRulesException {
    int tightening = 0;
    int widening = 0;
    int stricter = 0;
    for (int i = 0; i < rounds; i++) {
      UserDocument before = document();
      UserDocument after = edited(before);
      Difference difference = Difference.between(before, after);
      if (difference.changes().isEmpty()) {
        continue;
      }
      if (difference.widens()) {
        widening++;
        continue;
      }
      tightening++;
      for (int j = 0; j < 12; j++) {
        stricter += compare(before, after, difference) ? 1 : 0;
      }
    }
    assertTrue(tightening > rounds / 10, "edits that tighten: " + tightening);
    assertTrue(widening > rounds / 10, "edits that widen: " + widening);
    assertTrue(stricter > rounds / 20, "calls decided more strictly: " + stricter);
  }

  /** Whether the new document decides more strictly; fails if it decides less strictly. */
  private boolean compare(UserDocument before, UserDocument after, Difference difference)
      throws InvalidRulesException {
    Permissions permissions = permissions();
    List<Rule> others = others();
    ToolCall call = call(before, after);
    Instant now = pick(TIMES);
    List<Grant> grants = grants(call);
    Verdict was = decide(permissions, others, before, now, call, grants);
    Verdict is = decide(permissions, others, after, now, call, grants);
    assertTrue(
        strictness(is) >= strictness(was),
        () ->
            "%s\n%s\n%s\n%s at %s\nbefore %s\nafter %s"
                .formatted(difference, permissions, others, call, now, was, is));
    return strictness(is) > strictness(was);
  }

  private static int strictness(Verdict verdict) {
    if (verdict instanceof Verdict.Deny) {
      return 2;
    }
    return verdict instanceof Verdict.Ask ? 1 : 0;
  }

  private static Verdict decide(
      Permissions permissions,
      List<Rule> others,
      UserDocument document,
      Instant now,
      ToolCall call,
      List<Grant> grants)
      throws InvalidRulesException {
    List<Rule> rules = new ArrayList<>(others);
    rules.addAll(DocumentPolicy.rules(RuleScope.USER, document.rules()));
    List<UserOverride> overrides = DocumentPolicy.overrides(document, now);
    PolicySource source = new PolicySource(permissions, rules, overrides, List.of(), true);
    return Authority.decide(CompiledPolicy.compile(source), call, null, grants).verdict();
  }

  private UserDocument document() {
    Map<String, UserDocument.Tool> tools = new TreeMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      settle(tools);
    }
    return new UserDocument(1, new RuleSet(rules(3), rules(2), rules(2)), tools);
  }

  private void settle(Map<String, UserDocument.Tool> tools) {
    String name = random.nextInt(3) > 0 ? "Bash" : pick(TOOLS);
    UserDocument.Tool tool = tools.getOrDefault(name, new UserDocument.Tool(null, null));
    if (random.nextInt(3) == 0) {
      tools.put(name, new UserDocument.Tool(level(), tool.resources(), until()));
      return;
    }
    Map<String, UserDocument.Entry> resources = new TreeMap<>(tool.resources());
    resources.put(pick(RESOURCES.get(name)), new UserDocument.Entry(level(), until()));
    tools.put(name, new UserDocument.Tool(tool.level(), resources, tool.until()));
  }

  private UserDocument edited(UserDocument before) {
    UserDocument after = before;
    for (int i = random.nextInt(3); i >= 0; i--) {
      Map<String, UserDocument.Tool> tools = new TreeMap<>(after.tools());
      RuleSet rules = after.rules();
      switch (random.nextInt(5)) {
        case 0 -> {
          if (!tools.isEmpty()) {
            forget(tools);
          }
        }
        case 1 ->
            rules =
                new RuleSet(
                    rules.allow().isEmpty()
                        ? rules(1)
                        : rules.allow().subList(1, rules.allow().size()),
                    rules.ask(),
                    rules.deny());
        case 2 -> rules = new RuleSet(rules.allow(), with(rules.ask()), rules.deny());
        case 3 -> rules = new RuleSet(rules.allow(), rules.ask(), with(rules.deny()));
        default -> settle(tools);
      }
      after = new UserDocument(1, rules, tools);
    }
    return after;
  }

  private void forget(Map<String, UserDocument.Tool> tools) {
    String name = pick(List.copyOf(tools.keySet()));
    UserDocument.Tool tool = tools.get(name);
    Map<String, UserDocument.Entry> resources = new TreeMap<>(tool.resources());
    if (resources.isEmpty() || random.nextBoolean()) {
      tools.put(name, new UserDocument.Tool(null, resources));
    } else {
      resources.remove(pick(List.copyOf(resources.keySet())));
      tools.put(name, new UserDocument.Tool(tool.level(), resources, tool.until()));
    }
  }

  private List<String> with(List<String> rules) {
    List<String> more = new ArrayList<>(rules);
    more.add(pick(RULES));
    return more;
  }

  private List<String> rules(int most) {
    List<String> rules = new ArrayList<>();
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      rules.add(pick(RULES));
    }
    return rules;
  }

  /** Rules of other scopes, among them asks that hold in every mode. */
  private List<Rule> others() {
    List<Rule> rules = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      RuleScope scope = pick(List.of(RuleScope.values()));
      RuleEffect effect = pick(List.of(RuleEffect.values()));
      boolean firm = scope == RuleScope.MANAGED && effect == RuleEffect.ASK;
      rules.add(new Rule(scope, effect, pick(RULES) + (firm ? " nonBypassable" : "")));
    }
    return rules;
  }

  private Permissions permissions() {
    return new Permissions(
        pick(List.of(PermissionMode.values())),
        random.nextInt(3) > 0 ? null : pick(List.of("read_only", "workspace", "full_access")),
        random.nextInt(3) > 0 ? null : pick(List.of(ApprovalPolicy.values())),
        null,
        random.nextInt(8) == 0,
        List.of("/proj"),
        null);
  }

  private ToolCall call(UserDocument before, UserDocument after) {
    List<String> concerned = new ArrayList<>(before.tools().keySet());
    concerned.addAll(after.tools().keySet());
    boolean any = concerned.isEmpty() || random.nextInt(4) == 0;
    String tool = any ? pick(TOOLS) : pick(concerned);
    Map<String, Object> input =
        switch (tool) {
          case "Bash" -> Map.of("command", pick(COMMANDS));
          case "Read" -> Map.of("file_path", pick(List.of("/proj/a", "/srv/x", "/proj/.env")));
          case "move_file" ->
              Map.of(
                  "source",
                  pick(List.of("/proj/a", "/srv/x")),
                  "destination",
                  pick(List.of("/srv/y", "/proj/b")));
          case "WebFetch" -> Map.of("url", "https://" + pick(List.of("a.com", "x.a.com")) + "/y");
          case "Task" -> Map.of("subagent_type", pick(List.of("tester", "helper", "other")));
          default -> Map.of("oldText", "x", "newText", "y");
        };
    return new ToolCall(
        tool,
        input,
        "/proj",
        "/home/u",
        Map.of(),
        "d",
        random.nextInt(10) == 0 ? "it is unsure" : null);
  }

  private List<Grant> grants(ToolCall call) {
    return random.nextInt(6) > 0
        ? List.of()
        : List.of(new Grant("g", "now", call.digest(), call.tool(), null));
  }

  private String level() {
    return pick(List.of("always", "ask", "never"));
  }

  private String until() {
    return random.nextInt(2) == 0 ? null : pick(ENDS).toString();
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
