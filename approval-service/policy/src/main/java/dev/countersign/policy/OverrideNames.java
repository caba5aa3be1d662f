package dev.countersign.policy;

import java.util.Optional;

/** Checks the names of tools and resources for which somebody wants to settle something. */
public final class OverrideNames {
  private static final int LONGEST_TOOL = 256;
  private static final int LONGEST_RESOURCE = 4096;

  private OverrideNames() {}

  /** What is wrong with a tool's name, if anything. */
  public static Optional<String> faultOfTool(String tool) {
    return fault("the tool's name", tool, tool, LONGEST_TOOL)
        .or(
            () ->
                tool.indexOf('*') < 0
                    ? Optional.empty()
                    : Optional.of("over-broad: an override names one tool, without *"));
  }

  /** What is wrong with a resource or pattern, if anything; a command may have several lines. */
  public static Optional<String> faultOfResource(String resource) {
    String oneLine = resource == null ? null : resource.replace('\n', ' ').replace('\t', ' ');
    return fault("the resource", resource, oneLine, LONGEST_RESOURCE)
        .or(
            () ->
                resource.chars().anyMatch(c -> "*/ ".indexOf(c) < 0)
                    ? Optional.empty()
                    : Optional.of(
                        "over-broad: the resource would match everything; leave it out to mean the"
                            + " whole tool"));
  }

  private static Optional<String> fault(String what, String text, String shown, int max) {
    if (text == null || text.isBlank()) {
      return Optional.of(what + " is empty");
    }
    if (text.length() > max) {
      return Optional.of(what + " is longer than " + max + " characters");
    }
    if (!text.equals(text.strip())) {
      return Optional.of(what + " begins or ends with white space");
    }
    return unprintable(shown).map(c -> "%s holds U+%04X, which no name may".formatted(what, c));
  }

  /** The first control character, line separator or half of a surrogate pair in a text. */
  public static Optional<Integer> unprintable(String text) {
    return text.codePoints().filter(c -> !printable(c)).boxed().findFirst();
  }

  /** Whether a character can be shown in one line. */
  public static boolean printable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
