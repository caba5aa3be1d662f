package dev.countersign.approval;

import static dev.countersign.approval.World.bash;
import static dev.countersign.approval.World.id;
import static dev.countersign.approval.World.mode;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PermissionRequest;
import dev.countersign.protocol.PromptState;
import dev.countersign.protocol.Topics;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A counted grant between two replicas that decide at the same time. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class GrantReplicasIT {
  private static final int REQUESTS = 100;
  private static final int USES = 17;

  private final World world = World.get();

  @Test
  void ofAHundredRequestsExactlyAsManyAreAllowedAsThereAreUses() {
    try (ApprovalProcess replica = ApprovalProcess.start()) {
      replica.awaitMembers(2);
      List<String> sessions =
          IntStream.range(0, 24).mapToObj(i -> world.session(mode("default"))).toList();
      for (int round = 0; round < 3; round++) {
        exactlyTheUses(sessions, id("tool"));
      }
    }
  }

  private void exactlyTheUses(List<String> sessions, String program) {
    String token = world.keys.personToken(World.OWNER);
    String grant =
        given()
            .header("Authorization", "Bearer " + token)
            .queryParam("tool", "Bash")
            .queryParam("resource", program + " *")
            .body(Map.of("level", "always", "uses", USES))
            .contentType("application/json")
            .put("/internal/users/{user}/grants", World.OWNER)
            .then()
            .statusCode(200)
            .extract()
            .path("id");
    Set<String> asked = new HashSet<>();
    for (int i = 0; i < REQUESTS; i++) {
      String session = sessions.get(i % sessions.size());
      PermissionRequest request = World.request(session, id("r"), bash(program + " " + i));
      byte[] value = Json.write(request);
      Map<String, String> headers = world.requestHeaders(request);
      world.wire.sendSoon(Topics.REQUESTS, session, value, headers);
      // Every request comes twice: the second one must use nothing up.
      world.wire.sendSoon(Topics.REQUESTS, session, value, headers);
      asked.add(request.requestId());
    }
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> allowed(asked).size() + prompted(asked).size() >= REQUESTS);
    assertEquals(USES, allowed(asked).size());
    assertEquals(REQUESTS - USES, prompted(asked).size());
    given()
        .header("Authorization", "Bearer " + token)
        .get("/internal/users/{user}/grants?limit=100", World.OWNER)
        .then()
        .rootPath("grants.find { it.id == '" + grant + "' }")
        .body("state", equalTo("used_up"))
        .body("usesLeft", equalTo(0));
  }

  private Set<String> allowed(Set<String> asked) {
    return world
        .wire
        .values(Topics.REPLIES, PermissionReply.class)
        .filter(r -> asked.contains(String.valueOf(r.requestId())))
        .filter(r -> r.decidedBy() == DecidedBy.GRANT)
        .map(PermissionReply::requestId)
        .collect(Collectors.toSet());
  }

  private Set<String> prompted(Set<String> asked) {
    return world
        .wire
        .values(Topics.PROMPTS, PromptState.class)
        .map(PromptState::requestId)
        .filter(asked::contains)
        .collect(Collectors.toSet());
  }
}
