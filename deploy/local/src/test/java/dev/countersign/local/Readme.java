package dev.countersign.local;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The snippets of the README that are tested: each fenced {@code sh} block right after a comment
 * {@code <!-- test: name; prints text; needs program -->}.
 */
final class Readme {
  private static final Pattern MARKED =
      Pattern.compile("<!-- test: ([^>]*) -->\\R```sh\\R(.*?)\\R```", Pattern.DOTALL);

  private static final Pattern CLAUDE_CODE =
      Pattern.compile("Claude Code's settings.*?```json\\R(.*?)\\R```", Pattern.DOTALL);

  private Readme() {}

  /**
   * One snippet.
   *
   * @param prints what its output must hold
   * @param needs programs that a machine may lack
   */
  record Snippet(String name, List<String> prints, List<String> needs, String text) {}

  /** All of them, in order. */
  static List<Snippet> snippets() throws IOException {
    String text = Files.readString(Launched.CHECKOUT.resolve("README.md"));
    List<Snippet> snippets = new ArrayList<>();
    Matcher matcher = MARKED.matcher(text);
    while (matcher.find()) {
      snippets.add(snippet(matcher.group(1), matcher.group(2)));
    }
    long comments = text.lines().filter(line -> line.startsWith("<!-- test:")).count();
    if (comments != snippets.size()) {
      throw new IllegalStateException("a test comment in the README stands before no sh block");
    }
    return snippets;
  }

  /** The settings of Claude Code that it tells to write. */
  static String claudeCodeSettings() throws IOException {
    String text = Files.readString(Launched.CHECKOUT.resolve("README.md"));
    Matcher matcher = CLAUDE_CODE.matcher(text);
    if (!matcher.find()) {
      throw new IllegalStateException("the README has no settings of Claude Code");
    }
    return matcher.group(1);
  }

  private static Snippet snippet(String comment, String text) {
    String[] parts = comment.split(";");
    List<String> prints = new ArrayList<>();
    List<String> needs = new ArrayList<>();
    for (int i = 1; i < parts.length; i++) {
      String[] words = parts[i].strip().split(" ", 2);
      switch (words[0]) {
        case "prints" -> prints.add(words[1]);
        case "needs" -> needs.add(words[1]);
        default -> throw new IllegalStateException("unknown word in a test comment: " + parts[i]);
      }
    }
    return new Snippet(parts[0].strip(), prints, needs, text);
  }
}
