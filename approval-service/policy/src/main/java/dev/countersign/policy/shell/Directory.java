package dev.countersign.policy.shell;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Where a script may stand after its {@code cd}s, relative to where it began.
 *
 * @param places every place possible, an empty text is where it began; where it could be anywhere,
 *     some places as they were written
 * @param known false if it could be anywhere
 */
public record Directory(List<String> places, boolean known) {
  /** Of more places than this, or one of a longer name, nothing is known any more. */
  static final int MOST = 4;

  static final int LONGEST = 1000;

  static final Directory START = new Directory(List.of(""), true);
  static final Directory UNKNOWN = new Directory(List.of(), false);

  /** Whether it may be another than where the script began. */
  public boolean moved() {
    return !equals(START);
  }

  /** After {@code cd target} succeeded. */
  Directory enter(Word target) {
    boolean sure = target.literal() && (known || absolute(target.text()));
    List<String> next = new ArrayList<>();
    for (String place : known || !places.isEmpty() ? places : List.of("")) {
      String there = join(place, target.text());
      next.add(there.equals(".") ? "" : there);
    }
    return sure ? of(next) : somewhere(next);
  }

  /** Either here or there. */
  Directory or(Directory other) {
    Set<String> all = new LinkedHashSet<>(places);
    all.addAll(other.places);
    return known && other.known ? of(new ArrayList<>(all)) : somewhere(new ArrayList<>(all));
  }

  /** Anywhere; these places are but what is written. */
  private static Directory somewhere(List<String> written) {
    List<String> kept = new ArrayList<>();
    for (String place : written) {
      if (!place.isEmpty() && place.length() <= LONGEST && kept.size() < MOST) {
        kept.add(place);
      }
    }
    return kept.isEmpty() ? UNKNOWN : new Directory(List.copyOf(kept), false);
  }

  /** A path as seen from where the script began: one for each place possible. */
  public List<Word> seen(Word path) {
    if (!moved() || absolute(path.text())) {
      return List.of(path);
    }
    List<Word> all = new ArrayList<>(places.size() + 1);
    if (!known) {
      all.add(new Word(path.text(), Word.Certainty.EXPANDED));
    }
    for (String place : places) {
      String there = join(place, path.text());
      all.add(new Word(there, known ? path.certainty() : Word.Certainty.SEEMING));
    }
    return all;
  }

  private static Directory of(List<String> places) {
    boolean tooMuch = places.size() > MOST;
    for (String place : places) {
      tooMuch |= place.length() > LONGEST;
    }
    return tooMuch ? somewhere(places) : new Directory(List.copyOf(places), true);
  }

  private static boolean absolute(String path) {
    return path.startsWith("/") || path.startsWith("~");
  }

  private static String join(String place, String path) {
    String bare = path;
    while (bare.equals(".") || bare.startsWith("./")) {
      bare = bare.length() == 1 ? "" : bare.substring(2);
    }
    if (bare.isEmpty()) {
      return place.isEmpty() ? "." : place;
    }
    if (place.isEmpty() || absolute(path)) {
      return bare;
    }
    return place.endsWith("/") ? place + bare : place + "/" + bare;
  }
}
