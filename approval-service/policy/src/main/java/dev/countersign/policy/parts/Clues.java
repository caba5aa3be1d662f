package dev.countersign.policy.parts;

import dev.countersign.policy.parts.Touch.PathTouch;
import dev.countersign.policy.paths.PathPattern;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What rules about a part are found by, computed once for all of them.
 *
 * @param lines every text a rule about its command may be compared with, split at blanks; one empty
 *     text if it is no command
 * @param routes the segments of every path it touches or names, folded
 * @param extensions of all these segments
 * @param names of files of which the folder is not known
 * @param searching whether some path stands for files whose names are not known
 */
public record Clues(
    List<List<String>> lines,
    Set<List<String>> routes,
    Set<String> extensions,
    Set<String> names,
    boolean searching) {
  private static final List<List<String>> NO_COMMAND = List.of(List.of(""));

  static Clues of(CallPart part) {
    List<List<String>> lines = part.command() == null ? NO_COMMAND : lines(part.command());
    if (part.paths().isEmpty() && part.mentions().isEmpty()) {
      return new Clues(lines, Set.of(), Set.of(), Set.of(), false);
    }
    Set<List<String>> routes = new LinkedHashSet<>();
    Set<String> names = new LinkedHashSet<>();
    boolean searching = false;
    for (PathTouch touch : part.paths()) {
      searching |= add(touch, routes, names);
    }
    for (Mention mention : part.mentions()) {
      searching |= add(mention.file(), routes, names);
    }
    Set<String> extensions = new LinkedHashSet<>();
    for (List<String> route : routes) {
      for (String segment : route) {
        String extension = PathPattern.extension(segment);
        if (extension != null) {
          extensions.add(extension);
        }
      }
    }
    return new Clues(lines, routes, extensions, names, searching);
  }

  private static boolean add(PathTouch touch, Set<List<String>> routes, Set<String> names) {
    touch.routes().forEach(route -> routes.add(route.segments()));
    String name = touch.nameSomewhere();
    if (name != null) {
      names.add(name);
    }
    return !touch.glob().isEmpty() || !touch.likely().isEmpty();
  }

  private static List<List<String>> lines(CommandText command) {
    Set<String> texts = new LinkedHashSet<>(command.readings());
    texts.add(command.plain());
    texts.addAll(command.outer());
    texts.addAll(command.inner());
    List<List<String>> lines = new ArrayList<>(texts.size());
    for (String text : texts) {
      lines.add(split(text));
    }
    return lines;
  }

  private static List<String> split(String text) {
    List<String> words = new ArrayList<>();
    int start = 0;
    for (int blank = text.indexOf(' '); blank >= 0; blank = text.indexOf(' ', start)) {
      words.add(text.substring(start, blank));
      start = blank + 1;
    }
    words.add(text.substring(start));
    return words;
  }
}
