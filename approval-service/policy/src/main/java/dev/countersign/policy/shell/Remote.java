package dev.countersign.policy.shell;

import java.util.ArrayList;
import java.util.List;

/** {@code ssh} and its like: a host, and a command that runs there. */
final class Remote {
  private static final Options SSH =
      Options.of(
          0,
          "-B -b -c -D -E -e -F -I -i -J -L -l -m -O -o -P -p -Q -R -S -W -w",
          "-4 -6 -A -a -C -f -G -g -K -k -M -N -n -q -s -T -t -V -v -X -x -Y -y");

  private final Walker walker;

  Remote(Walker walker) {
    this.walker = walker;
  }

  static void addTo(Programs.Table<Remote> looks) {
    for (String name : List.of("ssh", "rsh", "autossh", "mosh", "slogin")) {
      looks.put(name, Remote::ssh);
    }
    looks.put("sshpass", Remote::sshpass);
  }

  private boolean ssh(Call call) {
    Options.Start start = SSH.find(call.words());
    List<String> hosts = new ArrayList<>();
    if (start.index() < call.size()) {
      hosts.add(call.text(start.index()));
    }
    Effects effects = new Effects(Part.Reach.OTHER, List.of(), hosts, false, null, List.of());
    for (int i = 1; i < call.size(); i++) {
      String text = call.text(i);
      String option = text.equals("-o") ? "-o" + next(call, i) : text;
      if (option.matches(
          "(?is)-o\\s*(ProxyCommand|LocalCommand|KnownHostsCommand|PermitLocalCommand|Match|Include|ProxyUseFdpass|PKCS11Provider|SecurityKeyProvider|XAuthLocation).*")) {
        effects = effects.notAllowable("an ssh option that runs a program");
        Frame inner = call.frame().inside(call.words()).notAllowable("run by an ssh option");
        walker.script(
            option.replaceFirst("(?s)^-o\\s*\\w+\\s*=?\\s*", ""),
            inner,
            call.scope().subshell(),
            true);
      }
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

  private static String next(Call call, int index) {
    return index + 1 < call.size() ? call.text(index + 1) : "";
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
