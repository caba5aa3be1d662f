package dev.countersign.local;

import static dev.countersign.local.SystemFixture.bash;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.embedded.DevKeys;
import dev.countersign.embedded.authority.Actor;
import dev.countersign.protocol.PromptOption;
import dev.countersign.protocol.PromptState;
import dev.countersign.protocol.token.Roles;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A person with a tree of sessions, an open prompt, an allowed call, a document, a grant and a
 * profile, and everybody who may stand to them as {@code docs/authority-table.md} says.
 */
final class Relatives {
  static final String OPEN = "open";
  static final String ALLOWED = "allowed";
  private static final String ELSEWHERE = "elsewhere";
  private static final List<String> APPROVER = List.of(Roles.APPROVER);

  private final SystemFixture system;
  private final String user;
  private final String stranger;
  private final Agent agent;
  private final Gateway owner;
  private final String promptId;
  private final String grantId;

  Relatives(SystemFixture system) {
    this.system = system;
    this.user = "kin-" + system.newId();
    this.stranger = user + "-neighbour";
    start(user, root(), Map.of());
    this.agent = start(user, object(), below(root()));
    this.owner = agent.person();
    start(user, object() + "-below", below(object()));
    start(user, object() + "-sibling", below(root()));
    start(user, root() + "-other", Map.of());
    start(stranger, stranger, Map.of());
    settle("make%20allowed", "always");
    settle("make%20asked", "ask");
    settle("make%20denied", "never");
    agent.ask(ALLOWED, bash("make allowed"));
    promptId = agent.ask(OPEN, bash("make asked")).promptId();
    owner.put(override("make%20counted"), Map.of("level", "always", "uses", 2)).orThrow();
    grantId = owner.get(path("/grants")).orThrow().at("/grants/0/id").asText();
    owner.put(profile(), profile("none")).orThrow();
  }

  private void settle(String resource, String level) {
    owner.put(override(resource), Map.of("level", level)).orThrow();
  }

  private Agent start(String person, String id, Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("permissionMode", "default");
    return Agent.start(system.url(), system.stack().keys(), person, APPROVER, id, settings);
  }

  private static Map<String, String> below(String parent) {
    return Map.of("parentSessionId", parent);
  }

  /** Everybody whom a column of a table of the page speaks of. */
  List<Gateway> callers(String column) {
    return switch (column) {
      case "itself", "agent" -> List.of(agent(user, object()));
      case "above" -> List.of(agent(user, root()));
      case "elsewhere" ->
          List.of(
              agent(user, object() + "-below"),
              agent(user, object() + "-sibling"),
              agent(user, root() + "-other"),
              agentOfAnother());
      case "owner", "the user, approver" -> List.of(owner);
      case "viewer", "the user, viewer" -> List.of(person(user, List.of()));
      case "admin" -> List.of(person("boss", List.of(Roles.ADMIN)));
      case "other" ->
          List.of(
              person(stranger, APPROVER),
              person(stranger, List.of(Roles.APPROVER, Roles.BYPASS)),
              person(stranger, List.of()));
      case "stranger" ->
          List.of(
              caller(new Actor(ELSEWHERE, user, List.of(Roles.ADMIN, Roles.APPROVER), null)),
              caller(new Actor(ELSEWHERE, "boss", List.of(Roles.ADMIN, Roles.BYPASS), null)));
      default -> throw new IllegalArgumentException("the page has a new column: " + column);
    };
  }

  Gateway agentOfAnother() {
    return agent(stranger, stranger);
  }

  Gateway owner() {
    return owner;
  }

  private String root() {
    return user + "-root";
  }

  /** The session that the callers stand to. */
  String object() {
    return user + "-object";
  }

  /** Everything of theirs that anybody could have changed, as their owner reads it. */
  List<JsonNode> asItStands() {
    return Stream.of(
            path("/permissions"),
            path("/grants"),
            profile(),
            "/v1/prompts/" + promptId,
            "/v1/sessions/" + object(),
            "/v1/receipts?sessionId=" + object())
        .map(what -> owner.get(what).orThrow())
        .toList();
  }

  /** The owner allows, this once, what is asked beside the first prompt. */
  void allowWhatElseIsAsked() {
    for (PromptState prompt : agent.prompts()) {
      if (!prompt.promptId().equals(promptId)) {
        agent.answer(prompt.promptId(), PromptOption.Kind.ALLOW_ONCE).orThrow();
      }
    }
  }

  /** What mode a child gets for which the agent of the object asks a mode. */
  String modeOfAChild(String name, String mode) {
    Map<String, String> child = Map.of("sessionId", object() + "-" + name, "permissionMode", mode);
    return agent(user, object())
        .post("/v1/sessions", child)
        .orThrow()
        .path("permissionMode")
        .asText();
  }

  void setModeOnTop(String mode) {
    owner.patch("/v1/sessions/" + root(), Map.of("permissionMode", mode)).orThrow();
  }

  String promptId() {
    return promptId;
  }

  String grantId() {
    return grantId;
  }

  String path(String rest) {
    return "/v1/users/" + user + rest;
  }

  String override(String resource) {
    return path("/overrides/Bash/" + resource);
  }

  String profile() {
    return "/v1/profiles/" + user;
  }

  static Map<String, Object> profile(String network) {
    return Map.of("schemaVersion", 1, "base", "workspace", "network", network);
  }

  private Gateway person(String name, List<String> roles) {
    return caller(new Actor(DevKeys.TENANT, name, roles, null));
  }

  private Gateway agent(String owner, String session) {
    return caller(new Actor(DevKeys.TENANT, owner, List.of(), session));
  }

  private Gateway caller(Actor actor) {
    return new Gateway(system.url(), Tokens.of(system.stack().keys(), actor));
  }
}
