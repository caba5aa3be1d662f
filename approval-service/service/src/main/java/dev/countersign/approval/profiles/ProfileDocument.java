package dev.countersign.approval.profiles;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.policy.Profile;
import java.util.List;

/**
 * What a person writes of a custom profile.
 *
 * @param shared whether everybody may use it; only an administrator shares
 */
public record ProfileDocument(Profile profile, boolean shared) {
  /** The schema this code reads and writes. */
  static final int SCHEMA_VERSION = 1;

  static final String NONE = "none";
  static final String ANY = "any";
  static final String READ_ONLY = "read_only";

  /** The document as JSON, in its one order. */
  public ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("schemaVersion", SCHEMA_VERSION);
    json.put("base", profile.base().word());
    if (profile.writableRoots() != null) {
      add(json.putArray("writableRoots"), profile.writableRoots());
    }
    list(json, "network", profile.network(), NONE);
    list(json, "execution", profile.commands(), READ_ONLY);
    if (shared) {
      json.put("shared", true);
    }
    return json;
  }

  private static void list(ObjectNode json, String name, List<String> list, String empty) {
    if (list == null) {
      return;
    }
    if (list.isEmpty()) {
      json.put(name, empty);
    } else if (list.contains("*")) {
      json.put(name, ANY);
    } else {
      add(json.putArray(name), list);
    }
  }

  private static void add(ArrayNode array, List<String> texts) {
    texts.forEach(array::add);
  }
}
