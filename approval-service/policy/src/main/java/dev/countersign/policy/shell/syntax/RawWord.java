package dev.countersign.policy.shell.syntax;

import java.util.List;

/**
 * A word as read: quotes removed, expansions found but not performed.
 *
 * @param text quotes removed; expansions stand in it as written, shortened if long
 * @param quoted whether any character of it was quoted
 * @param continued whether a line continuation stood inside
 * @param glob whether it holds unquoted pattern characters
 * @param quotedClass whether a quoted character that means something in a class of characters
 *     stands in one
 * @param expanded whether it holds an expansion of any kind
 * @param braces whether it holds an unquoted brace expansion
 * @param variables where plain {@code $name} stand in the text
 * @param runs scripts that run to make the word: substitutions
 * @param arithmetic names whose values are evaluated as arithmetic, which can run commands
 * @param hazard why expanding it could run code that cannot be seen; null if it cannot
 */
public record RawWord(
    String text,
    boolean quoted,
    boolean continued,
    boolean glob,
    boolean quotedClass,
    boolean expanded,
    boolean braces,
    List<Variable> variables,
    List<Node> runs,
    List<String> arithmetic,
    String hazard) {

  /**
   * A {@code $name} in the text.
   *
   * @param split whether it is unquoted, so that its value may become several words
   */
  public record Variable(String name, int at, int length, boolean split) {}

  public boolean literal() {
    return !glob && !expanded && !braces;
  }

  /** A word nobody has to look into. */
  public static RawWord literal(String text) {
    return new RawWord(
        text, false, false, false, false, false, false, List.of(), List.of(), List.of(), null);
  }
}
