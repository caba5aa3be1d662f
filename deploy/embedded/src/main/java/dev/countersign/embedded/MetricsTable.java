package dev.countersign.embedded;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The metrics that the documents promise, which tests hold the services to. */
public final class MetricsTable {
  private static final List<String> OF_A_HISTOGRAM = List.of("_bucket", "_count", "_sum", "_max");

  private MetricsTable() {}

  /** The names of all series that are documented. */
  public static SortedSet<String> all() {
    return names("");
  }

  /**
   * The names of the series that a service shows.
   *
   * @param service as it is named in the table
   */
  public static SortedSet<String> of(String service) {
    return names(service);
  }

  /** The names that are documented of a service and that a scrape of it does not show. */
  public static SortedSet<String> missing(String service, Scrape scrape) {
    SortedSet<String> missing = of(service);
    missing.removeAll(scrape.names());
    return missing;
  }

  /** The names of Countersign's own that a scrape of a service shows and no document promises. */
  public static SortedSet<String> undocumented(String service, Scrape scrape) {
    SortedSet<String> promised = of(service);
    SortedSet<String> own = new TreeSet<>(scrape.names());
    own.removeIf(name -> !name.startsWith("countersign_") || promised.contains(name));
    return own;
  }

  private static SortedSet<String> names(String service) {
    List<List<String>> rows = DocTables.of("docs/operations.md").get("metrics");
    SortedSet<String> names = new TreeSet<>();
    rows.stream()
        .skip(1)
        .filter(row -> service.isEmpty() || List.of(row.get(3).split(", ")).contains(service))
        .flatMap(row -> series(row.get(0), row.get(1)))
        .forEach(names::add);
    return names;
  }

  private static Stream<String> series(String metric, String type) {
    return switch (type) {
      case "counter", "gauge" -> Stream.of(metric);
      case "histogram" -> OF_A_HISTOGRAM.stream().map(suffix -> metric + suffix);
      default -> throw new IllegalArgumentException(metric + " is no " + type);
    };
  }
}
