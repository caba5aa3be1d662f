package dev.countersign.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.embedded.BrokerSecurity;
import dev.countersign.embedded.Folders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerAccessTest {
  private static final Ports PORTS = new Ports(18080);

  @TempDir Path dir;

  /** What a broker keeps: three things of its own, and a topic's records. */
  private static final List<String> DATA =
      List.of(
          "meta.properties", "bootstrap.checkpoint", "__cluster_metadata-0/log", "receipts-0/log");

  private static final List<String> LOGINS = List.of("passwords.json", "broker.p12", "broker.pem");

  /** Every part of what a whole stack leaves, whatever became of the rest. */
  private static List<Set<String>> parts(List<String> whole) {
    List<Set<String>> parts = new ArrayList<>();
    for (int part = 0; part < 1 << whole.size(); part++) {
      Set<String> names = new LinkedHashSet<>();
      for (int i = 0; i < whole.size(); i++) {
        if ((part & 1 << i) != 0) {
          names.add(whole.get(i));
        }
      }
      parts.add(names);
    }
    return parts;
  }

  private static void keepIn(Path folder, Set<String> names) throws IOException {
    Folders.delete(folder);
    Files.createDirectories(folder);
    for (String name : names) {
      Files.createDirectories(folder.resolve(name).getParent());
      Files.writeString(folder.resolve(name), "");
    }
  }

  /** The logins' files are made once; making them takes long. */
  private static void keepLogins(Path folder, Path whole, Set<String> names) throws IOException {
    Folders.delete(folder);
    Files.createDirectories(folder);
    for (String name : names) {
      Files.copy(whole.resolve(name), folder.resolve(name));
    }
  }

  @Test
  void whateverIsLeftOfASecuredKafkaIsNeverOpenedToEverybody() throws IOException {
    try (StateFolder state = StateFolder.take(dir.resolve("state"), false)) {
      for (Set<String> data : parts(DATA)) {
        for (Set<String> logins : parts(LOGINS)) {
          keepIn(state.kafkaSecured(), data);
          keepIn(state.kafkaSecurity(), logins);
          assertRefused(state, false, "was made with --secure");
          Folders.delete(state.kafkaSecurity());
          assertRefused(state, false, "was made with --secure");
          Folders.delete(state.kafkaSecured());
        }
      }
    }
  }

  /** Whether the broker knows the logins, it says itself: {@code HalfWrittenKafkaIT}. */
  @Test
  void whateverIsLeftOfASecuredKafkaIsUsableOrRefusedWithAWayOut() throws IOException {
    try (StateFolder state = StateFolder.take(dir.resolve("state"), false)) {
      Path whole = dir.resolve("whole");
      BrokerSecurity.in(whole);
      for (Set<String> data : parts(DATA)) {
        for (Set<String> logins : parts(LOGINS)) {
          keepIn(state.kafkaSecured(), data);
          keepLogins(state.kafkaSecurity(), whole, logins);
          boolean begun = !Set.of("bootstrap.checkpoint").containsAll(data);
          if (begun && !data.contains("meta.properties")) {
            assertRefused(state, true, "is no longer whole");
          } else if (begun && !logins.contains("passwords.json")) {
            assertRefused(state, true, "the logins of the Kafka in");
          } else if (data.size() < 2) {
            // As if it had never been; that all files of the logins are made anew, others test.
            assertEquals(
                "SASL_SSL",
                BrokerAccess.of(state, PORTS, true)
                    .environment(ServiceName.STORE)
                    .get("KAFKA_SECURITY_PROTOCOL"));
          }
        }
      }
    }
  }

  @Test
  void whateverIsLeftOfAnOpenKafkaIsNotCalledSecure() throws IOException {
    try (StateFolder state = StateFolder.take(dir.resolve("state"), false)) {
      for (Set<String> data : parts(DATA)) {
        keepIn(state.kafka(), data);
        if (Set.of("bootstrap.checkpoint").containsAll(data)) {
          assertEquals(Optional.empty(), BrokerAccess.of(state, PORTS, false).securityFolder());
          continue;
        }
        assertRefused(state, true, "was made without --secure");
        assertFalse(Files.exists(state.kafkaSecurity()), "a refused start leaves nothing");
        if (data.contains("meta.properties")) {
          assertEquals(Optional.empty(), BrokerAccess.of(state, PORTS, false).securityFolder());
        } else {
          assertRefused(state, false, "is no longer whole");
        }
      }
    }
  }

  @Test
  void loginsThatCannotBeReadAreRefusedWithAWayOut() throws IOException {
    try (StateFolder state = StateFolder.take(dir.resolve("state"), false)) {
      keepIn(state.kafkaSecurity(), Set.of());
      Files.writeString(state.kafkaSecurity().resolve("passwords.json"), "{\"admin\":\"s3cret");
      LaunchException refused = assertRefused(state, true, "cannot be used");
      assertFalse(refused.getMessage().contains("s3cret"), refused::getMessage);
    }
  }

  private static LaunchException assertRefused(StateFolder state, boolean secure, String why) {
    LaunchException refused =
        assertThrows(LaunchException.class, () -> BrokerAccess.of(state, PORTS, secure));
    assertTrue(refused.getMessage().contains(why), refused::getMessage);
    assertTrue(refused.getMessage().contains("--fresh"), refused::getMessage);
    return refused;
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
