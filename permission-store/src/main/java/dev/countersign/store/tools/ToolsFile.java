package dev.countersign.store.tools;

import dev.countersign.policy.tools.InvalidToolsException;
import dev.countersign.policy.tools.ToolCatalogue;
import dev.countersign.store.StoreConfig;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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
      throw new IllegalStateException("The tools file " + file + " cannot be read: " + e, e);
    } catch (InvalidToolsException e) {
      throw new IllegalStateException(
          "The tools file " + file + " was refused:\n" + e.getMessage(), e);
    }
  }
}
