package dev.countersign.policy.shell;

import dev.countersign.policy.shell.syntax.Budget;
import java.util.ArrayList;
import java.util.List;

/** Reads shell text conservatively. Linear in its length; never throws on any input. */
public final class ShellReader {
  /** A longer text is not read as a script, only searched for commands. */
  static final int LONGEST = 2_000_000;

  /** A longer text is read, but nothing in it can be allowed unseen. */
  static final int LONGEST_ALLOWED = 10_000;

  private ShellReader() {}

  /** Whether a command, given as its words, is known to read all below the folders it names. */
  public static boolean readsTrees(List<Word> words) {
    return KnownCommands.readsTrees(words);
  }

  /** Reads a script, as Bash would. */
  public static Script read(String source) {
    List<Part> parts = new ArrayList<>();
    String problem;
    if (source.length() > LONGEST) {
      problem = "longer than " + LONGEST + " characters";
      CrudeReader.read(source, parts);
    } else if (source.indexOf('\0') >= 0 || source.indexOf('\uffff') >= 0) {
      problem = "holds a character no script can hold";
      CrudeReader.read(source, parts);
    } else {
      Budget budget = new Budget(16L * source.length() + 10_000);
      Frame frame = Frame.start();
      if (source.length() > LONGEST_ALLOWED) {
        frame = frame.notAllowable("longer than " + LONGEST_ALLOWED + " characters");
      }
      problem = new Walker(parts, budget).script(source, frame, new Scope(), false);
    }
    return new Script(parts, problem);
  }
}
