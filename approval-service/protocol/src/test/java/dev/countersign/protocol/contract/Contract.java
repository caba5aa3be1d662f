package dev.countersign.protocol.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.countersign.protocol.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What {@code docs/protocol} says.
 *
 * @param asyncapi the whole AsyncAPI document
 * @param schemas by file name without its ending
 * @param examples by event's short name and then by file name without its ending
 */
record Contract(
    JsonNode asyncapi, Map<String, JsonNode> schemas, Map<String, Map<String, JsonNode>> examples) {

  /** The name of the schema that holds what several events share. */
  static final String COMMON = "common";

  /** Reads the documents anew, so that a test may change what it got. */
  static Contract load() {
    Path folder = folder();
    Map<String, Map<String, JsonNode>> examples = new TreeMap<>();
    for (Path event : list(folder.resolve("examples"))) {
      examples.put(event.getFileName().toString(), trees(event));
    }
    try {
      JsonNode asyncapi = new YAMLMapper().readTree(folder.resolve("asyncapi.yaml").toFile());
      return new Contract(asyncapi, trees(folder.resolve("schemas")), examples);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The schema that a node stands for, after its reference if it has one. */
  JsonNode resolve(String file, JsonNode node) {
    return node.has("$ref") ? target(file, node).schema() : node;
  }

  /** A schema and the file it stands in. */
  record Located(String file, JsonNode schema) {}

  /** Where a reference leads. */
  Located target(String file, JsonNode node) {
    String ref = node.path("$ref").asText();
    int hash = ref.indexOf('#');
    String name = (hash < 0 ? ref : ref.substring(0, hash)).replace(".json", "");
    String target = name.isEmpty() ? file : name;
    JsonNode root = schemas.get(target);
    if (root == null) {
      throw new IllegalStateException(file + " refers to " + ref + ", which does not exist");
    }
    return new Located(target, hash < 0 ? root : root.at(ref.substring(hash + 1)));
  }

  /** {@code docs/protocol}, wherever in the project the tests were started. */
  static Path folder() {
    Path start = Path.of("").toAbsolutePath();
    for (Path at = start; at != null; at = at.getParent()) {
      Path folder = at.resolve("docs/protocol");
      if (Files.isRegularFile(folder.resolve("asyncapi.yaml"))) {
        return folder;
      }
    }
    throw new IllegalStateException("no docs/protocol/asyncapi.yaml above " + start);
  }

  private static Map<String, JsonNode> trees(Path folder) {
    Map<String, JsonNode> trees = new TreeMap<>();
    for (Path file : list(folder)) {
      try {
        String name = file.getFileName().toString();
        trees.put(name.replaceFirst("\\.json$", ""), Json.readTree(Files.readAllBytes(file)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return trees;
  }

  private static List<Path> list(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
