package dev.countersign.approval.profiles;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.approval.db.StoredJson;
import dev.countersign.policy.Profile;
import dev.countersign.policy.ProfileCheck;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.Problem.FieldError;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads a profile's document; whatever is not exactly as the schema has it is refused by name. */
public final class ProfileReader {
  private static final List<String> KNOWN =
      List.of("schemaVersion", "base", "writableRoots", "network", "execution", "shared");

  private static final int MOST_ROOTS = 100;
  private static final int MOST_ENTRIES = 500;

  private final JsonNode json;
  private final boolean fresh;
  private final List<FieldError> faults = new ArrayList<>();

  private ProfileReader(JsonNode json, boolean fresh) {
    this.json = json;
    this.fresh = fresh;
  }

  /**
   * Reads a document.
   *
   * @throws ProfileRefusedException {@code invalid_profile}, with every fault
   * @throws dev.countersign.protocol.InvalidEventException if it is no JSON
   */
  public static ProfileDocument read(byte[] document) {
    return new ProfileReader(Json.readTree(document), true).read();
  }

  /**
   * Reads what was stored: it was checked before. One that cannot be read all the same may only
   * read.
   *
   * @throws dev.countersign.approval.db.NewerSchemaException if a newer version wrote it
   */
  public static ProfileDocument stored(String body) {
    JsonNode json = StoredJson.read(body, JsonNode.class, "custom profiles");
    try {
      return new ProfileReader(json, false).read();
    } catch (ProfileRefusedException e) {
      return new ProfileDocument(Profile.of(Profile.Base.READ_ONLY), false);
    }
  }

  private ProfileDocument read() {
    if (!json.isObject()) {
      throw ProfileRefusedException.field("invalid_profile", "$", "must be a JSON object");
    }
    unknownKeys();
    if (fresh) {
      schemaVersion();
    }
    Optional<Profile.Base> base = base();
    List<String> roots =
        list("writableRoots", MOST_ROOTS, ProfileCheck::ofRoot, "a list of folders");
    List<String> network = named("network", ProfileDocument.NONE, ProfileCheck::ofHost, "of hosts");
    List<String> execution =
        named("execution", ProfileDocument.READ_ONLY, ProfileCheck::ofCommand, "of commands");
    boolean shared = flag("shared");
    if (!faults.isEmpty()) {
      throw new ProfileRefusedException("invalid_profile", faults);
    }
    return new ProfileDocument(new Profile(base.orElseThrow(), roots, network, execution), shared);
  }

  private void unknownKeys() {
    Iterator<String> names = json.fieldNames();
    while (names.hasNext()) {
      String name = names.next();
      if (!KNOWN.contains(name)) {
        fault(name, "is unknown; known are " + String.join(", ", KNOWN));
      }
    }
  }

  private void schemaVersion() {
    JsonNode version = json.path("schemaVersion");
    if (!version.isIntegralNumber() || version.longValue() != ProfileDocument.SCHEMA_VERSION) {
      fault("schemaVersion", "must be " + ProfileDocument.SCHEMA_VERSION);
    }
  }

  private Optional<Profile.Base> base() {
    Optional<Profile.Base> base = Profile.Base.of(json.path("base").textValue());
    if (base.isEmpty()) {
      fault("base", "must be one of " + Profile.Base.words());
    }
    return base;
  }

  private boolean flag(String field) {
    JsonNode value = json.path(field);
    if (!value.isMissingNode() && !value.isBoolean()) {
      fault(field, "must be true or false");
    }
    return value.asBoolean();
  }

  /** A list, or a word for the empty one, or {@code any}, which takes nothing away. */
  private List<String> named(
      String field, String empty, Function<String, Optional<String>> check, String what) {
    JsonNode value = json.path(field);
    String words = "\"%s\", \"%s\" or a list %s".formatted(empty, ProfileDocument.ANY, what);
    if (value.isTextual()) {
      if (value.textValue().equals(empty)) {
        return List.of();
      }
      if (value.textValue().equals(ProfileDocument.ANY)) {
        return List.of("*");
      }
      fault(field, "must be " + words);
      return null;
    }
    if (value.isArray() && value.isEmpty()) {
      fault(field, "must be " + words + " that is not empty");
    }
    return list(field, MOST_ENTRIES, check, words);
  }

  private List<String> list(
      String field, int most, Function<String, Optional<String>> check, String what) {
    JsonNode value = json.path(field);
    if (value.isMissingNode()) {
      return null;
    }
    if (!value.isArray()) {
      fault(field, "must be " + what);
      return null;
    }
    if (value.size() > most) {
      fault(field, "has %d entries, the limit is %d".formatted(value.size(), most));
      return null;
    }
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < value.size(); i++) {
      String at = field + "[" + i + "]";
      if (value.get(i).isTextual()) {
        texts.add(value.get(i).textValue());
        if (fresh) {
          check.apply(value.get(i).textValue()).ifPresent(detail -> fault(at, detail));
        }
      } else {
        fault(at, "must be a text");
      }
    }
    return texts;
  }

  private void fault(String field, String detail) {
    if (faults.size() < 20) {
      faults.add(new FieldError(shown(field), detail));
    }
  }

  /** A name that is not ours may be long, and hold anything. */
  private static String shown(String name) {
    String plain = name.replaceAll("[^ -~]", "?");
    return plain.length() <= 80 ? plain : plain.substring(0, 80) + "…";
  }
}
