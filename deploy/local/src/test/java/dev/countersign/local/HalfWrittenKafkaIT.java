package dev.countersign.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.embedded.BrokerSecurity;
import dev.countersign.embedded.BrokerSettings;
import dev.countersign.embedded.Folders;
import dev.countersign.embedded.KafkaBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever part of a secured Kafka's data is gone, it starts, or says what to do. */
@Tag("full")
@Timeout(600)
class HalfWrittenKafkaIT {
  private static final String META = "meta.properties";
  private static final String CHECKPOINT = "bootstrap.checkpoint";
  private static final String LOG = "__cluster_metadata-0";

  /** The folders of all topics. */
  private static final String RECORDS = "(records)";

  private static final List<String> OWN = List.of(META, CHECKPOINT, LOG, RECORDS);

  @TempDir Path dir;

  @Test
  void itStartsOrSaysWhatToDo() throws IOException {
    Path whole = dir.resolve("whole");
    Path logins = dir.resolve("logins");
    try (StateFolder state = StateFolder.take(dir.resolve("first"), false)) {
      assertEquals("", start(state));
      copy(state.kafkaSecured(), whole);
      copy(state.kafkaSecurity(), logins);
    }
    for (int gone = 0; gone < 1 << OWN.size(); gone++) {
      try (StateFolder state = StateFolder.take(dir.resolve("without-" + gone), false)) {
        copy(whole, state.kafkaSecured());
        copy(logins, state.kafkaSecurity());
        Set<String> names = remove(state.kafkaSecured(), gone);
        String refusal = start(state);
        assertEquals(isUsableWithout(names), refusal.isEmpty(), () -> names + ": " + refusal);
        assertTrue(refusal.isEmpty() || refusal.contains("--fresh"), refusal);
      }
    }
  }

  /** Nobody can log in where neither the log nor what it begins with knows a login. */
  private static boolean isUsableWithout(Set<String> gone) {
    return gone.contains(META)
        ? gone.containsAll(Set.of(LOG, RECORDS))
        : !gone.containsAll(Set.of(CHECKPOINT, LOG));
  }

  /** As the launcher does; empty, or why not. */
  private static String start(StateFolder state) {
    Ports ports = Ports.free();
    try {
      BrokerAccess access = BrokerAccess.of(state, ports, true);
      BrokerSecurity security = BrokerSecurity.in(access.securityFolder().orElseThrow());
      BrokerSettings settings =
          BrokerSettings.secured(
              access.dataFolder(), ports.kafka(), ports.kafkaController(), security);
      try (KafkaBroker broker = KafkaBroker.start(settings)) {
        access.setUp();
      }
      return "";
    } catch (LaunchException e) {
      return e.getMessage();
    }
  }

  private static Set<String> remove(Path data, int gone) throws IOException {
    Set<String> names = new TreeSet<>();
    for (int i = 0; i < OWN.size(); i++) {
      if ((gone & 1 << i) != 0) {
        names.add(OWN.get(i));
      }
    }
    try (var entries = Files.list(data)) {
      for (Path entry : entries.toList()) {
        String name = entry.getFileName().toString();
        boolean records = Files.isDirectory(entry) && !name.equals(LOG);
        if (names.contains(records ? RECORDS : name)) {
          Folders.delete(entry);
        }
      }
    }
    return names;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }
}
