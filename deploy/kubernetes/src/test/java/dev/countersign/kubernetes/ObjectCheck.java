package dev.countersign.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** All objects are in the one namespace, each is there once, and only the services run. */
final class ObjectCheck implements Check {
  private static final String NAMESPACE = "countersign";
  private static final List<String> OF_CLUSTER = List.of("Namespace");

  /** What runs pods that no operator makes. */
  private static final List<String> WORKLOADS =
      List.of("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "Pod");

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
      if (WORKLOADS.contains(object.path("kind").asText())) {
        requireService(id, object, faults);
      }
    }
  }

  /** What is no service would be checked by nothing else. */
  private static void requireService(String id, ObjectNode object, Faults faults) {
    String name = Manifests.name(object);
    List<String> containers = new ArrayList<>();
    for (String kind : List.of("containers", "initContainers")) {
      object
          .at("/spec/template/spec/" + kind)
          .forEach(container -> containers.add(container.path("name").asText()));
    }
    faults.require(
        object.path("kind").asText().equals("Deployment")
            && Service.named(name).isPresent()
            && containers.equals(List.of(name)),
        id,
        "it runs the containers " + containers,
        "Deployments of the services, each with the one container of its name");
  }
}
