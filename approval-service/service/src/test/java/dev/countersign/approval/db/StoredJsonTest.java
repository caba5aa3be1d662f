package dev.countersign.approval.db;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.protocol.Engine;
import dev.countersign.protocol.InvalidEventException;
import dev.countersign.protocol.SessionSettings;
import dev.countersign.protocol.ToolCall;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoredJsonTest {
  private static final SessionSettings SETTINGS =
      new SessionSettings(
          "plan",
          null,
          null,
          null,
          true,
          List.of("/p"),
          null,
          null,
          null,
          null,
          new Engine("codex", null, List.of("Bash"), List.of("-m", "x")));

  private static SessionSettings read(String json) {
    return StoredJson.read(json, SessionSettings.class, "the settings");
  }

  @Test
  void namesItsSchemaAndIsReadAgain() {
    assertEquals(
        "{\"schemaVersion\":1,\"permissionMode\":\"plan\"}",
        StoredJson.text(
            new SessionSettings(
                "plan", null, null, null, null, null, null, null, null, null, null)));
    assertEquals("{\"schemaVersion\":1}", StoredJson.text(SessionSettings.none()));
    assertEquals(SETTINGS, read(StoredJson.text(SETTINGS)));
    ToolCall call = new ToolCall("Bash", null, "/p", null, null, null);
    assertEquals(call, StoredJson.read(StoredJson.write(call), ToolCall.class, "the call"));
  }

  @Test
  void whatNamesNoneIsTheFirst() {
    assertEquals("plan", read("{\"permissionMode\":\"plan\"}").permissionMode());
    assertEquals(SessionSettings.none(), read("{}"));
  }

  @Test
  void whatNamesAnotherIsNotRead() {
    for (int version : List.of(0, 2, 99)) {
      NewerSchemaException e =
          assertThrows(
              NewerSchemaException.class,
              () -> read("{\"permissionMode\":\"plan\",\"schemaVersion\":" + version + "}"));
      assertTrue(e.getMessage().contains("schemaVersion " + version), e.getMessage());
    }
    for (String odd : List.of("\"1\"", "true", "[1]", "1.5", "99999999999")) {
      assertThrows(InvalidEventException.class, () -> read("{\"schemaVersion\":" + odd + "}"), odd);
    }
  }
}
