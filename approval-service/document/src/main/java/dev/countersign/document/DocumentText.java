package dev.countersign.document;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.UserDocument;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * The one text form of a document: two-space indent, sorted keys, {@code \n} between lines. Equal
 * documents have equal texts, whatever their writer sent.
 */
public final class DocumentText {
  /** What the document is called where it is a file. */
  public static final String FILE_NAME = "PERMISSIONS.json";

  /** The text of a document in which nothing is settled. */
  public static final String EMPTY;

  private static final ObjectWriter WRITER;

  static {
    DefaultIndenter indent = new DefaultIndenter("  ", "\n");
    WRITER =
        Json.mapper()
            .writer(
                new DefaultPrettyPrinter(
                        Separators.createDefaultInstance()
                            .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                            .withObjectEmptySeparator("")
                            .withArrayEmptySeparator(""))
                    .withObjectIndenter(indent)
                    .withArrayIndenter(indent));
    EMPTY = write(UserDocument.EMPTY);
  }

  private DocumentText() {}

  /** Writes the normal form. */
  public static String write(UserDocument document) {
    Map<String, Object> root = new TreeMap<>();
    root.put("schemaVersion", document.schemaVersion());
    Map<String, Object> rules = new TreeMap<>();
    rules.put("allow", document.rules().allow());
    rules.put("ask", document.rules().ask());
    rules.put("deny", document.rules().deny());
    root.put("rules", rules);
    Map<String, Object> tools = new TreeMap<>();
    document.tools().forEach((name, tool) -> tools.put(name, tool(tool)));
    root.put("tools", tools);
    try {
      return WRITER.writeValueAsString(root);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads a text that this class wrote. */
  public static UserDocument read(String text) {
    return Json.read(text.getBytes(StandardCharsets.UTF_8), UserDocument.class);
  }

  /** A text's size as limits count it: in bytes of UTF-8. */
  public static int size(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static Map<String, Object> tool(UserDocument.Tool tool) {
    Map<String, Object> out = new TreeMap<>();
    if (tool.level() != null) {
      out.put("level", tool.level());
    }
    if (tool.until() != null) {
      out.put("until", tool.until());
    }
    if (!tool.resources().isEmpty()) {
      Map<String, Object> resources = new TreeMap<>();
      tool.resources().forEach((resource, entry) -> resources.put(resource, entry(entry)));
      out.put("resources", resources);
    }
    return out;
  }

  private static Map<String, Object> entry(UserDocument.Entry entry) {
    Map<String, Object> out = new TreeMap<>();
    out.put("level", entry.level());
    if (entry.until() != null) {
      out.put("until", entry.until());
    }
    return out;
  }
}
