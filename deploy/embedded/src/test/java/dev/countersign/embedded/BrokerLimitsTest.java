package dev.countersign.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.protocol.Topics;
import dev.countersign.protocol.kafka.KafkaUser;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What others make a broker hold ends neither it nor the work of a service. */
@Timeout(300)
class BrokerLimitsTest {
  private static final int MEGABYTE = 1024 * 1024;

  @TempDir static Path dir;

  private static SecuredBroker broker;

  @BeforeAll
  static void start() throws Exception {
    broker =
        SecuredBroker.startProcess(
            dir,
            List.of("-Xmx" + BrokerSecurity.HEAP_MEGABYTES + "m", "-XX:+ExitOnOutOfMemoryError"));
    broker.admit(KafkaUser.AGENT_GATEWAY, KafkaUser.ofAgent("kcat"));
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void whoDoesNotLogInCannotFillItsMemory() throws Exception {
    Map<String, Object> stranger = broker.client("kcat");
    stranger.put("security.protocol", "SSL");
    try (Announcements many = Announcements.make(stranger, broker.port, 1000, 512 * 1024)) {
      many.awaitRefusals();
    }
    assertTheServiceWrites();
  }

  @Test
  void whoLogsInCannotFillItsMemoryWithOneRequest() throws Exception {
    try (Announcements few =
        Announcements.make(broker.client("kcat"), broker.port, 20, 100 * MEGABYTE)) {
      few.awaitRefusals();
    }
    assertTheServiceWrites();
  }

  /** Together they wait for room; when they go, all is as before. */
  @Test
  void whoLogsInCannotFillItsMemoryWithMany() throws Exception {
    try (Announcements many =
            Announcements.make(broker.client("kcat"), broker.port, 100, 8 * MEGABYTE);
        Announcements later = Announcements.make(broker.client("kcat"), broker.port, 1, 1)) {
      assertTrue(broker.isAlive());
    }
    assertTheServiceWrites();
  }

  /** A place for each costs memory, whatever comes over it. */
  @Test
  void connectionsAreLimitedAndMembersOfAGroupToo() {
    var settings =
        BrokerSettings.secured(dir.resolve("other"), 1, 2, broker.security()).properties();
    assertEquals("300", settings.getProperty("max.connections"));
    assertEquals("64", settings.getProperty("group.max.size"));
    assertEquals("64", settings.getProperty("group.consumer.max.size"));
  }

  private static void assertTheServiceWrites() throws Exception {
    assertTrue(broker.isAlive());
    assertTrue(broker.writes(KafkaUser.AGENT_GATEWAY.name(), Topics.REQUESTS));
  }
}
