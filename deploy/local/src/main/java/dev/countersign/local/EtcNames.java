package dev.countersign.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The names that the folder {@code etc} may hold. Any other is refused: an administrator would
 * believe a file in force that nobody reads.
 */
final class EtcNames {
  static final String FOLDER = "etc";
  static final String MANAGED_RULES = "managed-rules";
  static final String TOOLS = "tools";
  static final String IMPORTS = "imports";
  static final String PROFILES = "profiles";

  /** What each is. */
  private static final Map<String, Kind> KNOWN = new LinkedHashMap<>();

  static {
    KNOWN.put(MANAGED_RULES, Kind.FILE);
    KNOWN.put(TOOLS, Kind.FILE);
    Stream.of(ServiceName.values()).forEach(service -> KNOWN.put(settings(service), Kind.FILE));
    KNOWN.put(IMPORTS, Kind.FOLDER);
    KNOWN.put(PROFILES, Kind.FOLDER);
  }

  private enum Kind {
    FILE,
    FOLDER;

    private boolean is(Path path) {
      return this == FILE ? Files.isRegularFile(path) : Files.isDirectory(path);
    }
  }

  private EtcNames() {}

  /** The name of the file with a service's settings. */
  static String settings(ServiceName service) {
    return service.label() + ".env";
  }

  /**
   * Returns if every entry of {@code etc} is one of these, of its kind, and can be read, and none
   * of them lies beside {@code etc}.
   *
   * @throws LaunchException naming the entry that is not
   */
  static void requireIn(Path state) {
    for (Path entry : entries(state)) {
      String name = entry.getFileName().toString();
      if (name.equalsIgnoreCase(FOLDER)) {
        requireKnown(entry);
      } else if (KNOWN.containsKey(name)) {
        throw new LaunchException(
            "%s is not read: move it to %s".formatted(entry, state.resolve(FOLDER).resolve(name)));
      }
    }
  }

  private static void requireKnown(Path etc) {
    if (!etc.getFileName().toString().equals(FOLDER)) {
      throw new LaunchException(etc + " is not read: its name must be " + FOLDER);
    }
    require(Kind.FOLDER, etc);
    for (Path entry : entries(etc)) {
      Kind kind = KNOWN.get(entry.getFileName().toString());
      if (kind == null) {
        throw new LaunchException(
            "%s is not read: %s may hold the files %s and the folders %s, and nothing else"
                .formatted(entry, etc, named(Kind.FILE), named(Kind.FOLDER)));
      }
      require(kind, entry);
    }
  }

  private static void require(Kind kind, Path path) {
    if (!kind.is(path) || !Files.isReadable(path)) {
      throw new LaunchException(
          "%s must be a %s that can be read; a link must lead to one"
              .formatted(path, kind.name().toLowerCase(Locale.ROOT)));
    }
  }

  private static String named(Kind kind) {
    return KNOWN.keySet().stream()
        .filter(name -> KNOWN.get(name) == kind)
        .collect(Collectors.joining(", "));
  }

  /** Sorted; none if there is no such folder. */
  private static List<Path> entries(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + folder, e);
    }
  }
}
