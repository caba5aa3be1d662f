package dev.countersign.local.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.local.LaunchException;
import dev.countersign.protocol.Digest;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PermissionRequest;
import dev.countersign.protocol.ToolCall;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainKafkaTest {
  private static final Instant END = Instant.parse("2026-05-04T09:35:00.125Z");

  private static final PermissionRequest REQUEST =
      new PermissionRequest(
          null,
          "session",
          "request",
          null,
          new ToolCall("Bash", null, "/work", "/home/mira", null, null),
          null,
          null,
          null);

  private static ObjectNode allow() {
    return Json.mapper()
        .createObjectNode()
        .put("tenant", "default")
        .put("sessionId", "session")
        .put("requestId", "request")
        .put("digest", Digest.of(REQUEST.toolCall()))
        .put("effect", "allow")
        .put("decidedBy", "rule")
        .put("code", "allowed")
        .put("reason", "Allowed by rule.")
        .put("execution", "foreground")
        .put("unproven", false)
        .put("decidedAt", "2026-05-04T09:30:00.125Z")
        .put("validUntil", END.toString());
  }

  private static Optional<PermissionReply> reply(ObjectNode value) {
    return PlainKafka.replyIn(Json.write(value), REQUEST);
  }

  @Test
  void theReplyAboutTheCallIsTaken() {
    assertEquals(END, reply(allow()).orElseThrow().validUntil());
  }

  @ParameterizedTest
  @ValueSource(strings = {"tenant", "sessionId", "requestId", "digest"})
  void aReplyAboutAnotherIsPassedOver(String field) {
    assertEquals(Optional.empty(), reply(allow().put(field, "another")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "[]", "{\"effect\":", "{\"effect\": \"perhaps\"}"})
  void whatCannotBeReadIsPassedOver(String value) {
    assertEquals(Optional.empty(), PlainKafka.replyIn(value.getBytes(UTF_8), REQUEST));
  }

  @Test
  void aRecordWithoutAValueIsPassedOver() {
    assertEquals(Optional.empty(), PlainKafka.replyIn(null, REQUEST));
  }

  @Test
  void anAllowHoldsUntilItsEndAlone() {
    PermissionReply reply = reply(allow()).orElseThrow();

    assertSame(reply, PlainKafka.requireValid(reply, END.minusMillis(1)));
    assertThrows(LaunchException.class, () -> PlainKafka.requireValid(reply, END));
  }

  @Test
  void anAllowWithoutAnEndDoesNotHold() {
    PermissionReply reply = reply(allow().without(List.of("validUntil"))).orElseThrow();

    assertThrows(
        LaunchException.class, () -> PlainKafka.requireValid(reply, END.minusSeconds(999)));
  }

  @Test
  void aDenyNeedsNoEnd() {
    PermissionReply reply =
        reply(allow().put("effect", "deny").without(List.of("validUntil"))).orElseThrow();

    assertSame(reply, PlainKafka.requireValid(reply, END));
  }
}
