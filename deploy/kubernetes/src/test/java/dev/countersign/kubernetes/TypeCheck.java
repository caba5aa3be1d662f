package dev.countersign.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Assigns every object to its type of {@code kubernetes-models}, compiles it with {@code tsc
 * --strict}, so that an unknown or misspelt field is an error, and then validates it against the
 * schema of its type, for what a type cannot say (patterns, least and greatest numbers).
 */
final class TypeCheck {
  private static final Path FOLDER = Overlays.FOLDER.resolve("target/types");

  /** Where the types of an API group are; what is not here is Kubernetes's own. */
  private static final Map<String, String> PACKAGES =
      Map.of(
          "kafka.strimzi.io", "@kubernetes-models/strimzi-kafka-operator/kafka.strimzi.io",
          "postgresql.cnpg.io", "@kubernetes-models/cloudnative-pg/postgresql.cnpg.io",
          "keda.sh", "@kubernetes-models/keda/keda.sh",
          "monitoring.coreos.com", "@kubernetes-models/prometheus-operator/monitoring.coreos.com",
          "gateway.networking.k8s.io", "@kubernetes-models/gateway-api/gateway.networking.k8s.io");

  private static final String COMPILER =
      """
      {"compilerOptions": {"strict": true, "target": "es2022", "module": "nodenext",
        "moduleResolution": "nodenext", "skipLibCheck": true, "types": [], "outDir": "out"},
       "include": ["*.ts"]}
      """;

  private final Tools tools;
  private final List<String> modules = new ArrayList<>();

  TypeCheck(Tools tools) {
    this.tools = tools;
    try {
      if (Files.isDirectory(FOLDER)) {
        try (var files = Files.newDirectoryStream(FOLDER, "*.ts")) {
          for (Path file : files) {
            Files.delete(file);
          }
        }
      }
      Files.createDirectories(FOLDER);
      Files.deleteIfExists(FOLDER.resolve("node_modules"));
      Files.createSymbolicLink(FOLDER.resolve("node_modules"), tools.modules());
      write("tsconfig.json", COMPILER);
      write("package.json", "{\"type\": \"module\"}");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(String name, String text) {
    try {
      Files.writeString(FOLDER.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds all objects of an overlay. */
  void add(String overlay, Manifests manifests) {
    for (ObjectNode object : manifests.objects()) {
      String name = overlay + "." + object.path("kind").asText() + "." + Manifests.name(object);
      write(name + ".ts", module(object, overlay + ", " + Manifests.id(object)));
      modules.add(name);
    }
  }

  private static String module(ObjectNode object, String title) {
    String kind = object.path("kind").asText();
    String version = object.path("apiVersion").asText();
    int slash = version.indexOf('/');
    String group = version.substring(0, Math.max(slash, 0));
    String home =
        PACKAGES.containsKey(group)
            ? PACKAGES.get(group) + version.substring(slash)
            : "kubernetes-models/" + version;
    return """
    import { %1$s, type I%1$s } from "%2$s/%1$s";
    const object: I%1$s = %3$s;
    try {
      new %1$s(object).validate();
    } catch (error) {
      console.log("%4$s: " + (error as Error).message);
    }
    """
        .formatted(kind, home, object.toPrettyString(), title);
  }

  /** What the compiler and the schemas say, one line each; begins with the object's name. */
  List<String> errors() {
    Tools.Ended compiled = tools.run(FOLDER, "tsc", "--pretty", "false", "-p", ".");
    List<String> errors = new ArrayList<>(compiled.said().lines().toList());
    if (compiled.status() == 0) {
      StringBuilder all = new StringBuilder();
      modules.forEach(name -> all.append("import \"./out/%s.js\";%n".formatted(name)));
      write("validate.mjs", all.toString());
      Tools.Ended validated = tools.node(FOLDER, "validate.mjs");
      errors.addAll(validated.said().lines().toList());
      if (validated.status() != 0 && errors.isEmpty()) {
        errors.add("node ended with " + validated.status());
      }
    }
    return errors;
  }
}
