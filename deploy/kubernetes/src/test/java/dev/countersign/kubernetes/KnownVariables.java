package dev.countersign.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Every environment variable that a service's process reads: its typed settings, what the Quarkus
 * libraries in its image read when it runs, what Kafka's clients and the channels know, and the
 * JVM's own.
 */
final class KnownVariables {
  private static final String MODEL = "META-INF/quarkus-config-doc/quarkus-config-model.json";
  private static final Set<String> OF_THE_JVM = Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS");
  private static final Pattern PLACEHOLDER = Pattern.compile("\"[^\"]+\"");
  private static final JsonMapper JSON = new JsonMapper();
  private static final Map<Service, KnownVariables> READ = new EnumMap<>(Service.class);

  private final Set<String> names = new HashSet<>(OF_THE_JVM);
  private final List<Pattern> patterns = new ArrayList<>();

  private KnownVariables(Service service) {
    new ServiceSettings(service, Map.of()).typedNames().forEach(name -> names.add(variable(name)));
    Set<String> clients = new HashSet<>(ProducerConfig.configNames());
    clients.addAll(ConsumerConfig.configNames());
    clients.addAll(AdminClientConfig.configNames());
    clients.forEach(name -> names.add(variable("kafka." + name)));
    clients.addAll(Connector.attributes(service.libraries()));
    Channel.prefixes(service)
        .forEach(prefix -> clients.forEach(name -> names.add(variable(prefix + name))));
    readModels(service.libraries());
  }

  /** Read once: a service's libraries do not change while tests run. */
  static synchronized KnownVariables of(Service service) {
    return READ.computeIfAbsent(service, KnownVariables::new);
  }

  boolean has(String variable) {
    return names.contains(variable)
        || patterns.stream().anyMatch(pattern -> pattern.matcher(variable).matches());
  }

  /** MicroProfile's rule for the name of the variable that overrides a property. */
  static String variable(String property) {
    return property.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
  }

  private void readModels(Path libraries) {
    int models = 0;
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(libraries, "*.jar")) {
      for (Path jar : jars) {
        try (JarFile file = new JarFile(jar.toFile())) {
          ZipEntry entry = file.getEntry(MODEL);
          if (entry != null) {
            models++;
            try (InputStream in = file.getInputStream(entry)) {
              collect(JSON.readTree(in));
            }
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(libraries + " cannot be read: run mvn verify", e);
    }
    if (models == 0) {
      throw new IllegalStateException("no library in " + libraries + " says what it reads");
    }
  }

  /** What is fixed when the image is built is read by nobody afterwards. */
  private void collect(JsonNode node) {
    if (node.path("phase").asText().equals("RUN_TIME")) {
      add(node.at("/path/property").asText());
      node.path("additionalPaths").forEach(path -> add(path.path("property").asText()));
    }
    node.forEach(this::collect);
  }

  private void add(String property) {
    if (!property.contains("\"")) {
      names.add(variable(property));
      return;
    }
    String[] fixed = PLACEHOLDER.split(property, -1);
    StringBuilder pattern = new StringBuilder(variable(fixed[0]));
    for (int i = 1; i < fixed.length; i++) {
      pattern.append("_[A-Z0-9_]+_").append(variable(fixed[i]));
    }
    patterns.add(Pattern.compile(pattern.toString()));
  }
}
