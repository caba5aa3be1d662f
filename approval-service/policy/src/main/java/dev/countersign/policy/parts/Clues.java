package dev.countersign.policy.parts;

import dev.countersign.policy.parts.Touch.PathTouch;
import dev.countersign.policy.paths.Oddities;
import dev.countersign.policy.paths.PathPattern;
import dev.countersign.policy.paths.Paths;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What rules about a part are found by, computed once for all of them.
 *
 * @param texts every text a rule about its command may be compared with; one empty text if it is no
 *     command
 * @param routes the segments of every path it touches or names, folded
 * @param extensions of all these segments
 * @param searching whether some path stands for files whose names are not known
 */
public record Clues(
    Set<String> texts, Set<List<String>> routes, Set<String> extensions, boolean searching) {

  static Clues of(CallPart part) {
    List<PathTouch> touched = new ArrayList<>(part.paths());
    part.mentions().forEach(mention -> touched.add(mention.file()));
    Set<List<String>> routes = new LinkedHashSet<>();
    Set<String> extensions = new LinkedHashSet<>();
    boolean searching = false;
    for (PathTouch touch : touched) {
      searching |= !touch.glob().isEmpty();
      touch.everywhere().forEach(path -> routes.add(Paths.segments(Oddities.folded(path))));
    }
    for (List<String> route : routes) {
      for (String segment : route) {
        String extension = PathPattern.extension(segment);
        if (extension != null) {
          extensions.add(extension);
        }
      }
    }
    return new Clues(texts(part.command()), routes, extensions, searching);
  }

  private static Set<String> texts(CommandText command) {
    if (command == null) {
      return Set.of("");
    }
    Set<String> texts = new LinkedHashSet<>(command.readings());
    texts.add(command.plain());
    texts.addAll(command.outer());
    texts.addAll(command.inner());
    return texts;
  }
}
