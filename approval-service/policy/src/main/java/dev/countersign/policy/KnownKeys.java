package dev.countersign.policy;

import dev.countersign.policy.JsonFields.BadCase;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A JSON object that notes which of its keys are asked for. What nobody asks for means nothing
 * here: a misspelt key would be a limit that is not there.
 */
final class KnownKeys extends LinkedHashMap<String, Object> {
  private static final long serialVersionUID = 1L;

  /** What sessions call the mode, without what does not matter in a key. */
  private static final Set<String> MODE_OF_SESSIONS =
      Set.of("permissionmode", "initialpermissionmode");

  private final transient TreeSet<String> asked = new TreeSet<>();
  private final String at;

  /**
   * An object.
   *
   * @param at where it stands, as errors name it, with a trailing dot; empty for the whole
   */
  KnownKeys(Map<String, Object> object, String at) {
    super(object);
    this.at = at;
  }

  @Override
  public Object get(Object key) {
    asked.add((String) key);
    return super.get(key);
  }

  @Override
  public boolean containsKey(Object key) {
    asked.add((String) key);
    return super.containsKey(key);
  }

  /**
   * Refuses a key that nobody asked for.
   *
   * @throws BadCase naming the first of them and the key that was probably meant, or all there are
   */
  void refuseOthers() {
    for (String key : keySet()) {
      if (!asked.contains(key)) {
        throw new BadCase(at + key, "unknown; " + hint(key));
      }
    }
  }

  private String hint(String key) {
    String plain = plain(key);
    String meant = MODE_OF_SESSIONS.contains(plain) ? "mode" : plain;
    return asked.stream()
        .filter(name -> plain(name).equals(meant))
        .findFirst()
        .map(name -> "it is written " + name)
        .orElseGet(() -> "known are " + String.join(", ", asked));
  }

  /** A key without what does not matter in it. */
  private static String plain(String key) {
    return key.replaceAll("[-_]", "").toLowerCase(Locale.ROOT);
  }
}
