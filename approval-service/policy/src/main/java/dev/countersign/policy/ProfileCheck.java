package dev.countersign.policy;

import dev.countersign.policy.parts.CommandText;
import dev.countersign.policy.paths.Oddities;
import dev.countersign.policy.paths.Paths;
import dev.countersign.policy.shell.Part;
import dev.countersign.policy.shell.Script;
import dev.countersign.policy.shell.ShellReader;
import java.util.Optional;
import java.util.regex.Pattern;

/** What may stand in a custom profile; each check says what is wrong, or nothing. */
public final class ProfileCheck {
  private static final int LONGEST_PATH = 4096;
  private static final int LONGEST_HOST = 253;
  private static final int LONGEST_COMMAND = 1000;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final Pattern HOST =
      Pattern.compile(
          "(\\*\\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\\.)*"
              + "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?|\\[[0-9a-f:.]+]");

  private ProfileCheck() {}

  /** A profile's name, the part between the brackets. */
  public static Optional<String> ofName(String name) {
    return NAME.matcher(name).matches()
        ? Optional.empty()
        : Optional.of("must be 1 to 64 letters, digits and . _ -, and begin with none of the last");
  }

  /** A folder that may be written: absolute and plain. */
  public static Optional<String> ofRoot(String root) {
    if (!root.startsWith("/")) {
      return Optional.of("must be absolute");
    }
    if (root.length() > LONGEST_PATH) {
      return Optional.of("is longer than " + LONGEST_PATH + " characters");
    }
    String doubt = Paths.doubt(root);
    if (doubt != null) {
      return Optional.of(doubt + "; write it plainly");
    }
    if (root.chars().anyMatch(c -> "*?[".indexOf(c) >= 0)) {
      return Optional.of("must be one folder, without *, ? and [");
    }
    String clean = Paths.clean(root);
    return clean.equals(root) || root.equals(clean + "/")
        ? Optional.empty()
        : Optional.of("must be written without ., .. and doubled slashes: " + clean);
  }

  /** A host that may be contacted, or all below one. */
  public static Optional<String> ofHost(String host) {
    if (host.equals("*")) {
      return Optional.of("stands for every host; write \"any\" instead of the list");
    }
    if (host.length() > LONGEST_HOST) {
      return Optional.of("is longer than " + LONGEST_HOST + " characters");
    }
    return HOST.matcher(host).matches()
        ? Optional.empty()
        : Optional.of(
            "must be a host name in small letters, such as example.com, or *.example.com for all"
                + " below it; no scheme, port or path");
  }

  /** The beginning of commands that may run: one plain command that runs no other. */
  public static Optional<String> ofCommand(String command) {
    if (command.length() > LONGEST_COMMAND) {
      return Optional.of("is longer than " + LONGEST_COMMAND + " characters");
    }
    if (Oddities.hidden(command) != null) {
      return Optional.of("holds " + Oddities.hidden(command));
    }
    if (command.indexOf('*') >= 0) {
      return Optional.of(
          "must be the words that a command begins with, without *; for every command write"
              + " \"any\" instead of the list");
    }
    Optional<String> plain = plain(command);
    if (plain.isEmpty()) {
      return Optional.of("must be one plain command, such as npm run build");
    }
    if (!plain.get().equals(command)) {
      return Optional.of("must be written as it is compared: " + plain.get());
    }
    return Optional.ofNullable(OverBroad.ofCommand(command + " *"));
  }

  /** The command as it is compared; empty if it is not exactly one that is fully known. */
  private static Optional<String> plain(String command) {
    Script script = ShellReader.read(command);
    return script.readable()
            && script.parts().size() == 1
            && script.parts().get(0) instanceof Part.Command one
            && !one.background()
            && one.allowable()
        ? Optional.of(CommandText.of(one).plain())
        : Optional.empty();
  }
}
