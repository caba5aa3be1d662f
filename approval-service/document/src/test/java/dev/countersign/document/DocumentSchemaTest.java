package dev.countersign.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.RuleSet;
import dev.countersign.protocol.UserDocument;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code docs/permissions.schema.json} and the reader say the same; the reader says more. */
class DocumentSchemaTest {
  private static final Path DOCS = Path.of("../../docs");
  private static final Pattern BLOCK = Pattern.compile("```json\\R(.*?)\\R```", Pattern.DOTALL);
  private static final List<String> TOOLS =
      List.of("Bash", "mcp__tracker__get-issue", "qb_query", "Größe", "a b");
  private static final List<String> RESOURCES =
      List.of(
          "make",
          "git push *",
          "/proj/notes.txt",
          "docs.example.com",
          "two\nlines",
          "ключ",
          "é 😀");
  private static final List<String> LEVELS = List.of("always", "ask", "never");

  private static JsonSchema schema() {
    try {
      return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
          .getSchema(Files.readString(DOCS.resolve("permissions.schema.json")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean fitsTheSchema(String document) {
    return schema()
        .validate(
            Json.readTree(document.getBytes(StandardCharsets.UTF_8)),
            context -> context.getExecutionConfig().setFormatAssertionsEnabled(true))
        .isEmpty();
  }

  private static UserDocument read(String document) throws InvalidDocumentException {
    return DocumentReader.read(document.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void everyDocumentOfThePageIsOne() throws Exception {
    Matcher blocks = BLOCK.matcher(Files.readString(DOCS.resolve("permission-store.md")));
    int documents = 0;
    while (blocks.find()) {
      String document = blocks.group(1);
      assertTrue(fitsTheSchema(document), document);
      String normal = DocumentText.write(read(document));
      assertTrue(fitsTheSchema(normal), normal);
      documents++;
    }
    assertEquals(2, documents);
  }

  @Test
  void whateverTheReaderTakesFitsTheSchema() throws Exception {
    Random random = new Random(16);
    for (int i = 0; i < 500; i++) {
      String document = DocumentText.write(any(random));
      assertTrue(fitsTheSchema(document), document);
      assertEquals(document, DocumentText.write(read(document)));
    }
  }

  private static UserDocument any(Random random) {
    TreeMap<String, UserDocument.Tool> tools = new TreeMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      TreeMap<String, UserDocument.Entry> resources = new TreeMap<>();
      for (int j = random.nextInt(4); j > 0; j--) {
        String until = random.nextBoolean() ? null : "2030-01-31T12:00:00Z";
        resources.put(one(random, RESOURCES), new UserDocument.Entry(one(random, LEVELS), until));
      }
      boolean whole = resources.isEmpty() || random.nextBoolean();
      tools.put(
          one(random, TOOLS), new UserDocument.Tool(whole ? one(random, LEVELS) : null, resources));
    }
    List<String> rules =
        random.nextBoolean() ? null : List.of("Bash(npm run *)", "Read(~/.ssh/**)");
    return new UserDocument(1, new RuleSet(rules, null, rules), tools);
  }

  private static String one(Random random, List<String> words) {
    return words.get(random.nextInt(words.size()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{\"schemaVersion\":2}",
        "{\"schemaVersion\":\"1\"}",
        "{\"tool\":{}}",
        "{\"rules\":[]}",
        "{\"rules\":{\"allowed\":[]}}",
        "{\"rules\":{\"allow\":\"Bash\"}}",
        "{\"rules\":{\"allow\":[1]}}",
        "{\"rules\":{\"allow\":[\"\"]}}",
        "{\"tools\":[]}",
        "{\"tools\":{\"Bash\":\"always\"}}",
        "{\"tools\":{\"Bash\":{\"level\":\"Always\"}}}",
        "{\"tools\":{\"Bash\":{\"level\":\"allow\"}}}",
        "{\"tools\":{\"Bash\":{\"until\":\"2030-01-31T12:00:00Z\"}}}",
        "{\"tools\":{\"\":{\"level\":\"ask\"}}}",
        "{\"tools\":{\"*\":{\"level\":\"ask\"}}}",
        "{\"tools\":{\"mcp__*\":{\"level\":\"ask\"}}}",
        "{\"tools\":{\" Bash\":{\"level\":\"ask\"}}}",
        "{\"tools\":{\"Ba\\nsh\":{\"level\":\"ask\"}}}",
        "{\"tools\":{\"Bash\":{\"resources\":{\"make\":\"ask\"}}}}",
        "{\"tools\":{\"Bash\":{\"resources\":{\"make\":{}}}}}",
        "{\"tools\":{\"Bash\":{\"resources\":{\"make\":{\"level\":\"ask\",\"uses\":1}}}}}",
        "{\"tools\":{\"Bash\":{\"resources\":{\"make\":{\"level\":\"ask\",\"until\":\"soon\"}}}}}",
        "{\"tools\":{\"Bash\":{\"resources\":{\"*\":{\"level\":\"ask\"}}}}}",
        "{\"tools\":{\"Bash\":{\"resources\":{\"/**\":{\"level\":\"ask\"}}}}}"
      })
  void whatTheSchemaRefusesTheReaderRefuses(String document) {
    assertFalse(fitsTheSchema(document));
    assertThrows(InvalidDocumentException.class, () -> read(document));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"rules\":{\"allow\":[\"Bash(\"]}}",
        "{\"tools\":{\"Bash\":{\"resources\":{\"sudo *\":{\"level\":\"always\"}}}}}"
      })
  void whatOnlyTheCoreCanJudgeFitsTheSchemaAndIsRefused(String document) {
    assertTrue(fitsTheSchema(document));
    assertThrows(InvalidDocumentException.class, () -> read(document));
  }
}
