package dev.countersign.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.protocol.Topics;
import dev.countersign.protocol.kafka.KafkaUser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** After users were admitted, the broker knows these and nobody else. */
@Timeout(120)
class AdmittedUsersTest {
  private static final KafkaUser A = KafkaUser.ofAgent("a");
  private static final KafkaUser B = KafkaUser.ofAgent("b");

  @TempDir static Path dir;

  private static SecuredBroker broker;

  @BeforeAll
  static void start() {
    broker = SecuredBroker.start(dir);
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void whoIsNoLongerListedCannotLogInAndLeavesNothing() throws Exception {
    broker.admit(A, B);
    Map<String, Object> b = broker.client("b");
    assertNull(SecuredBroker.refusal(b));
    broker.admit(A);
    Awaitility.await()
        .untilAsserted(
            () -> assertInstanceOf(SaslAuthenticationException.class, SecuredBroker.refusal(b)));
    assertNull(SecuredBroker.refusal(broker.client("a")));
    assertFalse(
        Files.readString(broker.securityFolder().resolve("passwords.json")).contains("\"b\""));
    try (Admin admin = Admin.create(broker.admin())) {
      assertEquals(Acls.of(A), rules(admin));
      assertEquals(
          Set.of("a", KafkaUser.ADMIN),
          Set.copyOf(admin.describeUserScramCredentials().users().get()));
    }
  }

  @Test
  void aRuleThatIsTakenAwayIsGone() throws Exception {
    broker.admit(A);
    assertTrue(broker.writes("a", Topics.REQUESTS));
    broker.admit(new KafkaUser("a", List.of()));
    Awaitility.await().until(() -> !broker.writes("a", Topics.REQUESTS));
  }

  @Test
  void aRuleForEverybodyIsGone() throws Exception {
    broker.admit(A);
    AclBinding everybody =
        new AclBinding(
            new ResourcePattern(ResourceType.TOPIC, Topics.RECEIPTS, PatternType.LITERAL),
            new AccessControlEntry("User:*", "*", AclOperation.READ, AclPermissionType.ALLOW));
    try (Admin admin = Admin.create(broker.admin())) {
      admin.createAcls(List.of(everybody)).all().get();
      Awaitility.await().until(() -> rules(admin).contains(everybody));
      broker.admit(A);
      Awaitility.await().untilAsserted(() -> assertEquals(Acls.of(A), rules(admin)));
    }
  }

  private static Set<AclBinding> rules(Admin admin) throws Exception {
    return Set.copyOf(admin.describeAcls(AclBindingFilter.ANY).values().get());
  }

  /** A service's work is everybody's; what a client may write is kept for a day. */
  @Test
  void everybodyButTheServicesHasAQuotaAndNothingElseIsLimited() throws Exception {
    broker.admit(KafkaUser.AGENT_GATEWAY, A, B);
    try (Admin admin = Admin.create(broker.admin())) {
      admin
          .alterClientQuotas(
              List.of(
                  quota("agent-gateway", Map.of("producer_byte_rate", 1.0)),
                  quota("a", Map.of("producer_byte_rate", 1e12, "consumer_byte_rate", 1.0))))
          .all()
          .get();
      Awaitility.await().until(() -> quotas(admin).containsKey("agent-gateway"));
      broker.admit(KafkaUser.AGENT_GATEWAY, A);
      Awaitility.await()
          .untilAsserted(() -> assertEquals(Map.of("a", BrokerUsers.QUOTA), quotas(admin)));
    }
  }

  private static ClientQuotaAlteration quota(String user, Map<String, Double> values) {
    return new ClientQuotaAlteration(
        BrokerUsers.entity(user),
        values.entrySet().stream()
            .map(value -> new ClientQuotaAlteration.Op(value.getKey(), value.getValue()))
            .toList());
  }

  private static Map<String, Map<String, Double>> quotas(Admin admin) throws Exception {
    Map<String, Map<String, Double>> quotas = new HashMap<>();
    admin
        .describeClientQuotas(ClientQuotaFilter.all())
        .entities()
        .get()
        .forEach((entity, values) -> quotas.put(entity.entries().get("user"), values));
    return quotas;
  }

  /** Each would have the rights of both. */
  @Test
  void noTwoUsersHaveOneName() {
    assertThrows(IllegalArgumentException.class, () -> broker.admit(A, KafkaUser.ofOperator("a")));
    assertThrows(
        IllegalArgumentException.class,
        () -> broker.admit(new KafkaUser(KafkaUser.ADMIN, List.of())));
  }
}
