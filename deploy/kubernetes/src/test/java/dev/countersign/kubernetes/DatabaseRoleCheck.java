package dev.countersign.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Each role reaches its own database alone, over TLS alone, and may do no more than own it. */
final class DatabaseRoleCheck implements Check {
  private static final List<String> POWERS =
      List.of("superuser", "createdb", "createrole", "replication", "bypassrls");

  private static final String NOBODY_ELSE = "host all all all reject";

  @Override
  public void run(Manifests manifests, Faults faults) {
    for (ObjectNode cluster : manifests.ofKind("Cluster")) {
      String id = Manifests.id(cluster);
      Map<String, String> owners = DatabaseCheck.owners(cluster, manifests);
      faults.requireAt(id, cluster, "/spec/enableSuperuserAccess", "false");
      requireRoles(cluster, owners, faults);
      requireAccess(cluster, owners, faults);
      requireFirst(cluster, faults);
      for (ObjectNode database : manifests.ofKind("Database")) {
        faults.requireAt(Manifests.id(database), database, "/spec/databaseReclaimPolicy", "retain");
      }
    }
  }

  private static void requireRoles(ObjectNode cluster, Map<String, String> owners, Faults faults) {
    String id = Manifests.id(cluster);
    List<String> mayLogIn = new ArrayList<>();
    for (JsonNode role : cluster.at("/spec/managed/roles")) {
      String name = role.path("name").asText();
      if (role.path("login").asBoolean()
          && role.path("ensure").asText("present").equals("present")) {
        mayLogIn.add(name);
      }
      for (String power : POWERS) {
        faults.require(
            !role.path(power).asBoolean(),
            id,
            "its role " + name + " has " + power,
            "a role that owns its database and may do nothing else");
      }
      faults.require(
          role.path("inRoles").isEmpty(),
          id,
          "its role " + name + " is a member of " + role.path("inRoles"),
          "no inRoles");
    }
    faults.requireSame(id, "its list of roles that log in", owners.values(), mayLogIn);
  }

  /** Postgres takes the first line that fits. */
  private static void requireAccess(ObjectNode cluster, Map<String, String> owners, Faults faults) {
    String id = Manifests.id(cluster);
    TreeSet<String> right = new TreeSet<>();
    owners.forEach(
        (database, owner) ->
            right.add("hostssl %s %s all scram-sha-256".formatted(database, owner)));
    right.add(NOBODY_ELSE);
    List<String> lines = new ArrayList<>();
    for (JsonNode line : cluster.at("/spec/postgresql/pg_hba")) {
      lines.add(line.asText().trim().replaceAll("\\s+", " "));
    }
    faults.requireSame(id, "its list pg_hba", right, lines);
    faults.requireEqual(
        id,
        "the last line of its pg_hba",
        NOBODY_ELSE,
        lines.isEmpty() ? null : lines.get(lines.size() - 1));
    faults.require(
        lines.indexOf(NOBODY_ELSE) == lines.size() - 1,
        id,
        "its pg_hba rejects everybody before its last line",
        "once, at the end");
  }

  /** The operator sets the first owner's password from both, so they must be one. */
  private static void requireFirst(ObjectNode cluster, Faults faults) {
    JsonNode first = cluster.at("/spec/bootstrap/initdb");
    faults.requireEqual(
        Manifests.id(cluster),
        "the secret of bootstrap.initdb",
        DatabaseCheck.secrets(cluster).get(first.path("owner").asText()),
        first.at("/secret/name").asText());
  }
}
