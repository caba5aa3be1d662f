package dev.countersign.approval.db;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.protocol.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * JSON objects as they stand in the database: each names the schema it was written with. One that
 * names none was written before they did, with the first.
 */
public final class StoredJson {
  /** The schema this code writes, and the newest it reads. */
  public static final int SCHEMA_VERSION = 1;

  private static final byte[] MARK =
      ("{\"schemaVersion\":" + SCHEMA_VERSION).getBytes(StandardCharsets.UTF_8);

  private record Mark(Integer schemaVersion) {}

  private StoredJson() {}

  /** Writes a value that is a JSON object. */
  public static byte[] write(Object value) {
    byte[] plain = Json.write(value);
    ByteArrayOutputStream marked = new ByteArrayOutputStream(plain.length + MARK.length + 1);
    marked.writeBytes(MARK);
    if (plain.length > 2) {
      marked.write(',');
    }
    marked.write(plain, 1, plain.length - 1);
    return marked.toByteArray();
  }

  /** The same as text. */
  public static String text(Object value) {
    return new String(write(value), StandardCharsets.UTF_8);
  }

  /**
   * Reads what was stored.
   *
   * @param what it is, for the reason of a failure
   * @throws NewerSchemaException if a newer version of this service wrote it
   */
  public static <T> T read(byte[] json, Class<T> type, String what) {
    Integer version = Json.readOwn(json, Mark.class).schemaVersion();
    if (version != null && version != SCHEMA_VERSION) {
      throw new NewerSchemaException(what, version);
    }
    return Json.readOwn(version == null ? json : unmarked(json), type);
  }

  /** The object without its mark: what reads settings refuses keys that are no setting. */
  private static byte[] unmarked(byte[] json) {
    if (Arrays.equals(json, 0, Math.min(MARK.length, json.length), MARK, 0, MARK.length)
        && json.length > MARK.length + 1) {
      int rest = MARK.length + (json[MARK.length] == ',' ? 1 : 0);
      byte[] plain = new byte[json.length - rest + 1];
      plain[0] = '{';
      System.arraycopy(json, rest, plain, 1, json.length - rest);
      return plain;
    }
    ObjectNode tree = (ObjectNode) Json.readOwn(json, JsonNode.class);
    tree.remove("schemaVersion");
    return Json.write(tree);
  }

  /** The same from text. */
  public static <T> T read(String json, Class<T> type, String what) {
    return read(json.getBytes(StandardCharsets.UTF_8), type, what);
  }
}
