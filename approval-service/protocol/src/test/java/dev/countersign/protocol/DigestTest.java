package dev.countersign.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DigestTest {
  private static final String CALL =
      "{\"tool\":\"Bash\",\"input\":{\"command\":\"npm test\",\"timeout\":120000},"
          + "\"cwd\":\"/proj\",\"home\":\"/home/u\","
          + "\"resolvedPaths\":{\"/proj/link\":\"/etc\",\"/proj/a\":\"/proj/b\"},"
          + "\"workspaceRoots\":[\"/proj\"]}";

  /** Pinned: stored receipts and agents' adapters depend on it. */
  @Test
  void theDigestOfACallNeverChanges() {
    assertEquals(
        "{\"cwd\":\"/proj\",\"home\":\"/home/u\",\"input\":{\"command\":\"npm test\","
            + "\"timeout\":120000},\"resolvedPaths\":{\"/proj/a\":\"/proj/b\","
            + "\"/proj/link\":\"/etc\"},\"tool\":\"Bash\",\"workspaceRoots\":[\"/proj\"]}",
        new String(CanonicalJson.write(Json.mapper().valueToTree(call(CALL))), UTF_8));
    assertEquals("f417204caad87a14ca7d04239ccf2c487e71c0583a46b5be1cf47b8180d72e91", digest(CALL));
    assertEquals("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", Digest.of(""));
  }

  @Test
  void theOrderOfFieldsDoesNotMatter() {
    String other =
        "{\"workspaceRoots\":[\"/proj\"],"
            + "\"resolvedPaths\":{\"/proj/a\":\"/proj/b\",\"/proj/link\":\"/etc\"},"
            + "\"home\":\"/home/u\",\"cwd\":\"/proj\","
            + "\"input\":{\"timeout\":1.2e5,\"command\":\"npm\\u0020test\"},\"tool\":\"Bash\"}";

    assertEquals(digest(CALL), digest(other));
  }

  @Test
  void absentNullAndEmptyAreTheSame() {
    String absent = "{\"tool\":\"Bash\"}";
    String nulls =
        "{\"tool\":\"Bash\",\"input\":null,\"cwd\":null,\"home\":null,\"resolvedPaths\":null,"
            + "\"workspaceRoots\":null}";
    String empty = "{\"tool\":\"Bash\",\"input\":{},\"resolvedPaths\":{},\"workspaceRoots\":[]}";

    assertEquals(digest(absent), digest(nulls));
    assertEquals(digest(absent), digest(empty));
  }

  @Test
  void insideTheInputNullIsAValue() {
    assertNotEquals(
        digest("{\"tool\":\"t\",\"input\":{}}"), digest("{\"tool\":\"t\",\"input\":{\"a\":null}}"));
  }

  @Test
  void whatDiffersHasAnotherDigest() {
    assertNotEquals(
        digest("{\"tool\":\"t\",\"input\":{\"n\":9007199254740992}}"),
        digest("{\"tool\":\"t\",\"input\":{\"n\":9007199254740993}}"));
    assertNotEquals(digest("{\"tool\":\"t\"}"), digest("{\"tool\":\"t\",\"cwd\":\"/\"}"));
    assertNotEquals(digest("{\"tool\":\"Bash\"}"), digest("{\"tool\":\"bash\"}"));
  }

  @Test
  void theMapAnAdapterPassesDoesNotMatter() {
    ToolCall one = new ToolCall("t", null, null, null, Map.of("a", "b", "c", "d"), List.of());
    ToolCall two =
        new ToolCall("t", null, null, null, new TreeMap<>(Map.of("c", "d", "a", "b")), null);

    assertEquals(Digest.of(one), Digest.of(two));
  }

  @Test
  void aCallThatWasSentOnKeepsItsDigest() {
    ToolCall call =
        call("{\"tool\":\"t\",\"input\":{\"n\":123456789012345678901234567890,\"f\":1.10}}");

    assertEquals(Digest.of(call), Digest.of(Json.read(Json.write(call), ToolCall.class)));
  }

  private static String digest(String json) {
    return Digest.of(call(json));
  }

  private static ToolCall call(String json) {
    return Json.read(json.getBytes(UTF_8), ToolCall.class);
  }
}
