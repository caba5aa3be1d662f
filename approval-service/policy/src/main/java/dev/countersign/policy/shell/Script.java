package dev.countersign.policy.shell;

import java.util.List;

/**
 * What a shell text could run.
 *
 * @param parts every command and redirection, also those inside substitutions, wrappers and
 *     functions; what could not be read stands as computed or opaque
 * @param problem why the text is no shell script this reader understands; null if it is. The parts
 *     then hold what could still be read, so that deny rules can be tried on them
 */
public record Script(List<Part> parts, String problem) {
  public Script {
    parts = List.copyOf(parts);
  }

  public boolean readable() {
    return problem == null;
  }
}
