package dev.countersign.policy.parts;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Every three characters that stand side by side in some form of a command: a rule that holds three
 * others need not be compared with it.
 *
 * @param packed three characters in each number
 */
public record Grams(Set<Long> packed) {
  /** How many characters one has. */
  public static final int LENGTH = 3;

  private static final Grams NONE = new Grams(Set.of());

  static Grams of(CommandText command) {
    if (command == null) {
      return NONE;
    }
    Set<Long> packed = new HashSet<>();
    add(command.plain(), packed);
    for (Set<String> forms : List.of(command.readings(), command.inner(), command.outer())) {
      forms.forEach(form -> add(form, packed));
    }
    return new Grams(packed);
  }

  private static void add(String text, Set<Long> packed) {
    for (int i = 0; i + LENGTH <= text.length(); i++) {
      packed.add(at(text, i));
    }
  }

  /** The three characters from an index on, packed. */
  public static long at(String text, int index) {
    return (long) text.charAt(index) << 32
        | (long) text.charAt(index + 1) << 16
        | text.charAt(index + 2);
  }
}
