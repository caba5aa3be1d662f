package dev.countersign.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** All objects are in the one namespace, and each is there once. */
final class ObjectCheck implements Check {
  private static final String NAMESPACE = "countersign";
  private static final List<String> OF_CLUSTER = List.of("Namespace");

  @Override
  public void run(Manifests manifests, Faults faults) {
    Set<String> seen = new HashSet<>();
    for (ObjectNode object : manifests.objects()) {
      String id = Manifests.id(object);
      if (!OF_CLUSTER.contains(object.path("kind").asText())) {
        faults.requireEqual(id, "its namespace", NAMESPACE, Manifests.namespace(object));
      }
      faults.require(
          seen.add(object.path("apiVersion").asText() + " " + id), id, "it is there twice", "once");
    }
  }
}
