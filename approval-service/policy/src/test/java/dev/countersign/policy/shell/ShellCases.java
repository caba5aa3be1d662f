package dev.countersign.policy.shell;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Cases in {@code src/test/resources/shell}: one a line, {@code expectation <- script}, or a script
 * alone. In a script {@code ⏎} stands for a newline, {@code ⇥} for a tab, {@code ⟨200b⟩} for a
 * character by its number.
 */
final class ShellCases {
  static final List<String> FILES =
      List.of(
          "sees.txt",
          "reads.txt",
          "asks.txt",
          "edits.txt",
          "deletes.txt",
          "unreadable.txt",
          "allowable.txt",
          "not-allowable.txt",
          "paths.txt",
          "hosts.txt",
          "opaque.txt",
          "computed.txt",
          "exact-only.txt");

  record Line(String expected, String script) {
    @Override
    public String toString() {
      return expected.isEmpty() ? script : expected + " <- " + script;
    }
  }

  private ShellCases() {}

  static List<Line> read(String file) {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                ShellCases.class.getResourceAsStream("/shell/" + file), StandardCharsets.UTF_8))) {
      return reader
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("# "))
          .map(ShellCases::line)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Line line(String text) {
    int arrow = text.indexOf(" <- ");
    String expected = arrow < 0 ? "" : text.substring(0, arrow).strip();
    String script = arrow < 0 ? text : text.substring(arrow + 4);
    StringBuilder real = new StringBuilder();
    for (int i = 0; i < script.length(); i++) {
      char c = script.charAt(i);
      int close = c == '⟨' ? script.indexOf('⟩', i) : -1;
      if (close > 0) {
        real.appendCodePoint(Integer.parseInt(script.substring(i + 1, close), 16));
        i = close;
      } else {
        real.append(c == '⏎' ? '\n' : c == '⇥' ? '\t' : c);
      }
    }
    return new Line(expected, real.toString());
  }
}
