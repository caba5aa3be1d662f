package dev.countersign.policy.rules;

import dev.countersign.policy.paths.Oddities;
import java.util.ArrayList;
import java.util.List;

/**
 * The domain of a fetch rule: a host name, {@code *.example.com} for every name below it (not
 * itself), {@code example.*} for one last label, {@code *} for all.
 */
public final class DomainPattern {
  /** The longest name there can be (RFC 1035, section 2.3.4). */
  private static final int LONGEST = 253;

  private final List<String> labels;

  private DomainPattern(List<String> labels) {
    this.labels = labels;
  }

  /** Reads a pattern. */
  public static DomainPattern of(String text) {
    String name = Oddities.folded(text.strip());
    return new DomainPattern(
        List.of((name.endsWith(".") ? name.substring(0, name.length() - 1) : name).split("\\.")));
  }

  /** The one host it fits; null if it fits several. */
  String name() {
    String name = String.join(".", labels);
    return name.indexOf('*') < 0 && name.indexOf('\\') < 0 ? name : null;
  }

  /** Whether a host name, or one above it, fits: denies and asks hold for subdomains, too. */
  boolean forbids(String host) {
    return above(host).stream().anyMatch(this::matches);
  }

  /**
   * A host name and every name above it that can exist: {@code a.b.c}, {@code b.c}, {@code c}. At
   * most 254, however long the host pretends to be.
   */
  static List<String> above(String host) {
    List<String> names = new ArrayList<>(List.of(host));
    int start = Math.max(0, host.length() - LONGEST - 1);
    for (int dot = host.indexOf('.', start); dot >= 0; dot = host.indexOf('.', dot + 1)) {
      names.add(host.substring(dot + 1));
    }
    return names;
  }

  /** Whether a host name, lower case and without its last dot, fits. */
  public boolean matches(String host) {
    if (labels.size() == 1 && labels.get(0).equals("*")) {
      return true;
    }
    List<String> name = List.of(host.split("\\."));
    boolean below = labels.get(0).equals("*");
    if (below ? name.size() < labels.size() : name.size() != labels.size()) {
      return false;
    }
    int skipped = name.size() - labels.size();
    for (int i = below ? 1 : 0; i < labels.size(); i++) {
      if (!TextGlob.of(labels.get(i)).matches(name.get(i + skipped))) {
        return false;
      }
    }
    return true;
  }
}
