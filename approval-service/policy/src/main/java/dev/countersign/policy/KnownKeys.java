package dev.countersign.policy;

import dev.countersign.policy.JsonFields.BadCase;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * A JSON object that notes which of its keys are asked for. What nobody asks for means nothing
 * here: a misspelt key would be a limit that is not there.
 */
final class KnownKeys extends LinkedHashMap<String, Object> {
  private static final long serialVersionUID = 1L;

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
   * @throws BadCase naming the first of them and what is known
   */
  void refuseOthers() {
    for (String key : keySet()) {
      if (!asked.contains(key)) {
        throw new BadCase(at + key, "unknown; known are " + String.join(", ", asked));
      }
    }
  }
}
