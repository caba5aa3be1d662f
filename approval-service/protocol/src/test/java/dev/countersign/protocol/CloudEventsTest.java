package dev.countersign.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CloudEventsTest {
  private static final Instant NOW = Instant.parse("2026-05-04T09:30:00Z");

  @Test
  void anEventHasItsHeaders() {
    Event event = new PermissionCancel("acme", "s-1", "r-1", null);

    Map<String, String> headers = CloudEvents.headers(event, "/countersign/test", "id-1", NOW);

    assertEquals(
        List.of(
            "ce_specversion=1.0",
            "ce_id=id-1",
            "ce_type=dev.countersign.permission.cancelled",
            "ce_source=/countersign/test",
            "ce_time=2026-05-04T09:30:00Z",
            "ce_subject=s-1",
            "ce_tenant=acme",
            "content-type=application/json"),
        headers.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
  }

  @Test
  void anEventWithoutAKeyHasNoSubject() {
    Event event = new DeadLetter(null, "t", 0, 0, null, "test", "null_key", null, null, 0, NOW);

    assertFalse(CloudEvents.headers(event, "/x", "i", NOW).containsKey(Headers.CE_SUBJECT));
  }

  @Test
  void everyEventHasOneTypeAndOneTopic() {
    assertEquals(
        new HashSet<>(Arrays.asList(Event.class.getPermittedSubclasses())),
        new HashSet<>(Arrays.stream(EventType.values()).map(EventType::record).toList()));
    assertEquals(
        new HashSet<>(Topics.ALL),
        new HashSet<>(Arrays.stream(EventType.values()).map(EventType::topic).toList()));
    assertTrue(Topics.ALL.containsAll(Topics.COMPACTED));
    for (EventType type : EventType.values()) {
      assertEquals(Optional.of(type), EventType.ofCeType(type.ceType()));
    }
    assertEquals(Optional.empty(), EventType.ofCeType("permission.requested"));
    assertEquals(Optional.empty(), EventType.ofCeType(null));
  }
}
