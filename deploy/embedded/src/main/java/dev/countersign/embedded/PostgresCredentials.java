package dev.countersign.embedded;

import dev.countersign.protocol.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The generated passwords of one Postgres, in a file of mode 600 beside its data. */
record PostgresCredentials(String superuser, String approval, String permissions) {
  /** Reads them, or makes and stores new ones if the file is not there. */
  static PostgresCredentials in(Path file) {
    try {
      if (Files.exists(file)) {
        return Json.read(Files.readAllBytes(file), PostgresCredentials.class);
      }
      PostgresCredentials fresh =
          new PostgresCredentials(Passwords.fresh(), Passwords.fresh(), Passwords.fresh());
      Folders.writePrivate(file, Json.write(fresh));
      return fresh;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  @Override
  public String toString() {
    return "PostgresCredentials[…]";
  }
}
