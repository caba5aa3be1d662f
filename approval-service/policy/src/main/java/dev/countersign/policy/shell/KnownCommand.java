package dev.countersign.policy.shell;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** An entry of the table of known commands. */
final class KnownCommand {
  /** What an operand is. */
  enum Operands {
    /** Files the command reads, writes or deletes, after its reach. */
    PATHS,
    /** Text that is no path. */
    TEXT,
    /** There must be none. */
    NONE,
    /** A pattern, then files. */
    PATTERN,
    /** Sources, then a destination. */
    COPY,
    /** As COPY, and the sources are changed too. */
    MOVE,
    /** An archive that is written, then files. */
    ARCHIVE,
    /** Addresses. */
    HOSTS
  }

  /** What an option does. */
  enum Option {
    HARMLESS,
    RECURSIVE,
    FILES,
    VALUE,
    READS,
    LISTS,
    MOUNTS,
    ARCHIVE,
    INSIDE,
    WRITES,
    INTO,
    EDITS,
    EXECUTES,
    OTHER,
    PATTERN,
    CONTACTS;

    boolean takesValue() {
      return switch (this) {
        case VALUE,
            READS,
            LISTS,
            MOUNTS,
            ARCHIVE,
            INSIDE,
            WRITES,
            INTO,
            EXECUTES,
            PATTERN,
            CONTACTS ->
            true;
        case HARMLESS, RECURSIVE, FILES, EDITS, OTHER -> false;
      };
    }
  }

  private static final Set<Option> DANGEROUS =
      EnumSet.of(Option.WRITES, Option.INTO, Option.EDITS, Option.EXECUTES, Option.OTHER);

  final Part.Reach reach;
  final Operands operands;
  final Map<String, Option> options = new HashMap<>();
  final Set<String> words = new HashSet<>();
  boolean any;
  boolean longOptions;
  boolean globs;
  boolean folder;
  boolean leading;
  boolean commands;
  boolean bundle;
  boolean commas;
  Trees trees;
  String beginning = "";
  final Set<String> without = new HashSet<>();
  final Set<String> running = new HashSet<>();
  int most = Integer.MAX_VALUE;
  private boolean mayRun;
  private boolean harmless;

  KnownCommand(Part.Reach reach, Operands operands) {
    this.reach = reach;
    this.operands = operands;
  }

  /** Takes in one line below the entry's head. */
  void line(List<String> parts) {
    List<String> rest = parts.subList(1, parts.size());
    switch (parts.get(0)) {
      case "any" -> any = true;
      case "long" -> longOptions = true;
      case "globs" -> globs = true;
      case "folder" -> folder = true;
      case "leading" -> leading = true;
      case "commands" -> commands = true;
      case "bundle" -> bundle = true;
      case "commas" -> commas = true;
      case "trees" -> trees().when(rest);
      case "verbs" -> trees().verbs(rest);
      case "names" -> trees().names(rest);
      case "remote" -> trees().remote(rest.get(0));
      case "beginning" -> beginning = rest.get(0);
      case "runs" -> running.addAll(rest);
      case "without" -> without.addAll(rest);
      case "most" -> most = Integer.parseInt(rest.get(0));
      case "words" -> words.addAll(rest);
      case "flags" -> put(rest, Option.HARMLESS);
      default -> put(rest, Option.valueOf(parts.get(0).toUpperCase(Locale.ROOT)));
    }
    mayRun = commands || !running.isEmpty() || options.containsValue(Option.EXECUTES);
    harmless = any && options.values().stream().noneMatch(DANGEROUS::contains);
  }

  private Trees trees() {
    trees = trees == null ? new Trees() : trees;
    return trees;
  }

  private void put(List<String> names, Option option) {
    names.forEach(name -> options.put(name, option));
  }

  /** Whether a command may stand in its options or operands. */
  boolean mayRun() {
    return mayRun;
  }

  /** The words, the first with a dash if it is a bundle of options without one. */
  List<Word> dashed(List<Word> rest) {
    boolean bundled =
        bundle && !rest.isEmpty() && rest.get(0).text().matches("[A-Za-z][A-Za-z0-9]*");
    if (!bundled) {
      return rest;
    }
    List<Word> dashed = new ArrayList<>(rest);
    dashed.set(0, new Word("-" + rest.get(0).text(), rest.get(0).certainty()));
    return dashed;
  }

  /**
   * Whether the words behind its name make it read all below its folders. In a bundle as of tar the
   * letters behind one that takes a value are options, too.
   */
  boolean readsTrees(List<Word> rest) {
    return trees != null && trees.reads(dashed(rest), this::endsBundle);
  }

  /** Whether the files are named by what it reads from its input. */
  boolean namedByInput(List<Word> rest) {
    return trees != null && trees.namedByInput(dashed(rest), this::endsBundle);
  }

  private boolean endsBundle(String name) {
    Option option = options.get(name);
    return !bundle && option != null && option.takesValue();
  }

  /** Whether any option at all could be dangerous if a word turned out to be it. */
  boolean harmless() {
    return harmless;
  }

  /** What an option does; null if it is not known. */
  Option option(String name) {
    Option exact = options.get(name);
    if (exact != null || !name.startsWith("--") || name.length() < 4) {
      return exact == null && any ? Option.HARMLESS : exact;
    }
    // A long option may be shortened: --outp is --output.
    Option found = null;
    for (Map.Entry<String, Option> entry : options.entrySet()) {
      if (entry.getKey().startsWith(name)) {
        boolean worse = found == null || entry.getValue().ordinal() > found.ordinal();
        found = worse ? entry.getValue() : found;
      }
    }
    if (found != null && (found.ordinal() >= Option.READS.ordinal() || any)) {
      return found;
    }
    return found == null && any ? Option.HARMLESS : null;
  }
}
