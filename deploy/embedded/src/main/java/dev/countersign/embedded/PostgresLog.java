package dev.countersign.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The server's log file, read for what a failed start has to say. */
record PostgresLog(Path file) {
  long length() {
    return file.toFile().length();
  }

  /** What was written after the file had this length. */
  String since(long length) {
    try {
      byte[] all = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
      int start = (int) Math.min(length, all.length);
      return new String(all, start, all.length - start, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Optional<String> firstFault(String log) {
    return log.lines()
        .filter(line -> line.contains("could not") || line.contains("FATAL"))
        .findFirst()
        .map(String::strip);
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
