package dev.countersign.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  private static final String CANCEL = "{\"sessionId\":\"s\",\"requestId\":\"r\"%s}";

  @Test
  void unknownFieldsAreIgnoredOutsideSettings() {
    PermissionRequest request =
        read(
            "{\"sessionId\":\"s\",\"requestId\":\"r\",\"new\":{\"a\":[1]},"
                + "\"toolCall\":{\"tool\":\"Bash\",\"newer\":null}}",
            PermissionRequest.class);

    assertEquals("Bash", request.toolCall().tool());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'permission_mode':'plan'} | permission_mode | is written permissionMode",
        "{'initial_permission_mode':'plan'} | initial_permission_mode | is written permissionMode",
        "{'approval-policy':'never_ask'} | approval-policy | is written approvalPolicy",
        "{'sandbox_mode':'read-only'} | sandbox_mode | older setting",
        "{'overlay':{'forbid':['Bash']}} | overlay.forbid | allow, ask, deny",
        "{'session':{'Deny':['Bash']}} | session.Deny | is written deny",
        "{'engine':{'permission_mode':'plan'}} | engine.permission_mode | written permissionMode",
        "{'workspace':['/proj']} | workspace | known are permissionMode",
        "{'schemaVersion':1} | schemaVersion | known are permissionMode"
      })
  void anUnknownKeyInSettingsIsRefusedWithTheRightOne(String json, String field, String says) {
    InvalidEventException fault = fault(json.replace('\'', '"'), SessionSettings.class);
    assertEquals(field, fault.field());
    assertTrue(fault.getMessage().contains(says), fault.getMessage());
    String command =
        "{\"commandId\":\"c\",\"sessionId\":\"s\",\"action\":\"set\",\"settings\":%s}"
            .formatted(json.replace('\'', '"'));
    assertEquals("settings." + field, fault(command, SessionCommand.class).field());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"sessionId\":\"s\",\"requestId\":\"r\",\"requestId\":\"r2\"}",
        "{\"sessionId\":\"s\",\"requestId\":\"r\",\"x\":{\"a\":1,\"a\":2}}"
      })
  void aDuplicateKeyIsRefused(String json) {
    assertTrue(fault(json, PermissionCancel.class).getMessage().contains("uplicate"));
    assertThrows(InvalidEventException.class, () -> Json.readTree(json.getBytes(UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(strings = {" x", "{}", "]", ",", "null", "\u0000"})
  void textAfterTheValueIsRefused(String trailing) {
    fault(CANCEL.formatted("") + trailing, PermissionCancel.class);
    byte[] tree = ("{}" + trailing).getBytes(UTF_8);
    assertThrows(InvalidEventException.class, () -> Json.readTree(tree));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "null", "[]", "\"s\"", "7", "{", "{'a':1}", "{a:1}", "[1,]"})
  void whatIsNoObjectIsRefused(String json) {
    fault(json, PermissionCancel.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "Infinity", "01", "+1", ".5", "1.", "0x1", "/**/1", "tru"})
  void onlyJsonIsJson(String value) {
    byte[] tree = ("{\"a\":" + value + "}").getBytes(UTF_8);
    assertThrows(InvalidEventException.class, () -> Json.readTree(tree));
  }

  @Test
  void bytesThatAreNoUtf8AreRefused() {
    byte[] latin =
        CANCEL
            .formatted(",\"reason\":\"\u00e9!\"")
            .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);

    assertThrows(InvalidEventException.class, () -> Json.read(latin, PermissionCancel.class));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sessionId | {\"sessionId\":7,\"requestId\":\"r\"}",
        "sessionId | {\"sessionId\":true,\"requestId\":\"r\"}",
        "sessionId | {\"sessionId\":1.5,\"requestId\":\"r\"}",
        "sessionId | {\"sessionId\":{},\"requestId\":\"r\"}",
        "sessionId | {\"sessionId\":[\"s\"],\"requestId\":\"r\"}",
      })
  void aTextIsNeverMadeFromSomethingElse(String field, String json) {
    assertEquals(field, fault(json, PermissionCancel.class).field());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1.0", "1.5", "1e3", "\"5\"", "\"\"", "true", "[1]", "{}", "9223372036854775808"})
  void anIntegerIsNeverMadeFromSomethingElse(String value) {
    String json =
        "{\"sessionId\":\"s\",\"requestId\":\"r\",\"toolCall\":{\"tool\":\"t\"},\"maxWaitMillis\":"
            + value
            + "}";

    assertEquals("maxWaitMillis", fault(json, PermissionRequest.class).field());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1", "\"true\"", "\"\"", "[true]", "{}"})
  void aBooleanIsNeverMadeFromSomethingElse(String value) {
    assertEquals("headless", fault("{\"headless\":" + value + "}", SessionSettings.class).field());
    assertEquals(
        "keepNarrower", fault(command("\"keepNarrower\":" + value), OverrideCommand.class).field());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "\"SET\"", "\"Set\"", "\"\"", "\" set\"", "true", "[\"set\"]"})
  void anEnumIsItsExactWord(String value) {
    InvalidEventException e =
        fault(
            "{\"sessionId\":\"s\",\"commandId\":\"c\",\"action\":" + value + "}",
            SessionCommand.class);

    assertEquals("action", e.field());
    assertTrue(e.getMessage().contains("start, set, close"), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0", "1.5", "\"\"", "\"1777000000\"", "\"2026-05-04\"", "\"yesterday\"", "{}"})
  void anInstantIsAnRfc3339Text(String value) {
    assertEquals(
        "decidedAt", fault(reply("\"decidedAt\":" + value), PermissionReply.class).field());
  }

  @Test
  void anInstantMayCarryAnOffset() {
    PermissionReply reply =
        read(reply("\"decidedAt\":\"2026-05-04T11:30:00.5+02:00\""), PermissionReply.class);

    assertEquals(Instant.parse("2026-05-04T09:30:00.500Z"), reply.decidedAt());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"\"", "\"a\"", "{}", "5", "[null]", "[1]", "[[]]"})
  void aListIsAListOfTexts(String value) {
    InvalidEventException e = fault("{\"workspaceRoots\":" + value + "}", SessionSettings.class);

    assertTrue(e.field().startsWith("workspaceRoots"), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"\"", "[]", "5", "{\"a\":null}", "{\"a\":1}"})
  void aMapIsAMapOfTexts(String value) {
    InvalidEventException e =
        fault("{\"tool\":\"t\",\"resolvedPaths\":" + value + "}", ToolCall.class);

    assertTrue(e.getMessage().contains("resolvedPaths"), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"\"", "\"t\"", "[]", "5", "true"})
  void aRecordIsAnObject(String value) {
    String json = "{\"sessionId\":\"s\",\"requestId\":\"r\",\"toolCall\":" + value + "}";

    assertEquals("toolCall", fault(json, PermissionRequest.class).field());
  }

  @Test
  void aFaultNamesTheWholePath() {
    InvalidEventException e =
        fault(
            "{\"sessionId\":\"s\",\"commandId\":\"c\",\"action\":\"start\","
                + "\"settings\":{\"project\":{\"deny\":[\"Bash\",7]}}}",
            SessionCommand.class);

    assertEquals("settings.project.deny[1]", e.field());
    assertEquals("settings.project.deny[1] must be a text", e.getMessage());
  }

  @Test
  void brokenTextIsNamedByLineAndColumn() {
    InvalidEventException e = fault("{\n  \"sessionId\": oops}", PermissionCancel.class);

    assertEquals("$", e.field());
    assertTrue(e.getMessage().contains("line 2, column "), e.getMessage());
  }

  @Test
  void aFaultDoesNotRepeatALongValueOrAClassName() {
    String json = reply("\"execution\":\"" + "x".repeat(5000) + "\"");

    String message = fault(json, PermissionReply.class).getMessage();

    assertTrue(message.length() < 400, message);
    assertTrue(!message.contains("dev.countersign"), message);
  }

  @Test
  void nullCountsAsAbsent() {
    assertNull(read(reply("\"editedInput\":null"), PermissionReply.class).editedInput());
    assertEquals(
        read("{\"tool\":\"t\"}", ToolCall.class),
        read(
            "{\"tool\":\"t\",\"input\":null,\"cwd\":null,\"resolvedPaths\":null}", ToolCall.class));
  }

  @Test
  void anAbsentFlagIsFalseButAnAbsentNumberIsAFault() {
    assertTrue(!read(command("\"tenant\":\"default\""), OverrideCommand.class).keepNarrower());
    InvalidEventException e = fault("{\"user\":\"u\",\"document\":{}}", OverrideDocument.class);
    assertTrue(e.getMessage().contains("version"), e.getMessage());
  }

  @Test
  void aHundredLevelsAreReadAndNoMore() {
    assertEquals(1, Json.readTree(nested(Json.MAX_DEPTH)).size());
    for (int depth : new int[] {Json.MAX_DEPTH + 1, 1000, 100_000}) {
      InvalidEventException e =
          assertThrows(InvalidEventException.class, () -> Json.readTree(nested(depth)));
      assertTrue(e.getMessage().contains("depth"), e.getMessage());
    }
  }

  @Test
  void aSkippedFieldIsBoundedToo() {
    String json = CANCEL.formatted(",\"x\":" + new String(nested(1000), UTF_8));

    assertTrue(fault(json, PermissionCancel.class).getMessage().contains("depth"));
  }

  /** What is read as a request must be readable wherever it is passed on inside another event. */
  @Test
  void anInputThatIsReadFitsIntoEveryEventAroundIt() {
    ToolCall call = new ToolCall("t", input(Json.MAX_INPUT_DEPTH), null, null, null, null);
    PromptState prompt =
        new PromptState(
            null,
            "p",
            "s",
            "r",
            "u",
            1,
            PromptState.State.OPEN,
            call,
            null,
            null,
            null,
            null,
            null,
            null);
    InboxEvent event =
        new InboxEvent(null, "u", "p", "s", "r", 1, InboxEvent.State.OPEN, prompt, null);

    assertEquals(event, Json.read(Json.write(event), InboxEvent.class));
    assertEquals(
        List.of(event).size(), Json.readTree(Json.write(Map.of("events", List.of(event)))).size());
    JsonNode deeper = input(Json.MAX_INPUT_DEPTH + 1);
    InvalidEventException e =
        assertThrows(
            InvalidEventException.class, () -> new ToolCall("t", deeper, null, null, null, null));
    assertEquals("toolCall.input", e.field());
  }

  @Test
  void numbersKeepEveryDigit() {
    String digits = "123456789012345678901234567890";
    JsonNode tree =
        Json.readTree(
            ("{\"i\":" + digits + ",\"f\":0.1000000000000000055511151231257827}").getBytes(UTF_8));

    assertEquals(new BigInteger(digits), tree.get("i").bigIntegerValue());
    assertEquals(
        new BigDecimal("0.1000000000000000055511151231257827"), tree.get("f").decimalValue());
    assertTrue(new String(Json.write(tree), UTF_8).contains(digits));
  }

  @Test
  void aNumberOfAThousandDigitsIsRefused() {
    byte[] tree = ("[" + "9".repeat(1000) + "]").getBytes(UTF_8);

    assertThrows(InvalidEventException.class, () -> Json.readTree(tree));
  }

  @Test
  void aStringMayFillATopicsLargestRecordAndNoMore() {
    int most = Json.MAX_RECORD_BYTES;

    assertEquals(
        most, Json.readTree(("\"" + "x".repeat(most) + "\"").getBytes(UTF_8)).asText().length());
    byte[] over = ("\"" + "x".repeat(most + 100_000) + "\"").getBytes(UTF_8);
    assertThrows(InvalidEventException.class, () -> Json.readTree(over));
  }

  /** As text a few bytes, as objects many times that. */
  @Test
  void whatHoldsManySmallValuesIsRefusedAndOurOwnIsNot() throws Exception {
    for (String many : List.of("{\"\":{}},", "[],", "1,", "{},")) {
      byte[] json = ("[" + many.repeat(150_000) + "1]").getBytes(UTF_8);
      InvalidEventException fault =
          assertThrows(InvalidEventException.class, () -> Json.readTree(json));
      assertTrue(fault.getMessage().contains("more than 150000 names and values"), fault::toString);
      assertEquals(150_001, Json.readOwn(json, JsonNode.class).size());
      try (JsonParser parser = Json.skim(json)) {
        parser.nextToken();
        parser.skipChildren();
        assertEquals(json.length, parser.currentLocation().getByteOffset());
      }
    }
  }

  /** Its sender hears what was wrong with it. */
  @Test
  void anIdIsFoundInARecordThatIsNoEventUnlessItIsInDoubt() {
    String many = "\"x\":[" + "[],".repeat(150_000) + "1]";
    for (String json :
        List.of("{\"id\":\"a\",%s}", "{%s,\"id\":\"a\"}", "{\"y\":{\"id\":\"b\"},\"id\":\"a\"}")) {
      assertEquals("a", Json.salvaged(json.formatted(many).getBytes(UTF_8), "id"));
    }
    for (String json :
        List.of(
            "{}",
            "[]",
            "",
            "{\"id\":1}",
            "{\"id\":\"a\",\"id\":\"b\"}",
            "{\"id\":\"a\"} x",
            "{\"id\":\"a\"",
            "{\"id\":{\"id\":\"a\"}}")) {
      assertNull(Json.salvaged(json.getBytes(UTF_8), "id"), json);
    }
    assertNull(Json.salvaged(null, "id"));
  }

  @Test
  void aDocumentOfTheLargestSizeIsRead() {
    StringBuilder entries = new StringBuilder();
    for (int i = 0; entries.length() < Json.MAX_DOCUMENT_BYTES; i++) {
      entries.append(i == 0 ? "" : ",").append('"').append(Integer.toString(i, 36));
      entries.append("\":\"ask\"");
    }
    assertTrue(Json.readTree(("{" + entries + "}").getBytes(UTF_8)).size() > 30_000);
  }

  @Test
  void aFieldNameIsBounded() {
    byte[] tree = ("{\"" + "n".repeat(60_000) + "\":1}").getBytes(UTF_8);

    assertThrows(InvalidEventException.class, () -> Json.readTree(tree));
  }

  @Test
  void absentFieldsAreNotWritten() {
    assertEquals(
        "{\"tenant\":\"default\",\"sessionId\":\"s\",\"requestId\":\"r\"}",
        new String(Json.write(new PermissionCancel(null, "s", "r", null)), UTF_8));
  }

  private static byte[] nested(int depth) {
    return ("[".repeat(depth) + "]".repeat(depth)).getBytes(UTF_8);
  }

  private static JsonNode input(int depth) {
    String json = "{\"a\":" + "[".repeat(depth - 1) + "]".repeat(depth - 1) + "}";
    return Json.readTree(json.getBytes(UTF_8));
  }

  private static String reply(String field) {
    return "{\"effect\":\"deny\",\"decidedBy\":\"system\",\"code\":\"denied\",\"reason\":\"No.\","
        + field
        + "}";
  }

  private static String command(String field) {
    return "{\"commandId\":\"c\",\"user\":\"u\",\"action\":\"clear\",\"tool\":\"t\","
        + "\"source\":{\"via\":\"agent\",\"actor\":\"a\"},"
        + field
        + "}";
  }

  private static <T> T read(String json, Class<T> type) {
    return Json.read(json.getBytes(UTF_8), type);
  }

  private static InvalidEventException fault(String json, Class<?> type) {
    return assertThrows(InvalidEventException.class, () -> read(json, type));
  }
}
