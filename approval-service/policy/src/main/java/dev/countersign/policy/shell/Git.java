package dev.countersign.policy.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** {@code git}: its own options before the subcommand, and subcommands that run commands. */
final class Git {
  private static final Set<String> VALUES =
      Set.of(
          "-C",
          "-c",
          "--git-dir",
          "--work-tree",
          "--namespace",
          "--exec-path",
          "--super-prefix",
          "--config-env",
          "--attr-source",
          "--list-cmds");
  private static final Set<String> HARMLESS =
      Set.of(
          "--no-pager",
          "-P",
          "--no-optional-locks",
          "--literal-pathspecs",
          "--glob-pathspecs",
          "--icase-pathspecs",
          "--noglob-pathspecs",
          "--no-replace-objects",
          "--no-lazy-fetch");
  private static final Set<String> HARMLESS_KEYS =
      Set.of(
          "user.name",
          "user.email",
          "color.ui",
          "core.quotepath",
          "core.autocrlf",
          "core.safecrlf",
          "core.filemode",
          "core.ignorecase",
          "core.longpaths",
          "commit.gpgsign",
          "tag.gpgsign",
          "init.defaultbranch",
          "pull.rebase",
          "pull.ff",
          "merge.ff",
          "push.default",
          "rebase.autostash",
          "fetch.prune",
          "log.showsignature",
          "diff.renames",
          "diff.algorithm",
          "gc.auto",
          "advice.detachedhead",
          "submodule.recurse",
          "status.showuntrackedfiles",
          "core.abbrev",
          "log.date",
          "format.pretty",
          "color.diff",
          "color.status",
          "color.branch");

  /** Settings that hold a command. */
  private static final Pattern RUNS =
      Pattern.compile(
          "(?i)alias\\..+|.+\\.(editor|pager|sshcommand|askpass|helper|textconv|driver|clean|smudge"
              + "|process|program|browser|cmd|external|command|fsmonitor|packobjectshook)");

  private final Walker walker;

  Git(Walker walker) {
    this.walker = walker;
  }

  static void addTo(Programs.Table<Git> looks) {
    looks.put("git", Git::look);
  }

  private boolean look(Call call) {
    int at = 1;
    boolean plain = true;
    String whyNot = null;
    List<PathUse> folders = new ArrayList<>();
    while (at < call.size() && call.text(at).startsWith("-") && call.text(at).length() > 1) {
      String text = call.text(at);
      String name =
          text.startsWith("--") && text.contains("=") ? text.substring(0, text.indexOf('=')) : text;
      String value = null;
      if (text.startsWith("-c") && !text.equals("-c")
          || text.startsWith("-C") && !text.equals("-C")) {
        name = text.substring(0, 2);
        value = text.substring(2);
      } else if (!name.equals(text)) {
        value = text.substring(text.indexOf('=') + 1);
      } else if (VALUES.contains(name) && at + 1 < call.size() && !asksOnly(name, call, at)) {
        value = call.text(++at);
      }
      if (name.equals("-C") && value != null) {
        folders.addAll(reads(call, new Word(value, call.word(at).certainty())));
      } else if (name.equals("-c") && value != null && call.word(at).literal()) {
        boolean harmless = HARMLESS_KEYS.contains(key(value));
        plain &= harmless;
        whyNot = harmless ? whyNot : "git -c " + key(value) + " may run a program";
        alias(call, value);
      } else if (VALUES.contains(name)) {
        plain = false;
        whyNot = "git " + name + " changes what git runs";
      } else {
        plain &= HARMLESS.contains(name);
      }
      at++;
    }
    if (at >= call.size()) {
      boolean asks = call.size() == 2 && call.text(1).matches("--version|-v|--help|-h");
      walker.programs().plain(call, asks || call.size() == 1 ? Effects.NOTHING : Effects.UNKNOWN);
      return true;
    }
    finish(call, at, plain, whyNot, folders);
    return true;
  }

  private void finish(Call call, int at, boolean plain, String whyNot, List<PathUse> folders) {
    List<Word> words = new ArrayList<>();
    words.add(new Word("git", Word.Certainty.LITERAL));
    words.addAll(call.words().subList(at, call.size()));
    Call normal = Call.of(words, call.frame(), call.scope());
    Effects effects = KnownCommands.effects(normal).touching(folders);
    boolean elsewhere = call.scope().directory().moved();
    if (!plain || !call.word(at).literal() || elsewhere && effects.reach() == Part.Reach.READ) {
      effects = effects.other();
    }
    if (whyNot != null) {
      effects = effects.notAllowable(whyNot);
    }
    if (at > 1) {
      effects = effects.spelt(words);
    }
    List<String> commands = commands(normal);
    walker.programs().plain(call, commands.isEmpty() ? effects : effects.onlyExact());
    Frame inner = call.frame().inside(call.words());
    for (String command : commands) {
      walker.script(command, inner, call.scope().subshell(), true);
    }
    values(normal, call.frame());
  }

  private void values(Call normal, Frame frame) {
    new Values(walker).look(normal.with(frame));
  }

  private static boolean asksOnly(String name, Call call, int at) {
    return name.equals("--exec-path") && at + 2 > call.size();
  }

  private List<PathUse> reads(Call call, Word folder) {
    List<PathUse> paths = new ArrayList<>();
    for (Word path : call.scope().directory().seen(folder)) {
      paths.add(new PathUse(path, PathUse.Use.READ));
    }
    return paths;
  }

  private static String key(String setting) {
    int equals = setting.indexOf('=');
    return (equals < 0 ? setting : setting.substring(0, equals)).toLowerCase(Locale.ROOT);
  }

  /** {@code -c alias.x='!command'}, and any other setting that may hold a command. */
  private void alias(Call call, String setting) {
    int equals = setting.indexOf('=');
    if (equals < 0 || HARMLESS_KEYS.contains(key(setting))) {
      return;
    }
    Frame inner = call.frame().inside(call.words()).notAllowable("a command in git's settings");
    String value = setting.substring(equals + 1);
    boolean alias = key(setting).startsWith("alias.") && !value.startsWith("!");
    String text = alias ? "git " + value : value.startsWith("!") ? value.substring(1) : value;
    walker.script(text, inner, call.scope().subshell(), true);
  }

  /** Commands in the words of a subcommand. */
  private static List<String> commands(Call call) {
    List<String> found = new ArrayList<>();
    String sub = call.text(1);
    String second = call.size() > 2 ? call.text(2) : "";
    if (sub.equals("submodule")
        && call.words().stream().anyMatch(word -> word.text().equals("foreach"))) {
      int at = Call.joined(call.words()).isEmpty() ? 0 : indexOf(call, "foreach") + 1;
      while (at < call.size() && call.text(at).startsWith("-")) {
        at++;
      }
      found.add(Call.joined(call.words().subList(Math.min(at, call.size()), call.size())));
    } else if (sub.equals("bisect") && second.equals("run")) {
      found.add(Call.joined(call.words().subList(3, call.size())));
    } else if (sub.equals("for-each-repo")) {
      found.add("git " + Call.joined(call.words().subList(Math.min(3, call.size()), call.size())));
    } else if (sub.equals("config")) {
      found.addAll(configured(call));
    } else if (sub.equals("filter-branch")) {
      for (int i = 2; i + 1 < call.size(); i++) {
        if (call.text(i).endsWith("-filter")) {
          found.add(call.text(i + 1));
        }
      }
    }
    return found;
  }

  /** A setting that git will run: {@code alias.x '!command'}, {@code core.editor command}. */
  private static List<String> configured(Call call) {
    for (int i = 2; i + 1 < call.size(); i++) {
      String value = call.text(i + 1);
      if (value.startsWith("!")) {
        return List.of(value.substring(1));
      }
      if (RUNS.matcher(call.text(i)).matches()) {
        return List.of(key(call.text(i)).startsWith("alias.") ? "git " + value : value);
      }
    }
    return List.of();
  }

  private static int indexOf(Call call, String text) {
    int at = 0;
    while (at < call.size() - 1 && !call.text(at).equals(text)) {
      at++;
    }
    return at;
  }
}
