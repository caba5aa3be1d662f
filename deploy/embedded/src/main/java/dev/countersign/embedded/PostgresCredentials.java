package dev.countersign.embedded;

import dev.countersign.protocol.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;

/** The generated passwords of one Postgres, in a file of mode 600 beside its data. */
record PostgresCredentials(String superuser, String approval, String permissions) {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Reads them, or makes and stores new ones if the file is not there. */
  static PostgresCredentials in(Path file) {
    try {
      if (Files.exists(file)) {
        return Json.read(Files.readAllBytes(file), PostgresCredentials.class);
      }
      PostgresCredentials fresh = new PostgresCredentials(password(), password(), password());
      Folders.writePrivate(file, Json.write(fresh));
      return fresh;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  private static String password() {
    byte[] bytes = new byte[24];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public String toString() {
    return "PostgresCredentials[…]";
  }
}
