package dev.countersign.policy.tools;

import java.util.List;
import java.util.stream.Collectors;

/** A catalogue of tools that was refused as a whole; every line at fault is listed. */
public final class InvalidToolsException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * One line at fault.
   *
   * @param line its number, from 1
   * @param text the line as written
   * @param reason what is wrong and what would be right
   */
  public record Problem(int line, String text, String reason) implements java.io.Serializable {}

  private final List<Problem> problems;

  public InvalidToolsException(List<Problem> problems) {
    super(
        problems.stream()
            .map(p -> "line " + p.line() + ": " + p.reason() + " [" + p.text() + "]")
            .collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  public List<Problem> problems() {
    return problems;
  }
}
