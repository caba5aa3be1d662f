package dev.countersign.approval.policies;

import dev.countersign.policy.InvalidRulesException;
import dev.countersign.policy.InvalidRulesException.Problem;
import dev.countersign.policy.ManagedRules;
import dev.countersign.policy.Rule;
import java.util.ArrayList;
import java.util.List;

/**
 * The administrators' file: a line {@code revision 7}, perhaps a line {@code shipped-rules off},
 * and one rule a line ({@code deny Bash(aws *)}). {@code #} begins a comment line.
 *
 * @param revision grows with every change; a lower one is never imported
 * @param shippedRules whether the shipped rules apply beside these; they do unless switched off
 */
public record ManagedRulesFile(long revision, boolean shippedRules, List<Rule> rules) {
  /** What holds where no file was ever imported. */
  public static final ManagedRulesFile NONE = new ManagedRulesFile(0, true, List.of());

  private static final String REVISION = "revision ";
  private static final String SHIPPED = "shipped-rules ";

  public ManagedRulesFile {
    rules = List.copyOf(rules);
  }

  /**
   * Reads a file's text.
   *
   * @throws InvalidRulesException if it names no revision, or a line is no rule
   */
  public static ManagedRulesFile parse(String text) throws InvalidRulesException {
    long revision = -1;
    boolean shipped = true;
    List<String> rules = new ArrayList<>();
    for (String raw : text.split("\\R")) {
      String line = raw.strip();
      if (line.startsWith(REVISION)) {
        revision = revision(line);
      } else if (line.startsWith(SHIPPED)) {
        shipped = !line.substring(SHIPPED.length()).strip().equals("off");
      } else {
        rules.add(line);
      }
    }
    if (revision < 1) {
      throw problem(text, "the file needs a line \"revision N\" that grows with every change");
    }
    return new ManagedRulesFile(revision, shipped, ManagedRules.parse(String.join("\n", rules)));
  }

  private static long revision(String line) throws InvalidRulesException {
    try {
      return Long.parseLong(line.substring(REVISION.length()).strip());
    } catch (NumberFormatException e) {
      throw problem(line, "a revision is a number from 1");
    }
  }

  private static InvalidRulesException problem(String text, String reason) {
    String shown = text.length() > 80 ? text.substring(0, 80) + "…" : text;
    return new InvalidRulesException(List.of(new Problem(shown, 0, reason)));
  }
}
