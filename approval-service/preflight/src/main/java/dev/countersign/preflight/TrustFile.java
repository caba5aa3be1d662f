package dev.countersign.preflight;

import dev.countersign.protocol.token.TokenVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The file that says whose keys are trusted. */
final class TrustFile {
  private TrustFile() {}

  /** Why the file cannot be used, and what would be right. Waits for no key set that it names. */
  static Optional<String> problem(String setting, Path file) {
    return problemOf(file).map(problem -> setting + ": " + problem);
  }

  private static Optional<String> problemOf(Path file) {
    if (!Files.isRegularFile(file)) {
      return Optional.of(
          "there is no file %s; it must say whose keys are trusted (docs/operations.md#keys)"
              .formatted(file.toAbsolutePath()));
    }
    try {
      TokenVerifier.parse(Files.readAllBytes(file));
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of("%s cannot be read by this process: %s".formatted(file, e));
    } catch (RuntimeException e) {
      return Optional.of(
          "%s cannot be used: %s (docs/operations.md#keys)".formatted(file, e.getMessage()));
    }
  }
}
