package dev.countersign.gateway;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.countersign.protocol.Json;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The OpenAPI document is valid, complete, and enough to generate a client from. */
@QuarkusTest
class OpenApiIT extends GatewayTestBase {
  private static final Pattern VARIABLE = Pattern.compile("\\{(\\w+)}");
  private static final Set<String> METHODS = Set.of("get", "put", "post", "patch", "delete");

  @TempDir Path dir;

  private static byte[] text() {
    return given().get("/openapi?format=json").then().statusCode(200).extract().asByteArray();
  }

  private static void eachOperation(JsonNode api, BiConsumer<String, JsonNode> test) {
    api.path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue().properties().stream()
                    .filter(operation -> METHODS.contains(operation.getKey()))
                    .forEach(
                        operation ->
                            test.accept(
                                operation.getKey() + " " + path.getKey(), operation.getValue())));
  }

  @Test
  void itIsValid() throws IOException {
    String id = "https://spec.openapis.org/oas/3.1/schema/2021-04-15";
    try (var schema = getClass().getResourceAsStream("/openapi/openapi-3.1.schema.json")) {
      String text = new String(schema.readAllBytes(), StandardCharsets.UTF_8);
      var faults =
          JsonSchemaFactory.getInstance(
                  VersionFlag.V202012,
                  builder -> builder.schemaLoaders(l -> l.schemas(Map.of(id, text))))
              .getSchema(SchemaLocation.of(id))
              .validate(Json.readTree(text()));
      assertEquals(Set.of(), faults);
    }
  }

  @Test
  void everyOperationIsCompletelyDescribed() {
    JsonNode api = Json.readTree(text());
    Set<String> ids = new HashSet<>();
    List<String> faults = new ArrayList<>();
    eachOperation(
        api,
        (name, operation) -> {
          if (!ids.add(operation.path("operationId").asText())) {
            faults.add(name + " has the id of another: " + operation.path("operationId"));
          }
          JsonNode responses = operation.path("responses");
          if (!responses.path("default").path("$ref").asText().endsWith("/Problem")) {
            faults.add(name + " says nothing of problems");
          }
          if (Stream.of("200", "201", "202", "204").noneMatch(responses::has)) {
            faults.add(name + " says nothing of success");
          }
          String path = name.substring(name.indexOf(' ') + 1);
          Set<String> declared = new TreeSet<>();
          for (JsonNode list :
              List.of(
                  operation.path("parameters"), api.path("paths").path(path).path("parameters"))) {
            list.forEach(
                parameter -> {
                  if (parameter.path("in").asText().equals("path")) {
                    declared.add(parameter.path("name").asText());
                  }
                });
          }
          Set<String> wanted = new TreeSet<>();
          for (Matcher variable = VARIABLE.matcher(path); variable.find(); ) {
            wanted.add(variable.group(1));
          }
          if (!wanted.equals(declared)) {
            faults.add(name + " declares " + declared + " in its path");
          }
        });
    assertEquals(List.of(), faults);
    for (JsonNode reference : api.findValues("$ref")) {
      assertTrue(!api.at(reference.asText().substring(1)).isMissingNode(), reference::asText);
    }
  }

  @Test
  void itDescribesWhatIsSentAndNotWhatLibrariesHoldItIn() {
    JsonNode schemas = Json.readTree(text()).path("components").path("schemas");
    JsonNode input = schemas.path("ToolCall").path("properties").path("input");
    assertEquals("#/components/schemas/AnyValue", input.path("$ref").asText());
    assertTrue(!schemas.path("AnyValue").has("type"), "any JSON value");
    for (String library : List.of("JsonNode", "JsonNodeType", "MediaType", "OutboundSseEvent")) {
      assertTrue(!schemas.has(library), library);
    }
  }

  @Test
  void whatHasAVersionSaysSo() {
    JsonNode paths = Json.readTree(text()).path("paths");
    for (String path :
        List.of(
            "/v1/users/{user}/permissions",
            "/v1/profiles/{name}",
            "/v1/users/{user}/overrides/{tool}")) {
      JsonNode read = paths.path(path).path("get");
      assertTrue(read.path("responses").path("200").path("headers").has("ETag"), path);
      assertTrue(
          paths
              .path(path)
              .path("put")
              .path("parameters")
              .findValuesAsText("name")
              .contains("If-Match"),
          path);
    }
  }

  @Test
  @Tag("exhaustive")
  void aGeneratedClientCompiles() throws Exception {
    Path document = Files.write(dir.resolve("openapi.json"), text());
    Path client = dir.resolve("client");
    Path output = dir.resolve("generator.out");
    Process generator =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-jar",
                Path.of("target/tools/openapi-generator-cli.jar").toAbsolutePath().toString(),
                "generate",
                "-i",
                document.toString(),
                "-g",
                "java",
                "-o",
                client.toString(),
                "--library=native",
                "--additional-properties=openApiNullable=false,useJakartaEe=true,hideGenerationTimestamp=true")
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertTrue(generator.waitFor(5, TimeUnit.MINUTES), "the generator does not end");
    assertEquals(0, generator.exitValue(), () -> read(output));
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-proc:none",
                "-nowarn",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                Files.createDirectory(dir.resolve("classes")).toString()));
    try (Stream<Path> sources = Files.walk(client.resolve("src/main/java"))) {
      sources
          .filter(file -> file.toString().endsWith(".java"))
          .map(Path::toString)
          .forEach(arguments::add);
    }
    var errors = new java.io.ByteArrayOutputStream();
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, errors, arguments.toArray(String[]::new));
    assertEquals(0, status, errors::toString);
    assertTrue(arguments.size() > 30, "there are sources");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
