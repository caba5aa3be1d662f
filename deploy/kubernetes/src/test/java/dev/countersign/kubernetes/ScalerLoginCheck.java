package dev.countersign.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.strimzi.api.kafka.model.kafka.Kafka;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** KEDA logs in to Kafka as one user, and knows the brokers by who signed their certificates. */
final class ScalerLoginCheck implements Check {
  private static final List<String> PARAMETERS = List.of("username", "password", "ca");

  @Override
  public void run(Manifests manifests, Faults faults) {
    for (ObjectNode login : manifests.ofKind("TriggerAuthentication")) {
      String id = Manifests.id(login);
      Map<String, JsonNode> secrets = parameters(login, "/spec/secretTargetRef");
      Map<String, JsonNode> maps = parameters(login, "/spec/configMapTargetRef");
      List<String> all = new ArrayList<>(secrets.keySet());
      all.addAll(maps.keySet());
      faults.requireSame(id, "its list of parameters", PARAMETERS, all);
      for (Kafka kafka : manifests.all(Kafka.class)) {
        faults.requireEqual(
            id,
            "the secret of ca",
            kafka.getMetadata().getName() + "-cluster-ca-cert, key ca.crt",
            source(secrets, "ca"));
      }
      String user =
          Optional.ofNullable(maps.get("username"))
              .flatMap(from -> value(from, manifests))
              .orElse(null);
      // Strimzi's secret of a login is called like its user.
      faults.requireEqual(
          id, "the secret of password", user + ", key password", source(secrets, "password"));
      faults.require(
          user != null && manifests.find("KafkaUser", user).isPresent(),
          id,
          "its user is " + user,
          "the name of a KafkaUser, from a config map of the tree");
    }
  }

  private static Map<String, JsonNode> parameters(ObjectNode login, String place) {
    Map<String, JsonNode> parameters = new TreeMap<>();
    login.at(place).forEach(each -> parameters.put(each.path("parameter").asText(), each));
    return parameters;
  }

  private static String source(Map<String, JsonNode> parameters, String name) {
    return Optional.ofNullable(parameters.get(name))
        .map(from -> from.path("name").asText() + ", key " + from.path("key").asText())
        .orElse(null);
  }

  private static Optional<String> value(JsonNode from, Manifests manifests) {
    return manifests
        .find("ConfigMap", from.path("name").asText())
        .map(map -> map.path("data").path(from.path("key").asText()))
        .filter(JsonNode::isTextual)
        .map(JsonNode::asText);
  }
}
