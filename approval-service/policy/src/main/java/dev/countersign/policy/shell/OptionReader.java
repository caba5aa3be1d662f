package dev.countersign.policy.shell;

import dev.countersign.policy.shell.KnownCommand.Operands;
import dev.countersign.policy.shell.Part.Reach;
import java.util.ArrayList;
import java.util.List;

/** Reads a command's words as its entry in the table says. */
final class OptionReader {
  private static final Word STANDARD_INPUT = new Word("-", Word.Certainty.LITERAL);

  private final KnownCommand entry;
  private final Call call;
  private final List<Word> words;
  private final TouchedPaths paths;
  private final List<Word> operands = new ArrayList<>();
  private final List<String> commands = new ArrayList<>();
  private final List<String> hosts = new ArrayList<>();
  private boolean known = true;
  private boolean writes;
  private boolean edits;
  private boolean patternGiven;
  private boolean executes;
  private boolean expression;
  private boolean folder;
  private boolean tree;
  private List<Word> behind = List.of();

  OptionReader(KnownCommand entry, Call call, List<Word> words) {
    this.entry = entry;
    this.call = call;
    this.words = words;
    this.paths = new TouchedPaths(entry, call);
  }

  List<String> commands() {
    return commands;
  }

  Effects read(int from) {
    behind = entry.dashed(words.subList(from, words.size()));
    tree = entry.readsTrees(behind);
    boolean bundled = from < words.size() && !behind.get(0).equals(words.get(from));
    int i = bundled ? bundle(from) : from;
    boolean options = true;
    while (i < words.size()) {
      Word word = words.get(i);
      String text = word.text();
      boolean first = !text.isEmpty() && text.charAt(0) == '-' && text.length() > 1;
      if (options && text.equals("--")) {
        options = false;
        i++;
      } else if (options && first) {
        i = option(i);
      } else {
        operand(word, options);
        i++;
      }
    }
    operands();
    Reach reach = entry.reach;
    if (!known || executes) {
      reach = Reach.OTHER;
    } else if ((writes || edits) && reach == Reach.READ) {
      reach = Reach.EDIT;
    }
    if (entry.operands == Operands.HOSTS) {
      operands.forEach(operand -> hosts.add(operand.text()));
    }
    return new Effects(reach, paths.all(), hosts, executes, null, List.of());
  }

  /** Reads a bundle without a dash: the values of its letters follow it in turn. */
  private int bundle(int index) {
    int next = index + 1;
    String letters = words.get(index).text();
    for (int i = 0; i < letters.length(); i++) {
      next = apply("-" + letters.charAt(i), null, next - 1);
    }
    return next;
  }

  private void operand(Word word, boolean options) {
    String text = word.text();
    boolean suffix =
        word.certainty() == Word.Certainty.GLOB
            && entry.globs
            && !text.startsWith("-")
            && text.matches(".*\\.[A-Za-z0-9]+");
    if (!word.literal() && options && !entry.harmless() && !suffix) {
      known = false;
    }
    known &= text.startsWith(entry.beginning);
    for (String part : entry.without) {
      known &= !text.contains(part);
    }
    int equals = text.indexOf('=');
    if (equals > 0 && entry.running.contains(text.substring(0, equals + 1))) {
      executes = true;
      commands.add(text.substring(equals + 1));
    }
    if (entry.commands && (text.startsWith("+") || text.startsWith("!"))) {
      executes = true;
      commands.add(text.replaceFirst("^[+:!]+", ""));
    }
    if (!entry.words.isEmpty() && !entry.words.contains(text)) {
      known = false;
    }
    expression |= entry.leading && (text.equals("(") || text.equals("!"));
    if (!expression) {
      operands.add(word);
    }
  }

  /** Reads the option at the index; returns where the next word is. */
  private int option(int index) {
    Word word = words.get(index);
    String text = word.text();
    expression |= entry.leading && text.length() > 2;
    if (!word.literal() && !entry.harmless() && text.indexOf('=') < 0) {
      known = false;
    }
    int equals = text.indexOf('=');
    if (text.startsWith("--") || entry.longOptions) {
      boolean glued = equals > 0;
      String name = glued ? text.substring(0, equals) : text;
      Word value = glued ? new Word(text.substring(equals + 1), word.certainty()) : null;
      return apply(name, value, index);
    }
    if (entry.options.containsKey(text)) {
      return apply(text, null, index);
    }
    for (int i = 1; i < text.length(); i++) {
      String name = "-" + text.charAt(i);
      KnownCommand.Option option = entry.option(name);
      if (Character.isDigit(text.charAt(i)) && !entry.options.containsKey(name)) {
        continue;
      }
      if (option == null) {
        known = false;
        return index + 1;
      }
      if (option.takesValue() || option == KnownCommand.Option.EDITS) {
        boolean last = i == text.length() - 1;
        Word value = last ? null : new Word(text.substring(i + 1), word.certainty());
        return apply(name, value, index);
      }
      apply(name, null, index);
    }
    return index + 1;
  }

  private int apply(String name, Word glued, int index) {
    KnownCommand.Option option = entry.option(name);
    if (option == null) {
      known = false;
      return index + 1;
    }
    Word value = glued;
    int next = index + 1;
    if (value == null && option.takesValue() && next < words.size()) {
      value = words.get(next);
      next++;
    }
    switch (option) {
      case HARMLESS, VALUE -> {}
      case RECURSIVE -> folder = true;
      case FILES, PATTERN -> patternGiven = true;
      case READS -> {
        paths.touch(value, PathUse.Use.READ);
        patternGiven |= entry.operands == Operands.PATTERN;
      }
      case LISTS -> {
        paths.touch(value, PathUse.Use.READ);
        paths.listed(value);
      }
      case MOUNTS -> paths.mounted(value);
      case ARCHIVE -> paths.touch(value, tree ? PathUse.Use.WRITE : PathUse.Use.READ);
      case INSIDE -> paths.inside(value);
      case WRITES, INTO -> {
        writes = true;
        paths.touch(value, PathUse.Use.WRITE);
      }
      case CONTACTS -> {
        if (value != null) {
          hosts.add(value.text());
        }
      }
      case EDITS -> edits = true;
      case OTHER -> known = false;
      case EXECUTES -> {
        executes = true;
        if (value != null) {
          String command = value.text().replaceFirst("^[:!]+|^exec=", "");
          commands.add(entry.commas ? command.replace(',', ' ') : command);
        }
      }
    }
    return next;
  }

  private void operands() {
    known &= operands.size() <= entry.most;
    if (entry.namedByInput(behind)) {
      boolean instead = entry.operands == Operands.PATHS;
      paths.listed(instead && !operands.isEmpty() ? null : STANDARD_INPUT);
    }
    if (tree) {
      paths.withAllBelow();
      Word verb = verb();
      operands.removeIf(operand -> operand == verb);
    }
    switch (entry.operands) {
      case NONE -> known &= operands.isEmpty();
      case TEXT, HOSTS -> {
        if (tree) {
          operands.forEach(operand -> paths.operand(operand, false));
          folder |= entry.folder && operands.size() < 2;
        }
      }
      case ARCHIVE -> paths.packed(operands);
      case PATHS -> operands.forEach(operand -> paths.operand(operand, edits));
      case PATTERN -> {
        int files = patternGiven ? 0 : 1;
        operands
            .subList(Math.min(files, operands.size()), operands.size())
            .forEach(operand -> paths.operand(operand, edits));
      }
      case COPY, MOVE -> {
        paths.copied(operands, writes);
        writes = false;
      }
    }
    boolean text = entry.operands == Operands.TEXT;
    if (text ? folder : (entry.folder || folder) && paths.none()) {
      paths.touch(new Word(".", Word.Certainty.LITERAL), PathUse.Use.READ);
    }
  }

  /** The first operand, where it says what the program does; null if it does not. */
  private Word verb() {
    int at = entry.trees.verb(behind);
    return at < 0 ? null : behind.get(at);
  }
}
