package dev.countersign.policy.shell;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Puts parts together. */
final class Parts {
  private static final int LONGEST_TEXT = 300;

  private final List<Part> parts;

  Parts(List<Part> parts) {
    this.parts = parts;
  }

  int count() {
    return parts.size();
  }

  /** Drops parts from {@code from} on that stand between {@code start} and {@code end} too. */
  void dropRepeated(int start, int end, int from) {
    if (from > start) {
      Set<Part> first = new HashSet<>(parts.subList(start, end));
      parts.subList(from, parts.size()).removeIf(first::contains);
    }
  }

  /** Adds a command with what is known of it. */
  void command(Call call, Effects effects) {
    Frame frame = call.frame();
    Set<List<Word>> spellings = spellings(call, effects);
    String why = frame.whyNot();
    why = why != null ? why : effects.whyNot();
    why = why != null ? why : call.scope().taint();
    why = why != null ? why : Characters.strange(call.words());
    if (frame.computed() != null) {
      computed(call, effects.paths());
      spellings.forEach(spelling -> computed(spelling, frame));
      return;
    }
    parts.add(
        new Part.Command(
            call.words(),
            List.copyOf(spellings),
            frame.wrappedIn(),
            effects.exactOnly(),
            why == null,
            why,
            why == null ? effects.reach() : Part.Reach.OTHER,
            effects.paths(),
            effects.hosts(),
            call.scope().directory(),
            frame.background(),
            text(call.words())));
  }

  private static Set<List<Word>> spellings(Call call, Effects effects) {
    List<Word> named = plainName(call.words());
    boolean one = call.frame().spellings().isEmpty() && effects.spellings().isEmpty();
    if (one && call.resolved() == call.words() && named == call.words()) {
      return Set.of();
    }
    Set<List<Word>> spellings = new LinkedHashSet<>(call.frame().spellings());
    add(spellings, call.words(), call.resolved());
    add(spellings, call.words(), named);
    for (List<Word> spelling : effects.spellings()) {
      add(spellings, call.words(), spelling);
    }
    return spellings;
  }

  void computed(List<Word> words, Frame frame) {
    computed(words, frame, List.of(), Directory.START);
  }

  private void computed(Call call, List<PathUse> paths) {
    computed(call.words(), call.frame(), paths, call.scope().directory());
  }

  private void computed(List<Word> words, Frame frame, List<PathUse> paths, Directory directory) {
    String why = frame.computed() == null ? frame.whyNot() : frame.computed();
    parts.add(new Part.Computed(words, why, paths, directory, frame.background(), text(words)));
  }

  void opaque(List<Word> words, String why, Frame frame) {
    parts.add(new Part.Opaque(words, why, frame.background(), text(words)));
  }

  void redirect(PathUse path, boolean background, String text) {
    parts.add(new Part.Redirect(path, background, shortened(text)));
  }

  private static void add(Set<List<Word>> spellings, List<Word> words, List<Word> spelling) {
    if (!spelling.equals(words)) {
      spellings.add(List.copyOf(spelling));
    }
  }

  /** {@code rm x} for {@code /bin/rm x}. */
  private static List<Word> plainName(List<Word> words) {
    Word first = words.get(0);
    int slash = first.text().lastIndexOf('/');
    if (slash < 0 || slash == first.text().length() - 1) {
      return words;
    }
    List<Word> plain = new ArrayList<>(words);
    plain.set(0, new Word(first.text().substring(slash + 1), first.certainty()));
    return plain;
  }

  private static String text(List<Word> words) {
    return shortened(Call.joined(words.subList(0, Math.min(words.size(), LONGEST_TEXT))));
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "…";
  }
}
