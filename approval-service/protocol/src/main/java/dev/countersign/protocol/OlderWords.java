package dev.countersign.protocol;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The words that one setting had in older tools, and what each is today. Case, {@code _} and {@code
 * -} do not matter in them.
 */
final class OlderWords {
  /** What a refusal of an older word adds. */
  static final String HINT = "; POST /v1/settings/import translates older words";

  static final OlderWords MODES =
      new OlderWords()
          .word("Normal", "default")
          .word("Agent", "default")
          .word("default", "default")
          .word("suggest", "default")
          .word("plan", "plan")
          .word("autoEdit", "acceptEdits")
          .word("fullAuto", "auto")
          .word("YOLO", "bypassPermissions");
  static final OlderWords APPROVALS =
      new OlderWords()
          .word("auto", "approve_trusted")
          .word("suggest", "ask_on_boundary")
          .word("never", "block_requires_approval");
  static final OlderWords SANDBOXES =
      new OlderWords()
          .word("read-only", "read_only")
          .word("workspace-write", "workspace")
          .word("external-sandbox", "external_sandbox")
          .word("danger-full-access", "full_access");

  private final Map<String, String> today = new LinkedHashMap<>();

  private OlderWords() {}

  private OlderWords word(String older, String now) {
    today.put(older, now);
    return this;
  }

  /** What a word is today. */
  Optional<String> today(String word) {
    return today.entrySet().stream()
        .filter(entry -> plain(entry.getKey()).equals(plain(word)))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** All of them, as they were written. */
  List<String> all() {
    return List.copyOf(today.keySet());
  }

  /** Whether a word is one that only older tools had. */
  static boolean isOlder(String word) {
    return Stream.of(MODES, APPROVALS, SANDBOXES)
        .flatMap(words -> words.today(word).stream())
        .anyMatch(now -> !plain(now).equals(plain(word)));
  }

  /** A word without what does not matter in it. */
  static String plain(String word) {
    return word.replaceAll("[-_]", "").toLowerCase(Locale.ROOT);
  }
}
