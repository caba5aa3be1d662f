package dev.countersign.document;

import dev.countersign.protocol.UserDocument;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The ends of what is settled {@code until} a time. Whose clock counts is the caller's choice: the
 * database's.
 */
public final class Expiry {
  /** Nobody means a time farther away than this. */
  private static final Duration LONGEST = Duration.ofDays(3653);

  private Expiry() {}

  /**
   * Something that was settled until a time.
   *
   * @param resource null for the whole tool
   */
  public record Ended(String tool, String resource, String level, String until) {
    /** As the history shows it. */
    public String shown() {
      String named = resource == null ? tool : tool + "(" + resource + ")";
      return "%s: %s until %s".formatted(named, level, until);
    }
  }

  /**
   * The instant that an {@code until} names; {@link Instant#MAX} where it is null.
   *
   * @throws IllegalArgumentException if it names none
   */
  public static Instant end(String until) {
    if (until == null) {
      return Instant.MAX;
    }
    try {
      return OffsetDateTime.parse(until).toInstant();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("until " + until + " is no RFC 3339 instant", e);
    }
  }

  /** What is wrong with an {@code until} that somebody wants to store now, if anything. */
  public static Optional<String> faultOf(String until, Instant now) {
    Instant end;
    try {
      end = end(until);
    } catch (IllegalArgumentException e) {
      return Optional.of("must be an instant such as \"2030-01-31T12:00:00Z\"");
    }
    if (!end.isAfter(now)) {
      return Optional.of("is in the past; here it is " + now);
    }
    return end.equals(Instant.MAX) || !end.isAfter(now.plus(LONGEST))
        ? Optional.empty()
        : Optional.of("is more than ten years away; leave it out to mean no end");
  }

  /** What is wrong with the ends in a document that somebody wants to store now. */
  public static List<Fault> faults(UserDocument document, Instant now) {
    List<Fault> faults = new ArrayList<>();
    for (Ended entry : ending(document)) {
      String path =
          "tools."
              + Names.quoted(entry.tool())
              + (entry.resource() == null ? "" : ".resources." + Names.quoted(entry.resource()))
              + ".until";
      faultOf(entry.until(), now).ifPresent(fault -> faults.add(new Fault(0, 0, path, fault)));
    }
    return faults.subList(0, Math.min(faults.size(), Faults.MAX));
  }

  /** When the first of a document's entries ends, if any ends after {@code now}. */
  public static Optional<Instant> next(UserDocument document, Instant now) {
    return ending(document).stream()
        .map(entry -> end(entry.until()))
        .filter(end -> end.isAfter(now))
        .min(Instant::compareTo);
  }

  /** What in a document has ended by now. */
  public static List<Ended> ended(UserDocument document, Instant now) {
    return ending(document).stream().filter(e -> !end(e.until()).isAfter(now)).toList();
  }

  /** A document without what has ended by now. */
  public static UserDocument without(UserDocument document, Instant now) {
    if (ended(document, now).isEmpty()) {
      return document;
    }
    Map<String, UserDocument.Tool> tools = new TreeMap<>();
    document.tools().forEach((name, tool) -> tools.put(name, without(tool, now)));
    tools.values().removeIf(tool -> tool.level() == null && tool.resources().isEmpty());
    return new UserDocument(document.schemaVersion(), document.rules(), tools);
  }

  private static UserDocument.Tool without(UserDocument.Tool tool, Instant now) {
    Map<String, UserDocument.Entry> resources = new TreeMap<>(tool.resources());
    resources.values().removeIf(entry -> !end(entry.until()).isAfter(now));
    boolean lives = end(tool.until()).isAfter(now);
    return new UserDocument.Tool(
        lives ? tool.level() : null, resources, lives ? tool.until() : null);
  }

  private static List<Ended> ending(UserDocument document) {
    List<Ended> entries = new ArrayList<>();
    document
        .tools()
        .forEach(
            (name, tool) -> {
              entries.add(new Ended(name, null, tool.level(), tool.until()));
              tool.resources()
                  .forEach(
                      (resource, e) ->
                          entries.add(new Ended(name, resource, e.level(), e.until())));
            });
    return entries.stream().filter(entry -> Objects.nonNull(entry.until())).toList();
  }
}
