package dev.countersign.gateway;

import dev.countersign.protocol.SettingWords;
import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.media.Schema;

/** Tells the OpenAPI document what annotations and the records of the protocol do not. */
@OpenApiFilter(OpenApiFilter.RunStage.BUILD)
public class ApiDetails implements OASFilter {
  private static final String PROFILE =
      "^(read_only|workspace|full_access|external_sandbox|custom\\([^()]+\\))$";

  /** The one body that may be missing. */
  private static final String START = "/v1/sessions";

  @Override
  public void filterOpenAPI(OpenAPI api) {
    api.getPaths()
        .getPathItems()
        .forEach(
            (path, item) ->
                item.getOperations().values().stream()
                    .filter(operation -> operation.getRequestBody() != null)
                    .forEach(
                        operation -> operation.getRequestBody().setRequired(!path.equals(START))));
    settings(api);
  }

  private static void settings(OpenAPI api) {
    Map<String, Schema> schemas = api.getComponents().getSchemas();
    Map<String, Schema> settings = schemas.get("SessionSettings").getProperties();
    words(settings.get("permissionMode"), SettingWords.PERMISSION_MODES);
    words(settings.get("approvalPolicy"), SettingWords.APPROVAL_POLICIES);
    words(settings.get("executionPolicy"), SettingWords.EXECUTION_POLICIES);
    settings.get("profile").pattern(PROFILE);
    Map<String, Schema> engine = schemas.get("Engine").getProperties();
    words(engine.get("permissionMode"), SettingWords.ENGINE_PERMISSION_MODES);
    for (String tools : List.of("tools", "injectedTools")) {
      schemas.get("Engine").addProperty(tools, tools());
    }
  }

  private static void words(Schema schema, List<String> words) {
    schema.setEnumeration(List.copyOf(words));
  }

  /**
   * Either form. Without a type, because generated clients in Java do not compile with a choice
   * between a list and a map.
   */
  private static Schema tools() {
    return OASFactory.createSchema()
        .description(
            "A list of texts, or an object that maps a tool's name to true or null for all of it,"
                + " false for nothing, or a list of texts.")
        .examples(List.of(List.of("Read", "Bash(git *)"), Map.of("bash", List.of("git *"))));
  }
}
