package dev.countersign.local.demo;

import dev.countersign.embedded.DevKeys;
import dev.countersign.local.Access;
import dev.countersign.local.Gateway;
import dev.countersign.protocol.RuleSet;
import dev.countersign.protocol.token.Roles;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Three people who have never been here before, and their agents. */
final class Cast {
  static final String WORKSPACE = "/proj/shop";

  final Agent ana;
  final Agent benHeadless;
  final Agent benDontAsk;
  final Agent cleoBypass;

  private final Access access;
  private final DevKeys keys;

  /**
   * @param run makes every user and session of this run a new one
   */
  Cast(Access access, DevKeys keys, String run) {
    this.access = access;
    this.keys = keys;
    RuleSet project = new RuleSet(List.of("Bash(npm run *)"), null, null);
    this.ana = agent("ana-" + run, "default", Map.of("project", project));
    this.benHeadless = agent("ben-" + run, "default, headless", Map.of("headless", true));
    this.benDontAsk = agent("ben-" + run, "dontAsk", Map.of("permissionMode", "dontAsk"));
    this.cleoBypass =
        agent("cleo-" + run, "bypassPermissions", Map.of("permissionMode", "bypassPermissions"));
  }

  private Agent agent(String user, String label, Map<String, ?> settings) {
    String[] roles =
        label.equals("bypassPermissions")
            ? new String[] {Roles.APPROVER, Roles.BYPASS}
            : new String[] {Roles.APPROVER};
    Gateway person = new Gateway(access.url(), keys.personToken(user, roles));
    Map<String, Object> body = new LinkedHashMap<>(settings);
    String sessionId = "demo-" + user + "-" + label.replaceAll("[^A-Za-z]+", "-");
    body.put("sessionId", sessionId);
    body.put("workspaceRoots", List.of(WORKSPACE));
    String token = person.post("/v1/sessions", body).orThrow().path("sessionToken").asText();
    return new Agent(user, label, sessionId, token, new Gateway(access.url(), token), person);
  }
}
