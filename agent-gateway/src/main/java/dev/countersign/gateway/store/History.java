package dev.countersign.gateway.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.gateway.http.Problems;
import dev.countersign.gateway.http.Upstream;
import dev.countersign.protocol.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One history out of two: what happened to a user's document, which the store knows, and to the
 * grants, which the approval service knows. Pure.
 *
 * @param entries the latest first
 * @param next for {@code after}, to read on; null at the end
 */
record History(String user, List<JsonNode> entries, String next) {

  /**
   * How far each of the two was read.
   *
   * @param document the id of the last line about the document; null from the latest on
   * @param grantAt the moment of the last event of a grant; null from the latest on
   * @param grantKey that event's key
   */
  record Cursor(String document, String grantAt, String grantKey) {
    private static final Pattern TEXT =
        Pattern.compile("(\\d{1,18})?/([0-9TZ:.-]{1,40})?/([^/]{0,400})?");

    /**
     * Reads the {@code next} of a page.
     *
     * @param text null for the first page
     */
    static Cursor of(String text) {
      if (text == null) {
        return new Cursor(null, null, null);
      }
      Matcher parts = TEXT.matcher(text);
      if (!parts.matches()) {
        throw Problems.invalid(
            "invalid_request", "after", "after must be the next of the page before");
      }
      return new Cursor(parts.group(1), parts.group(2), parts.group(3));
    }

    private String text() {
      return or(document) + "/" + or(grantAt) + "/" + or(grantKey);
    }

    private static String or(String text) {
      return text == null ? "" : text;
    }

    /** Where the store goes on. */
    String ofDocument(String user, int limit) {
      return "/internal/users/%s/history?limit=%d%s"
          .formatted(Upstream.encode(user), limit, document == null ? "" : "&before=" + document);
    }

    /** Where the approval service goes on. */
    String ofGrants(String user, int limit) {
      String from =
          grantAt == null
              ? ""
              : "&before=" + Upstream.encode(grantAt) + "&key=" + Upstream.encode(or(grantKey));
      return GrantsResource.of(user) + "/history?limit=" + limit + from;
    }
  }

  /**
   * What one of the two services answered.
   *
   * @param entries the latest first
   * @param more whether older ones follow
   */
  record Source(List<JsonNode> entries, boolean more) {
    private boolean usedUp(int taken) {
      return taken == entries.size();
    }

    /** Whether the next entry is known, or that there is none. */
    private boolean known(int taken) {
      return !usedUp(taken) || !more;
    }
  }

  /**
   * Puts a page together. It ends early where the next entry of either source is not known yet: a
   * source may send fewer entries than were wanted.
   */
  static History merged(String user, Cursor from, Source lines, Source events, int limit) {
    List<JsonNode> entries = new ArrayList<>();
    Cursor cursor = from;
    int line = 0;
    int event = 0;
    while (entries.size() < limit
        && lines.known(line)
        && events.known(event)
        && !(lines.usedUp(line) && events.usedUp(event))) {
      boolean grant =
          lines.usedUp(line)
              || !events.usedUp(event)
                  && at(events.entries().get(event)).isAfter(at(lines.entries().get(line)));
      if (grant) {
        JsonNode taken = events.entries().get(event++);
        entries.add(entry(taken));
        cursor =
            new Cursor(cursor.document(), taken.path("at").asText(), taken.path("key").asText());
      } else {
        JsonNode taken = lines.entries().get(line++);
        entries.add(taken);
        cursor = new Cursor(taken.path("id").asText(), cursor.grantAt(), cursor.grantKey());
      }
    }
    boolean end = lines.usedUp(line) && !lines.more() && events.usedUp(event) && !events.more();
    return new History(user, entries, end ? null : cursor.text());
  }

  private static Instant at(JsonNode node) {
    return Instant.parse(node.path("at").asText());
  }

  private static JsonNode entry(JsonNode event) {
    JsonNode grant = event.path("grant");
    boolean given = event.path("what").asText().equals("given");
    ObjectNode entry = Json.mapper().createObjectNode();
    entry.set("at", event.path("at"));
    entry.put("action", given ? "grant_given" : "grant_ended");
    entry.put("via", "grant");
    entry.set("actor", grant.get(given ? "givenBy" : "endedBy"));
    entry.set("note", given ? null : event.get("what"));
    entry.set("tool", grant.get("tool"));
    entry.set("resource", grant.get("resource"));
    entry.set("level", grant.get("level"));
    entry.set("grant", grant);
    return entry.without(
        entry.properties().stream()
            .filter(field -> field.getValue().isNull())
            .map(java.util.Map.Entry::getKey)
            .toList());
  }
}
