package dev.countersign.protocol;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What is said of a key that means nothing. A misspelt setting would be a limit that is not there,
 * so it is refused, with the key that was probably meant.
 */
public final class UnknownKeys {
  private UnknownKeys() {}

  /** The keys that a record has in JSON. */
  public static List<String> of(Class<? extends Record> type) {
    return Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).toList();
  }

  /** Why a key is refused: the key that was probably meant, or all there are. */
  public static String detail(String key, List<String> known) {
    return meant(key, known)
        .map(name -> "is unknown; it is written " + name)
        .orElseGet(() -> "is unknown; known are " + String.join(", ", known));
  }

  /** The key that was meant: case, {@code _}, {@code -} and "initial" before it do not matter. */
  private static Optional<String> meant(String key, List<String> known) {
    String plain = OlderWords.plain(key);
    String bare = plain.startsWith("initial") ? plain.substring("initial".length()) : plain;
    return known.stream()
        .filter(name -> OlderWords.plain(name).equals(plain) || OlderWords.plain(name).equals(bare))
        .findFirst();
  }
}
