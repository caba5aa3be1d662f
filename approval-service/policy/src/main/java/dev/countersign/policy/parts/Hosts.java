package dev.countersign.policy.parts;

import dev.countersign.policy.parts.Touch.HostTouch;
import dev.countersign.policy.paths.Oddities;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which host an address leads to, read the way a browser does. */
final class Hosts {
  private static final Pattern SCHEME = Pattern.compile("(?i)^[a-z][a-z0-9+.-]*:");
  private static final Pattern NAME = Pattern.compile("[a-z0-9_.-]+|\\[[0-9a-f:.]+]");

  private Hosts() {}

  /** The hosts of every address in a text; of the text itself if it holds no blank. */
  static List<HostTouch> in(String text) {
    if (text.strip().chars().noneMatch(Character::isWhitespace)) {
      return List.of(of(text.strip()));
    }
    List<HostTouch> found = new ArrayList<>();
    for (int at = text.indexOf("://"); at >= 0; at = text.indexOf("://", at + 3)) {
      int start = at;
      while (start > 0 && at - start < 20 && scheme(text.charAt(start - 1))) {
        start--;
      }
      int end = at + 3;
      while (end < text.length() && !ends(text.charAt(end))) {
        end++;
      }
      found.add(of(text.substring(start, end)));
    }
    return found;
  }

  private static boolean scheme(char c) {
    return c < 0x80 && (Character.isLetterOrDigit(c) || "+.-".indexOf(c) >= 0);
  }

  private static boolean ends(char c) {
    return Character.isWhitespace(c) || "\"'<>".indexOf(c) >= 0;
  }

  /** The host of one address or of a bare host name. */
  static HostTouch of(String url) {
    String rest = url;
    Matcher scheme = SCHEME.matcher(url);
    String doubt = null;
    if (url.contains("://") && scheme.find()) {
      String name = scheme.group().toLowerCase(Locale.ROOT);
      if (!name.equals("http:")
          && !name.equals("https:")
          && !name.equals("git:")
          && !name.equals("ssh:")) {
        doubt = "it is no web address";
      }
      rest = url.substring(url.indexOf("://") + 3);
    } else if (url.startsWith("//")) {
      rest = url.substring(2);
      doubt = "its scheme is not known";
    }
    int end = 0;
    while (end < rest.length() && "/?#\\".indexOf(rest.charAt(end)) < 0) {
      end++;
    }
    String authority = rest.substring(0, end);
    String host = authority.substring(authority.lastIndexOf('@') + 1);
    if (!host.endsWith("]") && (rest == url || host.matches(".*:[0-9]*"))) {
      // Without a scheme a path may follow the colon: git@example.com:project.
      int colon = host.indexOf("]:") + 1;
      colon = colon > 0 ? colon : rest == url ? host.indexOf(':') : host.lastIndexOf(':');
      host = colon < 0 ? host : host.substring(0, colon);
    }
    host = Oddities.folded(host);
    while (host.endsWith(".")) {
      host = host.substring(0, host.length() - 1);
    }
    if (url.indexOf('\\') >= 0) {
      doubt = "the address holds a backslash";
    } else if (Oddities.hidden(url) != null) {
      doubt = "the address holds " + Oddities.hidden(url);
    } else if (!NAME.matcher(host).matches()) {
      doubt = "its host is no plain host name";
    }
    return new HostTouch(url, host, doubt);
  }
}
