package dev.countersign.policy.shell;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Where a script may stand after its {@code cd}s, relative to where it began.
 *
 * @param places every place possible; an empty text is where it began
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
    if (!known && !absolute(target.text()) || !target.literal()) {
      return UNKNOWN;
    }
    List<String> next = new ArrayList<>();
    for (String place : known ? places : List.of("")) {
      String there = join(place, target.text());
      next.add(there.equals(".") ? "" : there);
    }
    return of(next);
  }

  /** Either here or there. */
  Directory or(Directory other) {
    if (!known || !other.known) {
      return UNKNOWN;
    }
    Set<String> all = new LinkedHashSet<>(places);
    all.addAll(other.places);
    return of(new ArrayList<>(all));
  }

  /** A path as seen from where the script began: one for each place possible. */
  public List<Word> seen(Word path) {
    if (!moved() || absolute(path.text())) {
      return List.of(path);
    }
    if (!known) {
      return List.of(new Word(path.text(), Word.Certainty.EXPANDED));
    }
    List<Word> all = new ArrayList<>(places.size());
    for (String place : places) {
      all.add(new Word(join(place, path.text()), path.certainty()));
    }
    return all;
  }

  private static Directory of(List<String> places) {
    boolean tooMuch = places.size() > MOST;
    for (String place : places) {
      tooMuch |= place.length() > LONGEST;
    }
    return tooMuch ? UNKNOWN : new Directory(List.copyOf(places), true);
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
