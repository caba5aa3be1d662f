package dev.countersign.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The overlays of this module, each rendered once. */
final class Overlays {
  /** The overlay for clusters that people rely on. */
  static final String PRODUCTION = "production";

  /** The module's folder, where its tests run. */
  static final Path FOLDER = Path.of("").toAbsolutePath();

  private static final Map<String, Manifests> RENDERED = new ConcurrentHashMap<>();

  private Overlays() {}

  /** The names of all overlays. */
  static List<String> all() {
    try (Stream<Path> folders = Files.list(FOLDER.resolve("overlays"))) {
      return folders.map(folder -> folder.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What {@code kustomize build} makes of it. */
  static Manifests render(Tools tools, String overlay) {
    return RENDERED.computeIfAbsent(
        overlay,
        name -> {
          Tools.Ended ended = tools.run(FOLDER, "kustomize", "build", "overlays/" + name);
          if (ended.status() != 0) {
            throw new AssertionError(
                "kustomize cannot build overlays/" + name + ": " + ended.said());
          }
          return Manifests.parse(ended.said());
        });
  }
}
