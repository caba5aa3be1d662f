package dev.countersign.policy.parts;

import dev.countersign.policy.parts.Touch.HostTouch;
import java.util.ArrayList;
import java.util.List;

/**
 * A host that a word of a command names although nothing says that the command contacts it.
 *
 * @param address whether it stands where only a host can stand, after {@code ://} or {@code @}; a
 *     bare name may as well be a file
 */
public record NamedHost(HostTouch host, boolean address) {

  /** Every host a text names, a dot at least in each. Linear in the text. */
  static List<NamedHost> in(String text) {
    List<NamedHost> found = new ArrayList<>();
    int start = text.indexOf('.') < 0 ? text.length() : 0;
    while (start < text.length()) {
      boolean dot = false;
      int end = start;
      while (end < text.length() && ofName(text.charAt(end))) {
        dot |= text.charAt(end) == '.';
        end++;
      }
      if (dot) {
        boolean address =
            start > 0 && text.charAt(start - 1) == '@' || text.startsWith("//", start - 2);
        found.add(new NamedHost(Hosts.of(text.substring(start, end)), address));
      }
      start = end + 1;
    }
    return found;
  }

  private static boolean ofName(char c) {
    return Character.isLetterOrDigit(c) || c == '.' || c == '-' || c == '_';
  }
}
