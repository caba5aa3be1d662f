package dev.countersign.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Every secret and config map that is referred to is in the tree, or in the table of those that
 * somebody else makes; and no secret is in the tree.
 */
final class ReferenceCheck implements Check {
  /** One place that needs a key, or where {@code key} is empty, the whole. */
  record Reference(String from, String kind, String name, String key) {
    String target() {
      return kind + "/" + name;
    }
  }

  @Override
  public void run(Manifests manifests, Faults faults) {
    for (ObjectNode secret : manifests.ofKind("Secret")) {
      faults.add(Manifests.id(secret), "a secret is in the tree", "a reference to one");
    }
    for (Reference reference : all(manifests)) {
      require(reference, manifests, faults);
    }
    requireNoUnused(manifests, faults);
  }

  /** All references of all objects. */
  static List<Reference> all(Manifests manifests) {
    List<Reference> references = new ArrayList<>();
    for (ObjectNode object : manifests.objects()) {
      collect(Manifests.id(object), object, references);
    }
    return references;
  }

  private static void require(Reference reference, Manifests manifests, Faults faults) {
    var inTree = manifests.find(reference.kind(), reference.name());
    Set<String> keys = new HashSet<>();
    inTree.ifPresent(map -> map.path("data").fieldNames().forEachRemaining(keys::add));
    keys.addAll(Documented.keys(reference.target()));
    if (inTree.isEmpty() && !Documented.all().contains(reference.target())) {
      faults.add(
          reference.from(),
          reference.target() + " is neither in the tree nor in the table of " + Documented.PAGE,
          "one of " + Documented.all());
    } else if (!reference.key().isEmpty()) {
      faults.require(
          keys.contains(reference.key()),
          reference.from(),
          reference.target() + " has no key " + reference.key(),
          "one of " + new TreeSet<>(keys));
    }
  }

  private static void requireNoUnused(Manifests manifests, Faults faults) {
    Set<String> used = new HashSet<>();
    all(manifests).forEach(reference -> used.add(reference.target()));
    for (ObjectNode map : manifests.ofKind("ConfigMap")) {
      faults.require(
          used.contains(Manifests.id(map)),
          Manifests.id(map),
          "nothing refers to it",
          "a reference, or no config map");
    }
  }

  private static void collect(String from, JsonNode node, List<Reference> found) {
    node.properties()
        .forEach(
            field -> {
              JsonNode value = field.getValue();
              switch (field.getKey()) {
                case "secretKeyRef" -> addKey(from, "Secret", value, found);
                case "configMapKeyRef" -> addKey(from, "ConfigMap", value, found);
                case "secretRef" -> add(from, "Secret", value.path("name"), "", found);
                case "configMapRef" -> add(from, "ConfigMap", value.path("name"), "", found);
                case "secret" -> addVolume(from, "Secret", value, found);
                case "configMap" -> addVolume(from, "ConfigMap", value, found);
                case "imagePullSecrets", "certificateRefs" ->
                    value.forEach(each -> add(from, "Secret", each.path("name"), "", found));
                case "secretTargetRef" ->
                    value.forEach(each -> addKey(from, "Secret", each, found));
                case "configMapTargetRef" ->
                    value.forEach(each -> addKey(from, "ConfigMap", each, found));
                case "passwordSecret", "superuserSecret" ->
                    add(from, "Secret", value.path("name"), "", found);
                case "accessKeyId", "secretAccessKey", "region" ->
                    addKey(from, "Secret", value, found);
                default -> {}
              }
              collect(from, value, found);
            });
    if (node.isArray()) {
      node.forEach(each -> collect(from, each, found));
    }
  }

  private static void addKey(String from, String kind, JsonNode at, List<Reference> found) {
    add(from, kind, at.path("name"), at.path("key").asText(), found);
  }

  private static void addVolume(String from, String kind, JsonNode at, List<Reference> found) {
    JsonNode name = at.has("secretName") ? at.path("secretName") : at.path("name");
    if (at.path("items").isEmpty()) {
      add(from, kind, name, "", found);
    }
    at.path("items").forEach(item -> add(from, kind, name, item.path("key").asText(), found));
  }

  private static void add(
      String from, String kind, JsonNode name, String key, List<Reference> found) {
    if (name.isTextual()) {
      found.add(new Reference(from, kind, name.asText(), key));
    }
  }
}
