package dev.countersign.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.embedded.BrokerSecurity;
import dev.countersign.embedded.BrokerSettings;
import dev.countersign.embedded.KafkaBroker;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.Topics;
import dev.countersign.protocol.kafka.KafkaUser;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** {@code deploy/up --secure}: the main job where each part may do no more than it must. */
@Tag("full")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SecuredIT {
  /** What a service may write and does not while all goes as it should. */
  private static final Set<String> UNWRITTEN = Set.of("permission-store dead-letters");

  @TempDir static Path dir;

  private final Path state = dir.resolve(".countersign");

  @Test
  @Order(1)
  void theMainJobGoesAsItShouldOverHttpAndOverKafka() throws Exception {
    try (Launched up = Launched.start(state, Ports.free(), "--secure", "--demo")) {
      assertEquals(0, up.status(), up::output);
    }
  }

  /** A right that the main job does not use is one too many, or is named here. */
  @Test
  @Order(2)
  void eachServiceWroteToEveryTopicThatItMayWriteTo() throws Exception {
    BrokerSecurity security = BrokerSecurity.in(state.resolve("kafka-security"));
    Ports ports = Ports.free();
    BrokerSettings settings =
        BrokerSettings.secured(
            state.resolve("kafka-secured"), ports.kafka(), ports.kafkaController(), security);
    List<String> topics = new ArrayList<>(Topics.ALL);
    topics.add(Topics.replies(Access.CLIENT));
    Set<String> may = new TreeSet<>();
    Set<String> wrote = new TreeSet<>();
    try (KafkaBroker broker = KafkaBroker.start(settings)) {
      Map<String, Object> admin = new HashMap<>(security.admin());
      admin.put("bootstrap.servers", broker.bootstrapServers());
      for (String topic : topics) {
        for (KafkaUser service : KafkaUser.SERVICES) {
          if (service.mayWrite(topic)) {
            may.add(service.name() + " " + topic);
          }
        }
        for (var sent : Decisions.all(admin, topic)) {
          var source = sent.headers().lastHeader(Headers.CE_SOURCE);
          if (source != null) {
            String name = new String(source.value(), StandardCharsets.UTF_8);
            wrote.add(name.replace("/countersign/", "") + " " + topic);
          }
        }
      }
      theFileOfTheAdminServesKafkasOwnPrograms(broker.bootstrapServers());
    }
    may.removeAll(UNWRITTEN);
    assertEquals(may, wrote);
  }

  private void theFileOfTheAdminServesKafkasOwnPrograms(String bootstrapServers) throws Exception {
    Properties config = new Properties();
    try (InputStream in =
        Files.newInputStream(new LoginFiles(state.resolve("kafka-security")).admin())) {
      config.load(in);
    }
    config.put("bootstrap.servers", bootstrapServers);
    try (Admin admin = Admin.create(config)) {
      assertTrue(!admin.describeAcls(AclBindingFilter.ANY).values().get().isEmpty());
    }
  }

  /** It would show to everybody on the machine what was kept for those who log in. */
  @Test
  @Order(3)
  void whatWasMadeSecureIsNeverOpenedToEverybody() throws Exception {
    try (Launched up = Launched.start(state, Ports.free(), "--demo")) {
      assertEquals(1, up.status(), up::output);
      assertTrue(up.output().contains("was made with --secure"), up::output);
    }
  }

  @Test
  @Order(4)
  void itStartsAgainWithTheSameLogins() throws Exception {
    try (Launched up = Launched.start(state, Ports.free(), "--secure", "--demo")) {
      assertEquals(0, up.status(), up::output);
    }
  }
}
