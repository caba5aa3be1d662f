package dev.countersign.local;

import static dev.countersign.local.SystemFixture.bash;
import static java.util.Map.entry;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** How somebody tries over HTTP what a row of {@code docs/authority-table.md} speaks of. */
final class AuthorityAttempts {
  /** One way to try it. */
  interface Attempt {
    /**
     * Tries it once.
     *
     * @return whether it was granted; what is neither that nor a refusal is an error
     */
    boolean granted(Gateway caller, Relatives kin);
  }

  /** Not for this caller, not there for it, or not as it stands there for it. */
  private static final Set<Integer> REFUSED = Set.of(403, 404, 409, 412, 422);

  private static final Map<String, Object> FILE =
      Map.of("permissions", Map.of("allow", List.of("Bash(make imported)")));

  /** Writes of a document that let nothing happen which did not before. */
  static final List<Attempt> TIGHTENING =
      List.of((caller, kin) -> ok(caller.put(kin.override("make%20asked"), level("never"))));

  /** Writes of a document, but for edits of its text, that widen. */
  static final List<Attempt> LOOSENING =
      List.of(
          (caller, kin) -> ok(caller.put(kin.override("make%20asked"), level("always"))),
          (caller, kin) -> ok(caller.delete(kin.override("make%20denied"))),
          (caller, kin) -> ok(caller.post(kin.path("/permissions/restore"), Map.of("version", 1))),
          (caller, kin) ->
              ok(caller.post(kin.path("/permissions/import?format=claude-code"), FILE)));

  /** An edit of the document's text that widens. */
  static final Attempt WIDENING_EDIT =
      (caller, kin) ->
          ok(caller.patch(kin.path("/permissions"), DocumentEditsIT.level("ask", "always")));

  private static final Map<String, List<Attempt>> OF_ROWS =
      Map.ofEntries(
          entry(
              "read it, its tools, its capabilities",
              reads(kin -> "/v1/sessions/" + kin.object(), "", "/tools", "/capabilities")),
          entry(
              "ask in it, cancel, report a call",
              List.of(
                  (caller, kin) -> ok(caller.post(asks(kin), Map.of("toolCall", bash("ls")))),
                  (caller, kin) -> ok(caller.delete(request(kin, Relatives.OPEN, ""))),
                  (caller, kin) ->
                      ok(caller.post(request(kin, Relatives.ALLOWED, "/finished"), Map.of())))),
          entry(
              "read its open prompts",
              List.of(
                  (caller, kin) -> shows(caller.get(prompts(kin)), kin.promptId()),
                  (caller, kin) -> ok(caller.get("/v1/prompts/" + kin.promptId())))),
          entry(
              "read the user's document",
              reads(kin -> kin.path(""), "/permissions", "/documents/PERMISSIONS.json")),
          entry(
              "list its overrides, read its history, export it",
              reads(kin -> kin.path(""), "/overrides", "/permissions/history", "/export")),
          entry(
              "write it, restore it, set and clear overrides, import",
              Stream.of(TIGHTENING, LOOSENING, List.of(WIDENING_EDIT))
                  .flatMap(List::stream)
                  .toList()),
          entry("erase it", List.of((caller, kin) -> ok(caller.delete(kin.path("/permissions"))))),
          entry(
              "give a grant",
              List.of((caller, kin) -> ok(caller.put(kin.override("make%20given"), once())))),
          entry(
              "read and revoke grants",
              List.of(
                  (caller, kin) -> shows(caller.get(kin.path("/grants")), kin.grantId()),
                  (caller, kin) -> ok(caller.delete(kin.path("/grants/" + kin.grantId()))))),
          entry(
              "read receipts",
              List.of((caller, kin) -> shows(caller.get(receipts(kin)), kin.object()))),
          entry("write a custom profile", List.of(AuthorityAttempts::rewritesTheProfile)),
          entry(
              "try rules",
              List.of((caller, kin) -> ok(caller.post("/v1/evaluate", List.of(triedRule()))))));

  private AuthorityAttempts() {}

  /** The rows that can be tried. */
  static Set<String> rows() {
    return OF_ROWS.keySet();
  }

  static List<Attempt> of(String row) {
    return OF_ROWS.get(row);
  }

  private static boolean rewritesTheProfile(Gateway caller, Relatives kin) {
    Map<String, String> first = Map.of("If-Match", "\"1\"");
    caller.send("PUT", kin.profile(), Relatives.profile("any"), first);
    JsonNode network = kin.owner().get(kin.profile()).orThrow().at("/profile/network");
    return network.asText().equals("any");
  }

  private static boolean ok(Gateway.Reply reply) {
    boolean done = reply.status() / 100 == 2;
    if (!done && !REFUSED.contains(reply.status())) {
      throw new AssertionError("neither granted nor refused: " + reply);
    }
    return done;
  }

  /** Whether a list that was answered names something; one that leaves it out refuses it. */
  private static boolean shows(Gateway.Reply list, String id) {
    return ok(list) && list.body().toString().contains('"' + id + '"');
  }

  private static List<Attempt> reads(Function<Relatives, String> base, String... rests) {
    return Stream.of(rests)
        .<Attempt>map(rest -> (caller, kin) -> ok(caller.get(base.apply(kin) + rest)))
        .toList();
  }

  private static String asks(Relatives kin) {
    return "/v1/sessions/" + kin.object() + "/requests";
  }

  private static String request(Relatives kin, String id, String rest) {
    return "/v1/requests/" + id + rest + "?sessionId=" + kin.object();
  }

  private static String prompts(Relatives kin) {
    return "/v1/prompts?sessionId=" + kin.object();
  }

  private static String receipts(Relatives kin) {
    return "/v1/receipts?sessionId=" + kin.object();
  }

  private static Map<String, Object> level(String level) {
    return Map.of("level", level);
  }

  private static Map<String, Object> once() {
    return Map.of("level", "always", "uses", 1);
  }

  private static Map<String, Object> triedRule() {
    return Map.of("id", "tried", "mode", "default", "toolCall", bash("ls"));
  }
}
