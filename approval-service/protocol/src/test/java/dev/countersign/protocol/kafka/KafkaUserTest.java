package dev.countersign.protocol.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.protocol.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class KafkaUserTest {
  /** What only one of the services says can be believed as far as its login goes. */
  @Test
  void eachTopicIsWrittenByOneServiceAlone() {
    Map<String, List<String>> writers =
        Topics.ALL.stream()
            .collect(
                Collectors.toMap(
                    topic -> topic,
                    topic ->
                        KafkaUser.SERVICES.stream()
                            .filter(user -> user.mayWrite(topic))
                            .map(KafkaUser::name)
                            .toList()));
    writers.remove(Topics.DEAD_LETTERS);
    writers.forEach((topic, users) -> assertEquals(1, users.size(), () -> topic + users));
  }

  @Test
  void anAgentAsksAndHearsOnlyItsOwnReplies() {
    KafkaUser kcat = KafkaUser.ofAgent("kcat");
    assertEquals(List.of(Topics.REQUESTS), Topics.ALL.stream().filter(kcat::mayWrite).toList());
    assertEquals(List.of(), Topics.ALL.stream().filter(kcat::mayRead).toList());
    assertTrue(kcat.mayRead("permission.replies.kcat"));
    assertFalse(kcat.mayRead("permission.replies.kcat2"));
    assertTrue(kcat.mayJoin("kcat"));
    assertFalse(kcat.mayJoin("kcat/one"));
    assertFalse(kcat.mayJoin("kcat2"));
    assertFalse(kcat.mayJoin("approval-service.requests"));
  }

  /** The broker keeps what is committed in a group, in memory too, for as many as there are. */
  @Test
  void onlyAServiceWithReplicasThatReadApartHasGroupsWithoutNumber() {
    List<KafkaUser> users = new ArrayList<>(KafkaUser.SERVICES);
    users.add(KafkaUser.ofAgent("kcat"));
    users.add(KafkaUser.ofOperator("ops"));
    assertEquals(
        List.of(KafkaUser.AGENT_GATEWAY),
        users.stream()
            .filter(
                user ->
                    user.rules().stream()
                        .anyMatch(
                            rule ->
                                rule.resource() == AclRule.Resource.GROUP
                                    && rule.pattern() == AclRule.Pattern.PREFIXED))
            .toList());
  }

  @Test
  void nobodyIsCalledWhatMeansOthers() {
    for (String name :
        List.of(
            "*",
            "admin",
            "gateway",
            "approval-service",
            "approval-service.requests",
            "agent-gateway-1-permission-replies",
            "a/b",
            "",
            "Kcat",
            "a b")) {
      assertThrows(IllegalArgumentException.class, () -> KafkaUser.ofAgent(name), name);
      assertThrows(IllegalArgumentException.class, () -> KafkaUser.ofOperator(name), name);
    }
  }

  @Test
  void theApprovalServiceWritesToTheReplyTopicOfEveryClient() {
    assertTrue(KafkaUser.APPROVAL_SERVICE.mayWrite(TopicPlan.ofReplies("any").name()));
    assertFalse(KafkaUser.AGENT_GATEWAY.mayWrite(TopicPlan.ofReplies("any").name()));
    assertFalse(KafkaUser.APPROVAL_SERVICE.mayWrite("permission.repliesx"));
  }

  @Test
  void anOperatorReadsWhatConcernsAllAndWritesNothing() {
    KafkaUser operator = KafkaUser.ofOperator("ops");
    assertEquals(
        List.of(Topics.RECEIPTS, Topics.DEAD_LETTERS),
        Topics.ALL.stream().filter(operator::mayRead).toList());
    assertEquals(List.of(), Topics.ALL.stream().filter(operator::mayWrite).toList());
    assertTrue(operator.mayJoin("ops"));
    assertFalse(operator.mayJoin("ops/audit"));
  }
}
