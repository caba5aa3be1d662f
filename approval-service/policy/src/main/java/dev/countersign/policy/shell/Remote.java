package dev.countersign.policy.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code ssh} and its like: a host, and a command that runs there. */
final class Remote {
  private static final Options SSH =
      Options.of(
          0,
          "-B -b -c -D -E -e -F -I -i -J -L -l -m -O -o -P -p -Q -R -S -W -w",
          "-4 -6 -A -a -C -f -G -g -K -k -M -N -n -q -s -T -t -V -v -X -x -Y -y");

  private static final String RUNS = "an ssh option that runs a program";

  /** The beginning of a setting that names a program, up to that program. */
  private static final Pattern SETTING =
      Pattern.compile(
          "(?is)\\s*(Match\\b.*\\bexec|ProxyCommand|LocalCommand|RemoteCommand|KnownHostsCommand"
              + "|PermitLocalCommand|Match|Include|ProxyUseFdpass|PKCS11Provider|SecurityKeyProvider"
              + "|XAuthLocation|ssh_command)\\s*=?\\s*");

  /** A setting whose keyword is written plainly. */
  private static final Pattern PLAIN = Pattern.compile("(?s)\\s*\\w+(?:[\\s=].*)?");

  /** Its keyword may stand in quotes. */
  private static final Pattern QUOTED = Pattern.compile("^(\\s*)\"([^\"]*)\"");

  private final Walker walker;

  Remote(Walker walker) {
    this.walker = walker;
  }

  static void addTo(Programs.Table<Remote> looks) {
    for (String name : List.of("ssh", "rsh", "autossh", "mosh", "slogin")) {
      looks.put(name, Remote::ssh);
    }
    looks.put("scp", Remote::copy);
    looks.put("sftp", Remote::copy);
    looks.put("ssh-copy-id", Remote::copy);
    looks.put("sshfs", Remote::copy);
    looks.put("sshpass", Remote::sshpass);
  }

  private boolean ssh(Call call) {
    Options.Start start = SSH.find(call.words());
    List<String> hosts = new ArrayList<>();
    if (start.index() < call.size()) {
      hosts.add(call.text(start.index()));
    }
    Effects effects = new Effects(Part.Reach.OTHER, List.of(), hosts, false, null, List.of());
    if (runs(call, "BbcDEeFIiJLlmOoPpQRSWw")) {
      effects = effects.notAllowable(RUNS);
    }
    walker.programs().plain(call, effects);
    if (call.frame().input().kind() == Input.Kind.TEXT) {
      Frame inner = call.frame().inside(call.words()).reading(Input.UNKNOWN);
      String text = call.frame().input().text();
      walker.script(
          text, inner.notAllowable("may run on another host"), call.scope().subshell(), true);
    }
    if (start.index() + 1 < call.size()) {
      Word line = Shells.joined(call.words().subList(start.index() + 1, call.size()), true);
      Frame inner = call.frame().inside(call.words());
      walker.script(
          line.text(), inner.notAllowable("runs on another host"), call.scope().subshell(), true);
    }
    return true;
  }

  private boolean copy(Call call) {
    boolean runs = runs(call, "BbcDFiJlPRSsXo");
    walker.programs().plain(runs ? call.with(call.frame().notAllowable(RUNS)) : call);
    return true;
  }

  /**
   * Looks into settings that run a program, wherever {@code -o} stands; false if there are none.
   *
   * @param valued the letters of options that take a value
   */
  private boolean runs(Call call, String valued) {
    boolean runs = false;
    for (int i = 1; i < call.size(); i++) {
      String text = call.text(i);
      int at = text.startsWith("--") || !text.startsWith("-") ? 0 : 1;
      while (at > 0 && at < text.length() && valued.indexOf(text.charAt(at)) < 0) {
        at++;
      }
      if (at == 0 || at >= text.length()) {
        continue;
      }
      boolean glued = at + 1 < text.length();
      String value = glued ? text.substring(at + 1) : i + 1 < call.size() ? call.text(i + 1) : "";
      i += glued ? 0 : 1;
      if (text.charAt(at) == 'o') {
        runs |= setting(call, value);
        boolean several = call.program().equals("sshfs") && value.indexOf(',') >= 0;
        for (String one : several ? value.split(",") : new String[0]) {
          runs |= setting(call, one);
        }
      }
    }
    return runs;
  }

  /** Looks into one setting; true if it may run a program. */
  private boolean setting(Call call, String written) {
    String value = QUOTED.matcher(written).replaceFirst("$1$2 ");
    Matcher setting = SETTING.matcher(value);
    if (!setting.lookingAt()) {
      return !PLAIN.matcher(value).matches();
    }
    Frame inner = call.frame().inside(call.words()).notAllowable("run by an ssh option");
    walker.script(value.substring(setting.end()), inner, call.scope().subshell(), true);
    return true;
  }

  private boolean sshpass(Call call) {
    Options.Start start = Options.of(0, "-p -f -d -P", "-e -v").find(call.words());
    walker.programs().plain(call, Effects.UNKNOWN);
    if (start.index() < call.size()) {
      walker.programs().look(call.from(start.index(), call.frame().inside(call.words())));
    }
    return true;
  }
}
