package dev.countersign.approval.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.approval.policies.SessionKey;
import dev.countersign.policy.Ancestor;
import dev.countersign.policy.ApprovalPolicy;
import dev.countersign.policy.Authority;
import dev.countersign.policy.CompiledPolicy;
import dev.countersign.policy.ExecutionPolicy;
import dev.countersign.policy.InvalidRulesException;
import dev.countersign.policy.PermissionMode;
import dev.countersign.policy.Permissions;
import dev.countersign.policy.PolicySource;
import dev.countersign.policy.Profile;
import dev.countersign.policy.Profile.Base;
import dev.countersign.policy.ToolCall;
import dev.countersign.policy.Verdict;
import dev.countersign.protocol.SessionSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The facts a model reads agree with what the core decides: for every mode, profile and policy, and
 * for every two profiles above each other, each claim is tried with a call.
 */
class CapabilitiesTest {
  private static final Map<String, Profile> CUSTOM =
      Map.of(
          "custom(docs)", new Profile(Base.WORKSPACE, List.of("/proj/docs"), null, null),
          "custom(still)", new Profile(Base.WORKSPACE, List.of(), null, null),
          "custom(net)",
              new Profile(Base.FULL_ACCESS, null, List.of("a.test"), List.of("make", "npm run")),
          "custom(roots)", new Profile(Base.FULL_ACCESS, List.of("/proj/docs", "/srv"), null, null),
          "custom(reading)", new Profile(Base.FULL_ACCESS, null, List.of(), List.of()),
          "custom(box)", new Profile(Base.EXTERNAL_SANDBOX, null, List.of("*.test"), null),
          "custom(shut)",
              new Profile(Base.EXTERNAL_SANDBOX, List.of("/proj"), null, List.of("npm run build")));

  private static final List<String> PROFILES = profiles();

  private static final Pattern LABEL =
      Pattern.compile(
          "(?i)\\b(plan|dontAsk|default|acceptEdits|auto|bypass\\w*|read_only|workspace|full_access"
              + "|external_sandbox|custom|sandbox|ask_on_boundary|approve_trusted|never_ask"
              + "|block_requires_approval|mode|profile|policy)\\b");

  private static List<String> profiles() {
    List<String> words = new ArrayList<>(CUSTOM.keySet());
    words.add("custom(gone)");
    for (Base base : Base.values()) {
      words.add(base.word());
    }
    return words.stream().sorted().toList();
  }

  @Test
  void everyModeProfileAndPolicy() {
    for (PermissionMode mode : PermissionMode.values()) {
      for (String profile : PROFILES) {
        for (ApprovalPolicy policy : ApprovalPolicy.values()) {
          for (ExecutionPolicy execution : ExecutionPolicy.values()) {
            agree(permissions(mode, profile, policy, execution, false), List.of());
          }
          agree(permissions(mode, profile, policy, null, true), List.of());
        }
      }
      agree(permissions(mode, null, null, null, false), List.of());
    }
  }

  @Test
  void everyTwoProfilesAboveEachOther() {
    for (String child : PROFILES) {
      for (String parent : PROFILES) {
        agree(
            permissions(PermissionMode.ACCEPT_EDITS, child, null, null, false),
            List.of(permissions(PermissionMode.BYPASS_PERMISSIONS, parent, null, null, false)));
      }
    }
  }

  @Test
  void withoutRootsTheWorkingDirectoryIsNamed() {
    Permissions nowhere =
        new Permissions(PermissionMode.DEFAULT, null, null, null, false, List.of(), null);
    assertTrue(
        facts(source(nowhere, List.of())).contains("Reading inside the working directory is"));
  }

  private static Permissions permissions(
      PermissionMode mode,
      String profile,
      ApprovalPolicy policy,
      ExecutionPolicy execution,
      boolean headless) {
    return new Permissions(mode, profile, policy, execution, headless, List.of("/proj"), null);
  }

  private static PolicySource source(Permissions permissions, List<Permissions> above) {
    List<Ancestor> ancestors = above.stream().map(p -> new Ancestor(p, List.of())).toList();
    return new PolicySource(permissions, List.of(), List.of(), ancestors, false, CUSTOM);
  }

  private static CompiledPolicy compiled(PolicySource source) {
    try {
      return CompiledPolicy.compile(source);
    } catch (InvalidRulesException e) {
      throw new AssertionError(e);
    }
  }

  private static String facts(PolicySource source) {
    StoredSession session =
        new StoredSession(
            new SessionKey("default", "s"),
            "ann",
            null,
            List.of(),
            SessionSettings.none(),
            "session",
            List.of(),
            1,
            Instant.EPOCH,
            null);
    return String.join("\n", Capabilities.of(session, compiled(source).effective(null)).facts());
  }

  private static void agree(Permissions permissions, List<Permissions> above) {
    PolicySource source = source(permissions, above);
    String facts = facts(source);
    String where = permissions + " below " + above + "\n" + facts + "\n";
    assertFalse(LABEL.matcher(facts).find(), where);
    assertTrue(facts.length() < 1200, where);
    CompiledPolicy policy = compiled(source);
    boolean everywhere = facts.contains("Changing any file is allowed");
    boolean guarded = facts.contains("Changing any file is allowed.");
    List<String> folders = folders(facts, "Changing files inside ");
    boolean docs = everywhere || within("/proj/docs/a", folders);
    boolean src = everywhere || within("/proj/src/a", folders);
    boolean srv = everywhere || within("/srv/a", folders);
    boolean deletes = !facts.contains("Deleting files") && !facts.contains("is refused for now");
    boolean any = facts.contains("Running any shell command");
    boolean hosts = facts.contains("Contacting any host");
    String listed = between(facts, "those that begin with ", ", is allowed");
    String named = between(facts, "Contacting ", " is allowed");
    Probe probe = new Probe(policy, where, facts);

    probe.of(true, call("Read", "file_path", "/proj/docs/a"));
    probe.of(facts.contains("Reading any file"), call("Read", "file_path", "/etc/a"));
    probe.change(docs, call("Edit", "file_path", "/proj/docs/a"));
    probe.change(src, call("Edit", "file_path", "/proj/src/a"));
    probe.change(srv, call("Edit", "file_path", "/srv/a"));
    probe.change(
        guarded || docs && !facts.contains("that steer tools"),
        call("Edit", "file_path", "/proj/docs/.git/config"));
    probe.change(deletes && docs, call("delete_file", "path", "/proj/docs/a"));
    probe.change(deletes && srv, call("delete_file", "path", "/srv/a"));
    probe.of(true, call("Bash", "command", "ls -l"));
    probe.of(any, call("Bash", "command", "cargo build"));
    probe.of(any || listed.contains("make"), call("Bash", "command", "make x"));
    probe.of(any || listed.contains("npm run"), call("Bash", "command", "npm run build"));
    boolean test = listed.matches(".*npm run( or .*)?");
    probe.of(any || test, call("Bash", "command", "npm run test"));
    probe.of(hosts || named.contains(".test"), call("WebFetch", "url", "https://a.test/"));
    probe.of(hosts || named.contains("*.test"), call("WebFetch", "url", "https://b.test/"));
    probe.of(hosts, call("WebFetch", "url", "https://a.example/"));
    probe.of(!facts.contains("MCP"), call("mcp__a__b", "x", "y"));
    boolean background = !facts.contains("in the foreground");
    probe.of(background, call("Bash", "command", "ls -l &"));
    assertEquals(
        background ? "background" : "foreground",
        Authority.decide(policy, call("Bash", "command", "ls -l &"), null, List.of()).execution(),
        where);
  }

  /** Tries claims on a policy. */
  private record Probe(CompiledPolicy policy, String where, String facts) {
    void of(boolean claimed, ToolCall call) {
      boolean asked = facts.contains("a person is asked");
      is(claimed ? Verdict.Allow.class : asked ? Verdict.Ask.class : Verdict.Deny.class, call);
    }

    void change(boolean claimed, ToolCall call) {
      if (facts.contains("Changing files is refused for now")) {
        is(Verdict.Deny.class, call);
      } else {
        of(claimed, call);
      }
    }

    private void is(Class<? extends Verdict> expected, ToolCall call) {
      Verdict verdict = Authority.decide(policy, call, null, List.of()).verdict();
      assertEquals(expected, verdict.getClass(), where + call + "\n" + verdict);
    }
  }

  private static ToolCall call(String tool, String field, String value) {
    return new ToolCall(tool, Map.of(field, value), "/proj", "/home/u", Map.of(), null, null);
  }

  private static String between(String text, String from, String to) {
    Matcher found = Pattern.compile(Pattern.quote(from) + "(.*)" + Pattern.quote(to)).matcher(text);
    return found.find() ? found.group(1) : "";
  }

  private static List<String> folders(String facts, String from) {
    return List.of(between(facts, from, " is allowed").split(" or "));
  }

  private static boolean within(String path, List<String> folders) {
    return folders.stream().anyMatch(f -> !f.isEmpty() && path.startsWith(f + "/"));
  }
}
