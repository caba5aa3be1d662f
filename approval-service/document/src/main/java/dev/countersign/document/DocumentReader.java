package dev.countersign.document;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.countersign.policy.OverrideLevel;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.RuleSet;
import dev.countersign.protocol.UserDocument;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a document that somebody wrote. Strict: a syntax error, an unknown key, an unknown level or
 * a bad rule refuses the whole document, and the fault names its line and column.
 */
public final class DocumentReader {
  private static final List<String> ROOT_KEYS = List.of("schemaVersion", "rules", "tools");
  private static final List<String> EFFECTS = List.of("allow", "ask", "deny");

  private final JsonParser parser;
  private final Faults faults = new Faults();
  private final Places places = new Places();
  private final StrictValues values;

  private DocumentReader(JsonParser parser) {
    this.parser = parser;
    this.values = new StrictValues(parser, faults);
  }

  /**
   * Reads a document and checks everything in it.
   *
   * @throws InvalidDocumentException naming every fault (the first 20)
   */
  public static UserDocument read(byte[] json) throws InvalidDocumentException {
    if (json.length > Json.MAX_DOCUMENT_BYTES) {
      throw tooLarge(json.length);
    }
    return read(Utf8.decode(json));
  }

  /** The same for a text. */
  public static UserDocument read(String json) throws InvalidDocumentException {
    try (JsonParser parser = Json.mapper().getFactory().createParser(json)) {
      return new DocumentReader(parser).document();
    } catch (JsonProcessingException e) {
      throw malformed(e.getLocation(), firstLine(e.getOriginalMessage()));
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory failed", e);
    }
  }

  private static InvalidDocumentException malformed(JsonLocation at, String why) {
    int line = at == null ? 0 : Math.max(0, at.getLineNr());
    int column = at == null ? 0 : Math.max(0, at.getColumnNr());
    Fault fault = new Fault(line, column, "$", "is not JSON: " + why);
    return new InvalidDocumentException("malformed_json", List.of(fault));
  }

  /** The refusal of a document of so many bytes. */
  public static InvalidDocumentException tooLarge(int size) {
    return new InvalidDocumentException(
        "too_large",
        List.of(
            new Fault(
                0,
                0,
                "$",
                "is %d bytes; a document may have %d".formatted(size, Json.MAX_DOCUMENT_BYTES))));
  }

  private UserDocument document() throws IOException, InvalidDocumentException {
    if (parser.nextToken() == null) {
      throw malformed(JsonLocation.NA, "the text is empty");
    }
    UserDocument document = root();
    if (parser.nextToken() != null) {
      faults.add(parser, "$", "is followed by more text; a document is one JSON object");
    }
    if (faults.isEmpty()) {
      DocumentRules.check(document)
          .forEach(problem -> faults.add(places.of(problem.text()), problem.reason()));
    }
    faults.throwIfAny();
    return document;
  }

  private UserDocument root() throws IOException {
    Integer version = null;
    RuleSet rules = null;
    Map<String, UserDocument.Tool> tools = new LinkedHashMap<>();
    if (!values.isObject("$")) {
      return UserDocument.EMPTY;
    }
    for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
      if (!ROOT_KEYS.contains(key)) {
        values.unknownKey("$", key, ROOT_KEYS);
      } else {
        parser.nextToken();
        switch (key) {
          case "schemaVersion" -> version = schemaVersion();
          case "rules" -> rules = rules();
          default -> tools.putAll(tools());
        }
      }
    }
    return new UserDocument(version, rules, tools);
  }

  private Integer schemaVersion() throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT
        || !parser.getText().equals(String.valueOf(UserDocument.SCHEMA_VERSION))) {
      faults.add(parser, "schemaVersion", "must be the number " + UserDocument.SCHEMA_VERSION);
      parser.skipChildren();
    }
    return UserDocument.SCHEMA_VERSION;
  }

  private RuleSet rules() throws IOException {
    Map<String, List<String>> lists = new LinkedHashMap<>();
    if (values.isObject("rules")) {
      for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
        if (EFFECTS.contains(key)) {
          parser.nextToken();
          lists.put(key, texts("rules." + key));
        } else {
          values.unknownKey("rules", key, EFFECTS);
        }
      }
    }
    return new RuleSet(lists.get("allow"), lists.get("ask"), lists.get("deny"));
  }

  private List<String> texts(String path) throws IOException {
    List<String> out = new ArrayList<>();
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      faults.add(parser, path, "must be an array of rules such as \"Bash(npm run *)\"");
      parser.skipChildren();
      return out;
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      String at = path + "[" + out.size() + "]";
      String text = values.text(at);
      places.put(text, at, parser);
      out.add(text);
    }
    return out;
  }

  private Map<String, UserDocument.Tool> tools() throws IOException {
    Map<String, UserDocument.Tool> out = new LinkedHashMap<>();
    if (values.isObject("tools")) {
      for (String tool = parser.nextFieldName(); tool != null; tool = parser.nextFieldName()) {
        String path = "tools." + Names.quoted(tool);
        Names.faultOfTool(tool)
            .ifPresent(fault -> faults.add(parser, "tools", "is wrong: " + fault));
        places.put(tool, path, parser);
        parser.nextToken();
        out.put(tool, tool(path));
      }
    }
    return out;
  }

  private UserDocument.Tool tool(String path) throws IOException {
    String level = null;
    String until = null;
    Map<String, UserDocument.Entry> resources = new LinkedHashMap<>();
    if (values.isObject(path)) {
      for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
        switch (key) {
          case "level" -> {
            parser.nextToken();
            level = values.level(path + ".level");
          }
          case "until" -> {
            parser.nextToken();
            until = values.until(path + ".until");
          }
          case "resources" -> {
            parser.nextToken();
            resources.putAll(resources(path + ".resources"));
          }
          default -> values.unknownKey(path, key, List.of("level", "resources", "until"));
        }
      }
    }
    if (level == null && until != null) {
      faults.add(parser, path, "has an until but no level");
    }
    return new UserDocument.Tool(level, resources, until);
  }

  private Map<String, UserDocument.Entry> resources(String path) throws IOException {
    Map<String, UserDocument.Entry> out = new LinkedHashMap<>();
    if (values.isObject(path)) {
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        String at = path + "." + Names.quoted(name);
        Names.faultOfResource(name)
            .ifPresent(fault -> faults.add(parser, path, "is wrong: " + fault));
        places.put(name, at, parser);
        parser.nextToken();
        out.put(name, entry(at));
      }
    }
    return out;
  }

  private UserDocument.Entry entry(String path) throws IOException {
    String level = null;
    String until = null;
    if (!values.isObject(path)) {
      return new UserDocument.Entry(null, null);
    }
    for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
      switch (key) {
        case "level" -> {
          parser.nextToken();
          level = values.level(path + ".level");
        }
        case "until" -> {
          parser.nextToken();
          until = values.until(path + ".until");
        }
        default -> values.unknownKey(path, key, List.of("level", "until"));
      }
    }
    if (level == null) {
      faults.add(parser, path, "needs a level: one of " + OverrideLevel.words());
    }
    return new UserDocument.Entry(level, until);
  }

  private static String firstLine(String message) {
    return message == null ? "unreadable" : message.lines().findFirst().orElse("unreadable");
  }
}
