package dev.countersign.approval.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.policy.EffectivePermissions;
import dev.countersign.policy.PermissionMode;
import dev.countersign.policy.Permissions;
import dev.countersign.policy.Profile;
import dev.countersign.protocol.Engine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What an engine is started with. In the tables, {@code ¦} parts two arguments. */
class LaunchArgsTest {
  private static EffectivePermissions decided(PermissionMode mode) {
    return decided(mode, null, Map.of());
  }

  private static EffectivePermissions decided(
      PermissionMode mode, String profile, Map<String, Profile> custom) {
    Permissions own = new Permissions(mode, profile, null, null, false, List.of("/proj"), null);
    return EffectivePermissions.of(own, List.of(), null, custom);
  }

  private static LaunchArgs launch(String engine, PermissionMode mode, List<String> args) {
    return LaunchArgs.of(new Engine(engine, null, null, args), decided(mode));
  }

  private static List<String> args(String line) {
    return line.isEmpty() ? List.of() : Arrays.asList(line.split("¦"));
  }

  @ParameterizedTest(name = "{0} {1}: {2}")
  @MethodSource("flags")
  void theFlagSaysWhatWasDecided(String engine, String mode, String flag) {
    PermissionMode decided = PermissionMode.of(mode).orElseThrow();
    assertEquals(args(flag), launch(engine, decided, null).args());
    List<String> withPrompt = new ArrayList<>(args(flag));
    withPrompt.add("hi");
    assertEquals(withPrompt, launch(engine, decided, List.of("hi")).args());
  }

  static Stream<Arguments> flags() {
    return Stream.of(
            flags(
                "claude-code",
                "--permission-mode¦plan",
                "--permission-mode¦dontAsk",
                "--permission-mode¦default",
                "--permission-mode¦acceptEdits",
                "--permission-mode¦auto",
                "--permission-mode¦bypassPermissions"),
            flags(
                "codex",
                "--sandbox¦read-only",
                "--sandbox¦workspace-write",
                "--sandbox¦workspace-write",
                "--sandbox¦workspace-write",
                "--sandbox¦workspace-write",
                "--sandbox¦danger-full-access"),
            flags(
                "gemini-cli",
                "--approval-mode=plan",
                "--approval-mode=default",
                "--approval-mode=default",
                "--approval-mode=auto_edit",
                "--approval-mode=auto_edit",
                "--approval-mode=yolo"),
            flags("opencode", "--agent=plan", "", "", "", "", "--auto=true"),
            flags("another", "", "", "", "", "", ""))
        .flatMap(all -> all);
  }

  private static Stream<Arguments> flags(String engine, String... byMode) {
    PermissionMode[] modes = PermissionMode.values();
    return Stream.iterate(0, i -> i < modes.length, i -> i + 1)
        .map(i -> Arguments.of(engine, modes[i].word(), byMode[i]));
  }

  @Test
  void aSandboxIsAsNarrowAsTheProfile() {
    Engine codex = new Engine("codex", null, null, null);
    for (String[] expected :
        new String[][] {
          {"read_only", "read-only"},
          {"external_sandbox", "danger-full-access"},
          {"custom(nobody-declared-it)", "read-only"},
          {"custom(narrow)", "workspace-write"}
        }) {
      Profile narrow = new Profile(Profile.Base.FULL_ACCESS, List.of("/proj"), null, null);
      EffectivePermissions decided =
          decided(PermissionMode.AUTO, expected[0], Map.of("custom(narrow)", narrow));
      assertEquals(List.of("--sandbox", expected[1]), LaunchArgs.of(codex, decided).args());
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("smuggled")
  void whatIsSmuggledIsRemovedAndReported(String engine, String given, String kept) {
    LaunchArgs launch = launch(engine, PermissionMode.DEFAULT, args(given));
    List<String> expected = new ArrayList<>(launch(engine, PermissionMode.DEFAULT, null).args());
    expected.addAll(args(kept));
    assertEquals(expected, launch.args());
    assertTrue(!launch.warnings().isEmpty());
    launch.warnings().forEach(w -> assertTrue(w.matches("(argument -|engine another).*"), w));
  }

  static Stream<Arguments> smuggled() {
    return Stream.of(
            removed(
                "claude-code",
                "--permission-mode¦bypassPermissions",
                "",
                "--permission-mode=bypassPermissions¦-p¦hi",
                "-p¦hi",
                "--permission-mode",
                "",
                "--permission-mode¦--dangerously-skip-permissions",
                "",
                "-p¦--dangerously-skip-permissions¦hi",
                "-p¦hi",
                "--dangerously-skip-permissions=true",
                "",
                "--allow-dangerously-skip-permissions",
                "",
                "--dangerously-load-development-channels¦a¦b¦-p",
                "-p",
                "--allowedTools¦Bash¦Edit¦-p¦hi",
                "-p¦hi",
                "--allowed-tools=Bash(*)¦hi",
                "hi",
                "--allowedTools¦Bash(*)¦--¦hi",
                "--¦hi",
                "--permission-prompt-tool¦mcp__x__y",
                "",
                "--setting-sources¦¦-p",
                "-p",
                "--setting-sources=user",
                "",
                "--managed-settings¦{}",
                "",
                "--enable-auto-mode",
                "",
                "--bare¦-p",
                "-p",
                "--safe-mode",
                "",
                "--settings¦/tmp/s.json",
                "",
                "--settings=/tmp/s.json",
                "",
                "--settings¦{\"disableAllHooks\":true}",
                "",
                "--settings¦{\"hooks\":{}}",
                "",
                "--settings¦{\"permissions\":{\"allow\":[\"Bash\"]}}",
                "",
                "--settings={\"permissions\":{\"defaultMode\":\"auto\"}}",
                "",
                "--settings¦{\"env\":{\"X\":\"1\"}}",
                "",
                "--settings¦[]",
                "",
                "--settings¦{broken",
                "",
                "--agents¦{\"a\":{\"permissionMode\":\"bypassPermissions\"}}",
                "",
                "--agents¦{\"a\":{\"x\":[{\"hooks\":{}}]}}",
                "",
                "--add-dir¦/proj/a¦/etc¦-p",
                "-p",
                "--add-dir=../up",
                "",
                "--add-dir¦~/x",
                ""),
            removed(
                "codex",
                "exec¦--yolo¦hi",
                "exec¦hi",
                "--full-auto",
                "",
                "--approve-for-me",
                "",
                "--dangerously-bypass-approvals-and-sandbox",
                "",
                "--dangerously-bypass-hook-trust",
                "",
                "-a¦never¦hi",
                "hi",
                "-anever",
                "",
                "-a=never",
                "",
                "--ask-for-approval=never",
                "",
                "-s¦danger-full-access",
                "",
                "-sdanger-full-access",
                "",
                "--sandbox=danger-full-access",
                "",
                "-c¦approval_policy=never¦-c¦model=x",
                "-c¦model=x",
                "-c¦approval_policy=\"never\"",
                "",
                "-capproval_policy=never",
                "",
                "-c=sandbox_mode=danger-full-access",
                "",
                "--config=sandbox_mode=\"danger-full-access\"",
                "",
                "--config¦ approval_policy = never",
                "",
                "-c¦sandbox_workspace_write.network_access=true",
                "",
                "-c¦profile=wide",
                "",
                "-c¦profiles.x.approval_policy=never",
                "",
                "-c¦projects={\"/x\"={trust_level=\"trusted\"}}",
                "",
                "-c¦\"approval_policy\"=never",
                "",
                "-c¦features.hooks=false",
                "",
                "--disable¦hooks",
                "",
                "--disable=hooks",
                "",
                "--profile¦wide",
                "",
                "-pwide",
                "",
                "--ignore-user-config",
                "",
                "--ignore-rules",
                "",
                "--trust",
                "",
                "--add-dir¦/etc",
                "",
                "-C¦/",
                "",
                "-c¦--yolo¦approval_policy=never",
                "approval_policy=never"),
            removed(
                "gemini-cli",
                "--yolo¦-p¦hi",
                "-p¦hi",
                "--yolo=true",
                "",
                "--yolo¦true¦hi",
                "hi",
                "--yolo.x",
                "",
                "--no-yolo",
                "",
                "--y",
                "",
                "-y",
                "",
                "-dy",
                "",
                "-yd",
                "",
                "--approval-mode¦yolo",
                "",
                "--approval-mode=yolo",
                "",
                "--approvalMode=yolo",
                "",
                "--approval-mode¦--yolo",
                "",
                "--allowed-tools¦run_shell_command¦-p",
                "-p",
                "--allowedTools=x",
                "",
                "--policy¦/tmp/p.toml",
                "",
                "--admin-policy=/tmp/p.toml",
                "",
                "--no-sandbox",
                "",
                "--sandbox¦false¦hi",
                "hi",
                "--sandbox=false",
                "",
                "-s=false",
                "",
                "--include-directories¦/proj/a,/etc",
                ""),
            removed(
                "opencode",
                "run¦--auto¦hi",
                "run¦hi",
                "--auto=true",
                "",
                "--yolo",
                "",
                "--dangerously-skip-permissions",
                "",
                "--dangerouslySkipPermissions",
                ""),
            removed(
                "another",
                "--permission-mode¦auto¦hi",
                "hi",
                "--yolo¦--approval-mode=yolo¦hi",
                "hi",
                "--dangerously-anything",
                ""))
        .flatMap(all -> all);
  }

  private static Stream<Arguments> removed(String engine, String... givenAndKept) {
    return Stream.iterate(0, i -> i < givenAndKept.length, i -> i + 2)
        .map(i -> Arguments.of(engine, givenAndKept[i], givenAndKept[i + 1]));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("harmless")
  void whatIsHarmlessOrTightensStays(String engine, String given) {
    LaunchArgs launch = launch(engine, PermissionMode.DEFAULT, args(given));
    List<String> expected = new ArrayList<>(launch(engine, PermissionMode.DEFAULT, null).args());
    expected.addAll(args(given));
    assertEquals(expected, launch.args());
    if (!engine.equals("another")) {
      assertEquals(List.of(), launch.warnings());
    }
  }

  static Stream<Arguments> harmless() {
    return Stream.of(
        Arguments.of("claude-code", "-p¦hi¦--model¦sonnet¦--verbose"),
        Arguments.of("claude-code", "--disallowedTools¦Bash¦WebFetch"),
        Arguments.of("claude-code", "--tools¦Read,Grep"),
        Arguments.of("claude-code", "--settings¦{\"model\":\"opus\"}"),
        Arguments.of("claude-code", "--settings={\"permissions\":{\"deny\":[\"Bash\"]}}"),
        Arguments.of("claude-code", "--agents¦{\"r\":{\"description\":\"x\",\"prompt\":\"y\"}}"),
        Arguments.of("claude-code", "--add-dir¦/proj/lib¦sub/dir"),
        Arguments.of("claude-code", "say --permission-mode to me"),
        Arguments.of("codex", "exec¦--json¦-m¦o3¦-cmodel=x¦-c¦tui.theme=dark¦hi"),
        Arguments.of("codex", "-C¦/proj/sub¦--enable¦web_search_request"),
        Arguments.of("gemini-cli", "-p¦why¦-m¦pro¦-s¦--skip-trust"),
        Arguments.of("gemini-cli", "--include-directories¦/proj/a,b"),
        Arguments.of("opencode", "run¦--agent¦build¦-m¦x/y¦hi"),
        Arguments.of("another", "-y¦-a¦never¦--yes"));
  }

  @Test
  void anEngineNobodyKnowsIsReported() {
    LaunchArgs launch = launch("mine", PermissionMode.PLAN, List.of("go"));
    assertEquals(List.of("go"), launch.args());
    assertTrue(launch.warnings().get(0).contains("mine is not known"), launch.warnings().get(0));
    assertEquals(List.of(), LaunchArgs.of(null, decided(PermissionMode.PLAN)).args());
  }

  /** However they are shuffled: nothing that a second look would remove is left. */
  @Test
  void nothingIsLeftWhateverStoodBesideIt() {
    List<String> pool =
        Stream.of(smuggled(), harmless())
            .flatMap(all -> all)
            .flatMap(line -> args((String) line.get()[1]).stream())
            .toList();
    Random random = new Random(7);
    for (String engine : List.of("claude-code", "codex", "gemini-cli", "opencode", "another")) {
      for (int i = 0; i < 4000; i++) {
        List<String> given =
            random.ints(1 + random.nextInt(7), 0, pool.size()).mapToObj(pool::get).toList();
        LaunchArgs first = launch(engine, PermissionMode.DEFAULT, given);
        int flags = launch(engine, PermissionMode.DEFAULT, null).args().size();
        List<String> rest = first.args().subList(flags, first.args().size());
        LaunchArgs second = launch(engine, PermissionMode.DEFAULT, rest);
        assertEquals(first.args(), second.args(), given.toString());
      }
    }
  }
}
