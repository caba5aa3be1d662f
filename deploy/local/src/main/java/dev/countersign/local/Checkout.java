package dev.countersign.local;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the built parts lie under the root of the checkout. */
public record Checkout(Path root) {
  /** The runnable jar of a service. */
  Path runner(ServiceName service) {
    return built(root.resolve(service.module()).resolve("target/quarkus-app/quarkus-run.jar"));
  }

  /** The Java agent that ends a JVM with its launcher. */
  Path guard() {
    return built(root.resolve("deploy/local/target/local-guard.jar"));
  }

  private static Path built(Path jar) {
    if (!Files.isRegularFile(jar)) {
      throw new LaunchException(jar + " is missing: run mvn -DskipTests package");
    }
    return jar;
  }
}
