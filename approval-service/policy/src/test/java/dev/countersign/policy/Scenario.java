package dev.countersign.policy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One case of a scenario file: given some settings, when a tool is called, then this comes out.
 *
 * @param name of the file, and what is called
 * @param input the case as {@link Evaluation} takes it
 * @param then {@code allow}, {@code ask} or {@code deny}
 * @param by the stamp; null if it does not matter
 * @param says a text the reason must hold; null if none
 * @param offers the resources an "always" may store; null if they do not matter
 */
record Scenario(
    String name,
    Map<String, Object> input,
    String then,
    String by,
    String says,
    List<Object> offers) {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  /** All cases of all files under {@code scenarios}. */
  static List<Scenario> all() {
    List<Scenario> all = new ArrayList<>();
    try {
      URI folder = Scenario.class.getResource("/scenarios").toURI();
      try (Stream<Path> files = Files.walk(Path.of(folder))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList()) {
          all.addAll(read(file));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
    return all;
  }

  private static List<Scenario> read(Path file) throws IOException {
    Map<String, Object> document = map(YAML.readValue(file.toFile(), Map.class));
    String title = file.getFileName().toString().replace(".yaml", "");
    List<Scenario> cases = new ArrayList<>();
    for (Object item : (List<?>) document.get("cases")) {
      Map<String, Object> one = map(item);
      Map<String, Object> input = map(document.getOrDefault("given", Map.of()));
      input.putAll(map(one.getOrDefault("given", Map.of())));
      Map<String, Object> when = map(one.get("when"));
      input.put("toolCall", call(when));
      if (when.containsKey("agentAsks")) {
        input.put("agentAsks", when.get("agentAsks"));
      }
      List<Object> offers =
          one.containsKey("offers") ? new ArrayList<>((List<?>) one.get("offers")) : null;
      cases.add(
          new Scenario(
              title + ": " + one.getOrDefault("given", "") + " " + when,
              input,
              (String) one.get("then"),
              (String) one.get("by"),
              (String) one.get("says"),
              offers));
    }
    return cases;
  }

  private static Map<String, Object> call(Map<String, Object> when) {
    Map<String, Object> call = new LinkedHashMap<>();
    call.put("cwd", when.getOrDefault("cwd", "/proj"));
    call.put("home", when.getOrDefault("home", "/home/u"));
    call.put("resolvedPaths", when.getOrDefault("leadsTo", Map.of()));
    call.put("digest", when.get("digest"));
    Map<String, List<String>> short_ =
        Map.of(
            "bash", List.of("Bash", "command"),
            "read", List.of("Read", "file_path"),
            "edit", List.of("Edit", "file_path"),
            "write", List.of("Write", "file_path"),
            "fetch", List.of("WebFetch", "url"));
    for (Map.Entry<String, List<String>> entry : short_.entrySet()) {
      if (when.containsKey(entry.getKey())) {
        call.put("tool", entry.getValue().get(0));
        call.put("input", Map.of(entry.getValue().get(1), when.get(entry.getKey())));
        return call;
      }
    }
    call.put("tool", when.get("tool"));
    call.put("input", when.getOrDefault("input", Map.of()));
    return call;
  }

  private static Map<String, Object> map(Object value) {
    Map<String, Object> copy = new LinkedHashMap<>();
    ((Map<?, ?>) value).forEach((k, v) -> copy.put(String.valueOf(k), v));
    return copy;
  }

  @Override
  public String toString() {
    return name;
  }
}
