package dev.countersign.gateway.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.protocol.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private static ObjectNode line(int second) {
    return Json.mapper()
        .createObjectNode()
        .put("id", second)
        .put("at", START.plusSeconds(second).toString());
  }

  private static JsonNode event(int second) {
    return line(second)
        .put("what", "given")
        .put("key", "g-" + second)
        .set("grant", Json.mapper().createObjectNode());
  }

  private static History.Source source(boolean more, JsonNode... entries) {
    return new History.Source(List.of(entries), more);
  }

  /** Reads all pages of a history whose sources send as many entries as they please. */
  private static List<Integer> allPages(int linesAPage, int eventsAPage, int limit) {
    List<Integer> read = new ArrayList<>();
    History.Cursor cursor = History.Cursor.of(null);
    while (true) {
      int line = cursor.document() == null ? 21 : Integer.parseInt(cursor.document());
      int event = cursor.grantAt() == null ? 20 : Integer.parseInt(cursor.grantKey().substring(2));
      List<JsonNode> lines = new ArrayList<>();
      for (int i = line - 2; i > 0 && lines.size() < linesAPage; i -= 2) {
        lines.add(line(i));
      }
      List<JsonNode> events = new ArrayList<>();
      for (int i = event - 2; i > 0 && events.size() < eventsAPage; i -= 2) {
        events.add(event(i));
      }
      boolean moreLines = !lines.isEmpty() && lines.get(lines.size() - 1).get("id").asInt() > 1;
      boolean moreEvents = !events.isEmpty() && events.get(events.size() - 1).get("id").asInt() > 2;
      History page =
          History.merged(
              "alice",
              cursor,
              new History.Source(lines, moreLines),
              new History.Source(events, moreEvents),
              limit);
      page.entries().forEach(e -> read.add((int) seconds(e)));
      if (page.next() == null) {
        return read;
      }
      cursor = History.Cursor.of(page.next());
    }
  }

  private static long seconds(JsonNode entry) {
    return Instant.parse(entry.get("at").asText()).getEpochSecond() - START.getEpochSecond();
  }

  @Test
  void nothingIsLostWhenASourceSendsLessThanWasWanted() {
    List<Integer> expected = new ArrayList<>();
    for (int second = 19; second > 0; second--) {
      expected.add(second);
    }
    for (int lines : List.of(1, 2, 3, 10)) {
      for (int events : List.of(1, 2, 10)) {
        for (int limit : List.of(1, 4, 100)) {
          assertEquals(expected, allPages(lines, events, limit), lines + " " + events);
        }
      }
    }
  }

  @Test
  void theLastPageSaysSo() {
    History.Cursor first = History.Cursor.of(null);
    assertNull(History.merged("a", first, source(false, line(1)), source(false), 5).next());
    assertNotNull(History.merged("a", first, source(true, line(1)), source(false), 5).next());
    assertNotNull(History.merged("a", first, source(false), source(true, event(1)), 5).next());
  }
}
