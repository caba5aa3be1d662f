package dev.countersign.policy.shell;

import java.util.List;

/** One thing a script could run. */
public sealed interface Part {
  /** The part as text, for reasons and traces. */
  String text();

  /** Whether it runs in the background. */
  boolean background();

  /**
   * A command whose program is known.
   *
   * @param words program and arguments, wrappers taken off; never empty
   * @param spellings other ways the same command reads, from the outermost wrapper in, for deny and
   *     ask rules to be tried on too: {@code timeout 5 rm x} for {@code rm x}, {@code rm x} for
   *     {@code /bin/rm x}, {@code git push} for {@code git -C /x push}
   * @param allowable false if no allow rule may match it (a risky environment prefix, say)
   * @param whyNot why, if not allowable; else null
   * @param reach what it does, as far as it is known
   * @param paths the files it touches, as far as they are known
   * @param hosts the URLs or host names it contacts, as far as they are known
   * @param directory where it may run
   */
  record Command(
      List<Word> words,
      List<List<Word>> spellings,
      List<List<Word>> wrappedIn,
      boolean exactOnly,
      boolean allowable,
      String whyNot,
      Reach reach,
      List<PathUse> paths,
      List<String> hosts,
      Directory directory,
      boolean background,
      String text)
      implements Part {
    public Command {
      words = List.copyOf(words);
      spellings = List.copyOf(spellings);
      wrappedIn = List.copyOf(wrappedIn);
      paths = List.copyOf(paths);
      hosts = List.copyOf(hosts);
    }
  }

  /** A redirection to or from a file. */
  record Redirect(PathUse path, boolean background, String text) implements Part {}

  /**
   * A command whose program is computed while the script runs.
   *
   * @param words as far as they could be read, for deny rules to be tried on
   * @param paths the files it touches if it is the program it seems to be
   * @param directory where it may run
   */
  record Computed(
      List<Word> words,
      String why,
      List<PathUse> paths,
      Directory directory,
      boolean background,
      String text)
      implements Part {
    public Computed {
      words = List.copyOf(words);
      paths = List.copyOf(paths);
    }

    /** The same as a command that may do anything. */
    public Command asCommand() {
      return new Command(
          words,
          List.of(),
          List.of(),
          true,
          false,
          why,
          Reach.OTHER,
          paths,
          List.of(),
          directory,
          background,
          text);
    }
  }

  /**
   * A program in another language, or a script from elsewhere, that this reader does not read. The
   * command that runs it stands beside it as a {@link Command}.
   */
  record Opaque(List<Word> words, String why, boolean background, String text) implements Part {
    public Opaque {
      words = List.copyOf(words);
    }
  }

  /** What a command does, from the table of known commands. */
  enum Reach {
    /** Proven to only read. */
    READ,
    /** Only creates or changes the files it names ({@code mkdir touch cp mv sed -i}). */
    EDIT,
    /** Deletes the files it names. */
    DELETE,
    /** Anything else. */
    OTHER
  }
}
