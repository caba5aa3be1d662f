package dev.countersign.gateway.events;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How far a client has read, as the id of a server-sent event: the partition count, and for every
 * partition the last offset, such as {@code 6/0:12,1:40,…}.
 *
 * @param last by partition; one before the first offset where nothing was read yet
 */
public record Position(Map<Integer, Long> last) {
  private static final int MAX_TEXT = 32 * 1024;
  private static final Pattern COUNT = Pattern.compile("\\d{1,6}");
  private static final Pattern ENTRY = Pattern.compile("(\\d{1,6}):(-?\\d{1,18})");

  public Position {
    last = Collections.unmodifiableMap(new TreeMap<>(last));
  }

  /** The same, one record further. */
  public Position after(int partition, long offset) {
    TreeMap<Integer, Long> next = new TreeMap<>(last);
    next.put(partition, offset);
    return new Position(next);
  }

  /** Reads an id that a client sends back; empty if it is none of ours. */
  public static Optional<Position> parse(String id) {
    int slash = id == null || id.length() > MAX_TEXT ? -1 : id.indexOf('/');
    if (slash < 0 || !COUNT.matcher(id.substring(0, slash)).matches()) {
      return Optional.empty();
    }
    TreeMap<Integer, Long> last = new TreeMap<>();
    // Entry by entry: one expression over all of them would recurse once for each.
    for (String text : id.substring(slash + 1).split(",")) {
      Matcher entry = ENTRY.matcher(text);
      if (!entry.matches()) {
        return Optional.empty();
      }
      last.put(Integer.valueOf(entry.group(1)), Long.valueOf(entry.group(2)));
    }
    return last.size() == Integer.parseInt(id.substring(0, slash))
        ? Optional.of(new Position(last))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return last.size()
        + "/"
        + last.entrySet().stream()
            .map(entry -> entry.getKey() + ":" + entry.getValue())
            .collect(Collectors.joining(","));
  }
}
