package dev.countersign.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.Collectors;

/** All objects that one overlay renders to. */
final class Manifests {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final JsonMapper TYPED =
      JsonMapper.builder().addModule(new JavaTimeModule()).build();

  private final List<ObjectNode> objects;

  private Manifests(List<ObjectNode> objects) {
    this.objects = objects;
  }

  static Manifests parse(String yaml) {
    try (MappingIterator<ObjectNode> documents =
        YAML.readerFor(ObjectNode.class).readValues(yaml)) {
      return new Manifests(documents.readAll());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A copy that may be changed. */
  Manifests copy() {
    return new Manifests(
        objects.stream()
            .map(ObjectNode::deepCopy)
            .collect(Collectors.toCollection(ArrayList::new)));
  }

  /** The objects themselves, in the order of the rendering. */
  List<ObjectNode> objects() {
    return objects;
  }

  List<ObjectNode> ofKind(String kind) {
    return objects.stream().filter(object -> object.path("kind").asText().equals(kind)).toList();
  }

  Optional<ObjectNode> find(String kind, String name) {
    return ofKind(kind).stream().filter(object -> name(object).equals(name)).findFirst();
  }

  /**
   * The one object of that kind and name.
   *
   * @throws NoSuchElementException if there is none
   */
  ObjectNode get(String kind, String name) {
    return find(kind, name)
        .orElseThrow(() -> new NoSuchElementException("no " + kind + "/" + name));
  }

  /** All objects of the type's API version and kind. */
  <T extends HasMetadata> List<T> all(Class<T> type) {
    return objects.stream()
        .filter(
            object ->
                object.path("kind").asText().equals(HasMetadata.getKind(type))
                    && object
                        .path("apiVersion")
                        .asText()
                        .startsWith(group(HasMetadata.getApiVersion(type))))
        .map(object -> typed(object, type))
        .toList();
  }

  private static String group(String apiVersion) {
    return apiVersion.substring(0, apiVersion.indexOf('/') + 1);
  }

  static <T> T typed(JsonNode object, Class<T> type) {
    try {
      return TYPED.treeToValue(object, type);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(id(object) + ": " + e.getMessage(), e);
    }
  }

  static String name(JsonNode object) {
    return object.at("/metadata/name").asText();
  }

  static String namespace(JsonNode object) {
    return object.at("/metadata/namespace").asText();
  }

  static String id(JsonNode object) {
    return object.path("kind").asText() + "/" + name(object);
  }

  static String id(HasMetadata object) {
    return object.getKind() + "/" + object.getMetadata().getName();
  }
}
