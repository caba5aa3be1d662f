package dev.countersign.preflight;

import dev.countersign.protocol.ClientVariables;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The settings that a service has. Names are those of properties ({@code countersign.trust-file})
 * or of environment variables ({@code COUNTERSIGN_TRUST_FILE}), each also of one profile ({@code
 * %prod.countersign.trust-file}, {@code _PROD_COUNTERSIGN_TRUST_FILE}).
 */
final class Settings {
  private static final String PROPERTY = "countersign.";
  private static final String VARIABLE = "COUNTERSIGN_";
  private static final Pattern PROFILE =
      Pattern.compile("^(%[^.]*\\.|_[A-Z0-9_]+?_(?=COUNTERSIGN_))", Pattern.CASE_INSENSITIVE);

  /** What Kubernetes tells every pod of a Service is known by its host. */
  private static final String HOST_OF_A_SERVICE = "_SERVICE_HOST";

  private final Set<String> known;

  /**
   * @param known their names, as properties
   */
  Settings(Set<String> known) {
    this.known = Set.copyOf(known);
  }

  /**
   * The first name, in alphabetical order, that means nothing; none if all mean something.
   *
   * @param names of all properties and variables there are, also those of others
   */
  Optional<String> problem(Collection<String> names) {
    return names.stream()
        .filter(name -> isUnknown(name, names))
        .sorted()
        .findFirst()
        .map(this::say);
  }

  private boolean isUnknown(String written, Collection<String> names) {
    String name = withoutProfile(written);
    if (name.startsWith(PROPERTY)) {
      return !known.contains(name);
    }
    return isVariable(name)
        && !ClientVariables.NAMES.contains(variable(name))
        && known.stream().noneMatch(setting -> variable(setting).equals(variable(name)))
        && !isServiceLink(name, names);
  }

  /** In any case, as they are read. */
  private static boolean isVariable(String name) {
    return name.toUpperCase(Locale.ROOT).startsWith(VARIABLE);
  }

  /** Kubernetes sets such variables for every Service of the namespace, after its name. */
  private static boolean isServiceLink(String name, Collection<String> names) {
    return names.stream()
        .filter(host -> isVariable(host) && host.endsWith(HOST_OF_A_SERVICE))
        .map(host -> host.substring(0, host.length() - HOST_OF_A_SERVICE.length()))
        .filter(name::startsWith)
        .map(service -> name.substring(service.length()))
        .anyMatch(
            rest ->
                rest.matches(
                    "_SERVICE_(HOST|PORT(_[A-Z0-9_]+)?)"
                        + "|_PORT(_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?"));
  }

  private static String withoutProfile(String name) {
    return PROFILE.matcher(name).replaceFirst("");
  }

  private String say(String written) {
    String name = withoutProfile(written);
    String meant = nearest(name);
    return "%s is not one of its settings; the nearest is %s (docs/operations.md lists them)"
        .formatted(written, name.startsWith(PROPERTY) ? meant : variable(meant));
  }

  private String nearest(String name) {
    return known.stream()
        .min(
            Comparator.<String>comparingInt(setting -> distance(plain(setting), plain(name)))
                .thenComparing(Comparator.naturalOrder()))
        .orElseThrow();
  }

  private static String variable(String property) {
    return property.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
  }

  /** A name without what does not matter when it is mistyped. */
  private static String plain(String name) {
    return name.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
  }

  /** How many characters must be added, removed or replaced to make one out of the other. */
  static int distance(String one, String other) {
    int[] row = new int[other.length() + 1];
    for (int j = 0; j <= other.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[other.length()];
  }
}
