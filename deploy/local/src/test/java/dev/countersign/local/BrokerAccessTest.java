package dev.countersign.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.embedded.BrokerSecurity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BrokerAccessTest {
  private static final Ports PORTS = new Ports(18080);

  @TempDir Path dir;

  /** What an earlier start made: data, data for who logs in, and the folder with the logins. */
  private static void after(StateFolder state, boolean data, boolean secured, boolean logins)
      throws IOException {
    if (data) {
      Files.createDirectories(state.kafka());
      Files.createFile(state.kafka().resolve("meta.properties"));
    }
    if (secured) {
      Files.createFile(state.kafka().resolve("countersign-secured"));
    }
    if (logins) {
      BrokerSecurity.in(state.kafkaSecurity());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "false, false, false",
    "false, false, true",
    "true, false, false",
    // A start with --secure that ended before there were data.
    "true, false, true",
  })
  void whatIsThereForEverybodyIsNotCalledSecure(boolean data, boolean secured, boolean logins)
      throws IOException {
    try (StateFolder state = StateFolder.take(dir.resolve("state"), false)) {
      after(state, data, secured, logins);
      assertEquals(Optional.empty(), BrokerAccess.of(state, PORTS, false).securityFolder());
      if (data) {
        LaunchException refused =
            assertThrows(LaunchException.class, () -> BrokerAccess.of(state, PORTS, true));
        assertTrue(refused.getMessage().contains("was made without --secure"));
      } else {
        assertTrue(BrokerAccess.of(state, PORTS, true).securityFolder().isPresent());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void whatIsThereForThoseWhoLogInIsNeverOpenedToEverybody(boolean logins) throws IOException {
    try (StateFolder state = StateFolder.take(dir.resolve("state"), false)) {
      after(state, true, true, logins);
      LaunchException refused =
          assertThrows(LaunchException.class, () -> BrokerAccess.of(state, PORTS, false));
      assertTrue(refused.getMessage().contains("was made with --secure"));
      BrokerAccess access = BrokerAccess.of(state, PORTS, true);
      assertEquals(
          "SASL_SSL", access.environment(ServiceName.STORE).get("KAFKA_SECURITY_PROTOCOL"));
    }
  }

  @Test
  void aShellReadsTheFileOfTheLoginWhateverItsName() throws Exception {
    Path login = Path.of("/home/Jörg's place; echo $(id)/kcat.properties");
    Access access =
        new Access(
            "http://127.0.0.1:1",
            Map.of("bootstrap.servers", "127.0.0.1:2"),
            Optional.of(login),
            "local",
            "a",
            "b",
            "c");
    Path file = dir.resolve("countersign.env");
    access.write(file);
    Process shell =
        new ProcessBuilder(
                "sh",
                "-c",
                ". \"$1\" && printf %s \"$COUNTERSIGN_KAFKA_LOGIN\"",
                "sh",
                file.toString())
            .redirectErrorStream(true)
            .start();
    assertEquals(
        login.toString(),
        new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    assertEquals(0, shell.waitFor());
  }
}
