package dev.countersign.policy.shell;

import java.util.ArrayList;
import java.util.List;

/**
 * What stands around a command: the wrappers it was found in and what they do to it.
 *
 * @param spellings outer command lines, for deny and ask rules
 * @param wrappedIn outer command lines that an exact allow rule may name
 * @param whyNot why no rule may allow it; null if one may
 * @param computed why the program is not what it looks like; null if it is
 * @param input what the command reads from its standard input
 * @param depth wrappers passed so far
 */
record Frame(
    List<List<Word>> spellings,
    List<List<Word>> wrappedIn,
    String whyNot,
    String computed,
    boolean background,
    Input input,
    int depth) {

  /** More wrappers than this around one command are not looked through. */
  static final int DEEPEST = 16;

  static Frame start() {
    return new Frame(List.of(), List.of(), null, null, false, Input.NONE, 0);
  }

  /** Inside a wrapper whose own line needs no rule. */
  Frame through(List<Word> outer) {
    return new Frame(
        with(spellings, outer),
        with(wrappedIn, outer),
        whyNot,
        computed,
        background,
        input,
        depth + 1);
  }

  /** Inside a wrapper whose own line stands as a command of its own. */
  Frame inside(List<Word> outer) {
    return new Frame(
        List.of(), with(wrappedIn, outer), whyNot, computed, background, input, depth + 1);
  }

  Frame notAllowable(String why) {
    return whyNot != null || why == null
        ? this
        : new Frame(spellings, wrappedIn, why, computed, background, input, depth);
  }

  Frame computed(String why) {
    return computed != null || why == null
        ? this
        : new Frame(spellings, wrappedIn, whyNot, why, background, input, depth);
  }

  Frame inBackground() {
    return new Frame(spellings, wrappedIn, whyNot, computed, true, input, depth);
  }

  Frame reading(Input from) {
    return new Frame(spellings, wrappedIn, whyNot, computed, background, from, depth);
  }

  /** For the commands after the first of a nested script: outer lines are tried once. */
  Frame afterFirst() {
    return spellings.isEmpty()
        ? this
        : new Frame(List.of(), wrappedIn, whyNot, computed, background, input, depth);
  }

  private static List<List<Word>> with(List<List<Word>> lines, List<Word> line) {
    List<List<Word>> longer = new ArrayList<>(lines);
    longer.add(List.copyOf(line));
    return List.copyOf(longer);
  }
}
