package dev.countersign.policy.shell;

import java.util.ArrayList;
import java.util.List;

/**
 * What a command does, as far as it is known.
 *
 * @param whyNot why no rule may allow it; null if one may
 * @param spellings other ways to read it, for deny and ask rules
 */
record Effects(
    Part.Reach reach,
    List<PathUse> paths,
    List<String> hosts,
    boolean exactOnly,
    String whyNot,
    List<List<Word>> spellings) {

  static final Effects UNKNOWN = of(Part.Reach.OTHER, List.of());
  static final Effects NOTHING = of(Part.Reach.READ, List.of());

  static Effects of(Part.Reach reach, List<PathUse> paths) {
    return new Effects(reach, paths, List.of(), false, null, List.of());
  }

  Effects other() {
    return new Effects(Part.Reach.OTHER, paths, hosts, exactOnly, whyNot, spellings);
  }

  Effects onlyExact() {
    return new Effects(Part.Reach.OTHER, paths, hosts, true, whyNot, spellings);
  }

  Effects notAllowable(String why) {
    return new Effects(Part.Reach.OTHER, paths, hosts, exactOnly, why, spellings);
  }

  Effects spelt(List<Word> words) {
    List<List<Word>> more = new ArrayList<>(spellings);
    more.add(words);
    return new Effects(reach, paths, hosts, exactOnly, whyNot, more);
  }

  Effects touching(List<PathUse> more) {
    List<PathUse> all = new ArrayList<>(paths);
    all.addAll(more);
    return new Effects(reach, all, hosts, exactOnly, whyNot, spellings);
  }
}
