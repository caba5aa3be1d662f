package dev.countersign.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The tables of a page of the documents that tests hold the services to: each stands right behind
 * {@code <!-- oracle: name -->}.
 */
public final class DocTables {
  private static final String MARK = "<!-- oracle: ";

  private DocTables() {}

  /**
   * Reads a page of the checkout that this process runs in.
   *
   * @return the rows of each table by its name, the heading first; each row as its cells, without
   *     code marks
   * @throws IllegalStateException if there is no such page above the working folder
   */
  public static Map<String, List<List<String>>> of(String page) {
    return of(lines(page));
  }

  /**
   * The lines of a page behind a heading, up to the next of its level.
   *
   * @param heading the whole line, such as {@code ## Settings}
   * @throws IllegalStateException if there is no such page above the working folder
   */
  static List<String> section(String page, String heading) {
    String level = heading.substring(0, heading.indexOf(' ') + 1);
    return lines(page).stream()
        .dropWhile(line -> !line.equals(heading))
        .skip(1)
        .takeWhile(line -> !line.startsWith(level))
        .toList();
  }

  private static List<String> lines(String page) {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path file = at.resolve(page);
      if (Files.isRegularFile(file)) {
        try {
          return Files.readAllLines(file);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    throw new IllegalStateException(page + " is not above the working folder");
  }

  private static Map<String, List<List<String>>> of(List<String> lines) {
    Map<String, List<List<String>>> tables = new HashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith(MARK)) {
        String name = lines.get(i).substring(MARK.length()).replace("-->", "").strip();
        tables.put(
            name,
            lines.stream()
                .skip(i + 1)
                .takeWhile(line -> line.startsWith("|"))
                .filter(line -> !line.startsWith("|---"))
                .map(DocTables::cells)
                .toList());
      }
    }
    return tables;
  }

  private static List<String> cells(String line) {
    return Arrays.stream(line.strip().substring(1).split("\\|"))
        .map(cell -> cell.replace("`", "").strip())
        .toList();
  }
}
