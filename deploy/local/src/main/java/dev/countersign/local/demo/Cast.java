package dev.countersign.local.demo;

import dev.countersign.embedded.DevKeys;
import dev.countersign.local.Access;
import dev.countersign.local.Agent;
import dev.countersign.protocol.RuleSet;
import dev.countersign.protocol.token.Roles;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Three people who have never been here before, and their agents. */
final class Cast {
  static final String WORKSPACE = "/proj/shop";

  /** An agent, and its session in words: the mode, and what is special about it. */
  record Role(Agent agent, String session) {}

  final Role ana;
  final Role benHeadless;
  final Role benDontAsk;
  final Role cleoBypass;

  private final Access access;
  private final DevKeys keys;
  private final String run;

  /**
   * @param run makes every user and session of this run a new one
   */
  Cast(Access access, DevKeys keys, String run) {
    this.access = access;
    this.keys = keys;
    this.run = run;
    RuleSet project = new RuleSet(List.of("Bash(npm run *)"), null, null);
    List<String> approver = List.of(Roles.APPROVER);
    this.ana = role("ana", approver, "default", Map.of("project", project));
    this.benHeadless = role("ben", approver, "default, headless", Map.of("headless", true));
    this.benDontAsk = role("ben", approver, "dontAsk", Map.of("permissionMode", "dontAsk"));
    this.cleoBypass =
        role(
            "cleo",
            List.of(Roles.APPROVER, Roles.BYPASS),
            "bypassPermissions",
            Map.of("permissionMode", "bypassPermissions"));
  }

  private Role role(String name, List<String> roles, String session, Map<String, ?> settings) {
    String user = name + "-" + run;
    String sessionId = "demo-" + user + "-" + session.replaceAll("[^A-Za-z]+", "-");
    Map<String, Object> all = new LinkedHashMap<>(settings);
    all.put("client", Access.CLIENT);
    all.put("workspaceRoots", List.of(WORKSPACE));
    return new Role(Agent.start(access.url(), keys, user, roles, sessionId, all), session);
  }
}
