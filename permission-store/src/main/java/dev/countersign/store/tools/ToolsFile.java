package dev.countersign.store.tools;

import dev.countersign.policy.tools.InvalidToolsException;
import dev.countersign.policy.tools.ToolCatalogue;
import dev.countersign.preflight.Preflight;
import dev.countersign.store.StoreConfig;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/**
 * Puts the operator's tools in force before a document is read. A file that cannot be used refuses
 * the start: documents would be checked for other tools than the operator means.
 */
@ApplicationScoped
public class ToolsFile {
  void onStart(@Observes @Priority(1) StartupEvent event, StoreConfig config) {
    config.toolsFile().map(ToolsFile::read).orElseGet(ToolCatalogue::shipped).putInForce();
  }

  static ToolCatalogue read(Path file) {
    try {
      return ToolCatalogue.shipped().extended(Files.readAllLines(file));
    } catch (IOException e) {
      throw refusal("the file %s cannot be read: %s".formatted(file, e));
    } catch (InvalidToolsException e) {
      throw refusal(
          "the file %s was refused: %s"
              .formatted(file, e.getMessage().lines().collect(Collectors.joining("; "))));
    }
  }

  private static ConfigurationException refusal(String problem) {
    return Preflight.refusal("permission-store", "countersign.tools-file: " + problem);
  }
}
