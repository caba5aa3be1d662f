package dev.countersign.approval.tools;

import dev.countersign.approval.config.ApprovalConfig;
import dev.countersign.policy.tools.InvalidToolsException;
import dev.countersign.policy.tools.ToolCatalogue;
import dev.countersign.preflight.Preflight;
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
 * Puts the operator's tools in force before anything is decided. A file that cannot be used refuses
 * the start: with other tools than the operator means, other calls would run.
 */
@ApplicationScoped
public class ToolsFile {
  void onStart(@Observes @Priority(1) StartupEvent event, ApprovalConfig config) {
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
    return Preflight.refusal("approval-service", "countersign.tools-file: " + problem);
  }
}
