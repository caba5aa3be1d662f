package dev.countersign.approval.launch;

import dev.countersign.policy.EffectivePermissions;
import dev.countersign.policy.Profile;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Codex. Its sandbox is what a profile means: what may technically be done. When it asks is decided
 * here, call by call.
 */
final class Codex implements CommandLine {
  private static final Set<String> ALONE =
      Set.of(
          "--yolo",
          "--full-auto",
          "--approve-for-me",
          "--ignore-user-config",
          "--ignore-rules",
          "--trust");
  private static final Set<String> WITH_VALUE =
      Set.of("--ask-for-approval", "-a", "--sandbox", "-s", "--profile", "-p");

  /** What a configuration key or a feature names that is about permissions. */
  private static final Pattern PERMISSIONS =
      Pattern.compile(
          "approv|sandbox|permission|hook|profile|trust|feature|rule|polic|danger|bypass|yolo"
              + "|writable|network|reviewer|full.?access",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern PLAIN_KEY = Pattern.compile("\\s*[A-Za-z0-9_.-]+\\s*");

  @Override
  public List<String> flag(EffectivePermissions decided) {
    Profile.Base base = decided.profiles().get(0).profile().base();
    boolean narrowed =
        decided.profiles().stream()
            .anyMatch(p -> !p.profile().equals(Profile.of(p.profile().base())));
    String sandbox =
        switch (base) {
          case READ_ONLY -> "read-only";
          case WORKSPACE -> "workspace-write";
          case EXTERNAL_SANDBOX, FULL_ACCESS -> narrowed ? "workspace-write" : "danger-full-access";
        };
    return List.of("--sandbox", sandbox);
  }

  @Override
  public int smuggled(List<String> args, int at, EffectivePermissions decided) {
    Argument arg = Argument.of(args, at);
    if (ALONE.contains(arg.name()) || arg.name().startsWith("--dangerously-")) {
      return 1;
    }
    if (WITH_VALUE.contains(arg.name())) {
      return arg.withValue();
    }
    if (attachedShort(args.get(at))) {
      return 1;
    }
    boolean kept =
        switch (arg.name()) {
          case "-c", "--config" -> isHarmless(arg.value());
          case "--enable", "--disable" -> !PERMISSIONS.matcher(arg.value()).find();
          case "--add-dir" -> Folders.inside(decided.roots(), arg.value());
          case "-C", "--cd" ->
              decided.roots().contains(List.of()) || Folders.inside(decided.roots(), arg.value());
          default -> true;
        };
    return kept ? 0 : arg.withValue();
  }

  /** {@code -anever}, {@code -sread-only}, {@code -capproval_policy=never}. */
  private static boolean attachedShort(String arg) {
    return arg.matches("(?s)-[asp].+")
        || arg.matches("(?s)-c[^=].*") && !isHarmless(arg.substring(2));
  }

  /** Whether {@code key=value} is about something else than permissions. */
  private static boolean isHarmless(String setting) {
    int equals = setting.indexOf('=');
    String key = equals < 0 ? setting : setting.substring(0, equals);
    String value = equals < 0 ? "" : setting.substring(equals + 1);
    return PLAIN_KEY.matcher(key).matches()
        && !PERMISSIONS.matcher(key).find()
        && !(value.contains("{") && PERMISSIONS.matcher(value).find());
  }
}
