package dev.countersign.kubernetes;

import dev.countersign.embedded.DocTables;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** The table of secrets and config maps that somebody else makes, in {@code docs/kubernetes.md}. */
final class Documented {
  static final String PAGE = "docs/kubernetes.md";
  private static final String TABLE = "kubernetes-secrets";
  private static final Map<String, Map<String, Set<String>>> READ = new ConcurrentHashMap<>();

  private Documented() {}

  private static Map<String, Set<String>> rows() {
    return READ.computeIfAbsent(PAGE, page -> read());
  }

  private static Map<String, Set<String>> read() {
    List<List<String>> rows = DocTables.of(PAGE).get(TABLE);
    if (rows == null) {
      throw new IllegalStateException(PAGE + " has no table <!-- oracle: " + TABLE + " -->");
    }
    Map<String, Set<String>> keys = new TreeMap<>();
    for (List<String> row : rows.subList(1, rows.size())) {
      keys.computeIfAbsent(row.get(1) + "/" + row.get(0), key -> new TreeSet<>())
          .addAll(List.of(row.get(2).split(",\\s*")));
    }
    return keys;
  }

  /** All of them, as {@code Kind/name}. */
  static Set<String> all() {
    return rows().keySet();
  }

  /** The keys of one; empty if it is not in the table. */
  static Set<String> keys(String object) {
    return rows().getOrDefault(object, Set.of());
  }
}
