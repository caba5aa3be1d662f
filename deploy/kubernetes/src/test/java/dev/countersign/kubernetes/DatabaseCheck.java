package dev.countersign.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Each service reaches a database of its own, as its owner, over TLS, with room for its pools. */
final class DatabaseCheck implements Check {
  private static final Pattern URL =
      Pattern.compile("(?:jdbc:)?postgresql://([^:/]+)(?::5432)?/([a-z_]+)(?:\\?(.*))?");

  /** For superusers, the operator and whoever looks after the database. */
  private static final int RESERVED = 10;

  @Override
  public void run(Manifests manifests, Faults faults) {
    for (ObjectNode cluster : manifests.ofKind("Cluster")) {
      Map<String, String> owners = owners(cluster, manifests);
      Map<String, String> secrets = secrets(cluster);
      for (Workload workload : Workload.all(manifests)) {
        if (workload.service().hasDatabase()) {
          String database =
              require(workload, cluster, "quarkus.datasource.jdbc.url", owners, faults);
          faults.requireEqual(
              workload.id(),
              "the database of quarkus.datasource.reactive.url",
              database,
              require(workload, cluster, "quarkus.datasource.reactive.url", owners, faults));
          requireLogin(workload, secrets.get(owners.get(database)), faults);
          requireTls(workload, cluster, faults);
        }
      }
      requireRoom(cluster, manifests, faults);
    }
    faults.requireEqual(
        "the Clusters of Postgres", "their number", 1, manifests.ofKind("Cluster").size());
  }

  /** Who owns each database of the cluster. */
  static Map<String, String> owners(ObjectNode cluster, Manifests manifests) {
    Map<String, String> owners = new HashMap<>();
    JsonNode first = cluster.at("/spec/bootstrap/initdb");
    owners.put(first.path("database").asText(), first.path("owner").asText());
    for (ObjectNode database : manifests.ofKind("Database")) {
      if (database.at("/spec/cluster/name").asText().equals(Manifests.name(cluster))) {
        owners.put(database.at("/spec/name").asText(), database.at("/spec/owner").asText());
      }
    }
    return owners;
  }

  /** The secret of each role that the operator manages. */
  static Map<String, String> secrets(ObjectNode cluster) {
    Map<String, String> secrets = new HashMap<>();
    cluster
        .at("/spec/managed/roles")
        .forEach(
            role ->
                secrets.put(role.path("name").asText(), role.at("/passwordSecret/name").asText()));
    return secrets;
  }

  private static String require(
      Workload workload,
      ObjectNode cluster,
      String property,
      Map<String, String> owners,
      Faults faults) {
    String url = workload.settings().value(property).orElse("");
    Matcher matcher = URL.matcher(url);
    String host = Manifests.name(cluster) + "-rw";
    boolean right =
        matcher.matches() && matcher.group(1).equals(host) && owners.containsKey(matcher.group(2));
    faults.require(
        right,
        workload.id(),
        property + " is " + url,
        "the host %s and one of the databases %s".formatted(host, owners.keySet()));
    return right ? matcher.group(2) : null;
  }

  /** Both are in the secret from which the operator sets the role's password. */
  private static void requireLogin(Workload workload, String secret, Faults faults) {
    for (String key : new String[] {"username", "password"}) {
      String variable = KnownVariables.variable("quarkus.datasource." + key);
      faults.requireEqual(
          workload.id(),
          "the secret of " + variable,
          secret + ", key " + key,
          workload
              .secret(variable)
              .map(each -> each.getName() + ", key " + each.getKey())
              .orElse(null));
    }
  }

  private static void requireTls(Workload workload, ObjectNode cluster, Faults faults) {
    Matcher jdbc = URL.matcher(workload.settings().value("quarkus.datasource.jdbc.url").orElse(""));
    String options = jdbc.matches() ? String.valueOf(jdbc.group(3)) : "";
    Matcher file = Pattern.compile("sslrootcert=([^&]+)").matcher(options);
    faults.require(
        options.contains("sslmode=verify-full") && file.find(),
        workload.id(),
        "quarkus.datasource.jdbc.url does not prove who answers",
        "sslmode=verify-full and sslrootcert");
    String reactive = "quarkus.datasource.reactive.";
    Map<String, String> right =
        Map.of(
            reactive + "postgresql.ssl-mode", "verify-full",
            reactive + "hostname-verification-algorithm", "HTTPS",
            reactive + "trust-certificate-pem", "true");
    right.forEach(
        (name, value) ->
            faults.requireEqual(
                workload.id(), name, value, workload.settings().value(name).orElse(null)));
    Optional<String> authority =
        workload
            .settings()
            .value(reactive + "trust-certificate-pem.certs")
            .flatMap(workload::mount)
            .flatMap(workload::volume)
            .map(volume -> volume.getSecret())
            .map(secret -> secret.getSecretName());
    faults.requireEqual(
        workload.id(),
        "the secret of the certificates that it trusts for Postgres",
        Manifests.name(cluster) + "-ca",
        authority.orElse(null));
  }

  /** While an update runs at the most replicas, each pool may be full, and those of who ends. */
  private static void requireRoom(ObjectNode cluster, Manifests manifests, Faults faults) {
    int needed = RESERVED;
    for (Workload workload : Workload.all(manifests)) {
      if (workload.service().hasDatabase()) {
        needed += replicas(workload, manifests) * pools(workload);
      }
    }
    int given = cluster.at("/spec/postgresql/parameters/max_connections").asInt();
    faults.require(
        given >= needed,
        Manifests.id(cluster),
        "max_connections is " + given,
        "at least " + needed + ": all pools of all replicas while an update runs");
  }

  private static int pools(Workload workload) {
    return number(workload, "quarkus.datasource.reactive.max-size")
        + number(workload, "quarkus.datasource.jdbc.max-size");
  }

  private static int number(Workload workload, String property) {
    return Integer.parseInt(workload.settings().value(property).orElse("20"));
  }

  /** An update does not count replicas that still end against its surge. */
  private static int replicas(Workload workload, Manifests manifests) {
    int most =
        manifests
            .find("ScaledObject", workload.service().label())
            .map(object -> object.at("/spec/maxReplicaCount").asInt())
            .orElseGet(
                () -> Optional.ofNullable(workload.deployment().getSpec().getReplicas()).orElse(1));
    int surge =
        Optional.ofNullable(workload.deployment().getSpec().getStrategy())
            .map(strategy -> strategy.getRollingUpdate())
            .map(update -> update.getMaxSurge())
            .map(IntOrString::getIntVal)
            .orElse(most);
    return most + 2 * surge;
  }
}
