package dev.countersign.gateway;

import dev.countersign.protocol.Problem;
import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.List;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;

/**
 * Completes the OpenAPI document with what holds for many operations alike: their ids, the problem
 * that any of them may answer with, entity tags, and headers that are passed on unread.
 */
@OpenApiFilter(OpenApiFilter.RunStage.BUILD)
public class ApiContract implements OASFilter {
  private static final String OVERRIDE = "/v1/users/{user}/overrides/{tool}";

  /** Resources that have a version. */
  private static final Pattern VERSIONED =
      Pattern.compile(
          "/v1/(users/\\{user}/(permissions|permissions/restore|documents/\\{name}"
              + "|overrides/\\{tool})|profiles/\\{name})");

  private static final Schema TEXT =
      OASFactory.createSchema().type(List.of(Schema.SchemaType.STRING));

  @Override
  public void filterOpenAPI(OpenAPI api) {
    plainOverrides(api);
    api.getComponents().addResponse("Problem", problem());
    api.getPaths()
        .getPathItems()
        .forEach(
            (path, item) ->
                item.getOperations()
                    .forEach((method, operation) -> complete(path, method, operation)));
  }

  /** A resource may stand in the path, slashes and all; generated clients send it as a query. */
  private static void plainOverrides(OpenAPI api) {
    PathItem overrides = api.getPaths().getPathItem(OVERRIDE + "{resource}");
    if (overrides == null) {
      throw new IllegalStateException("the address of an override has changed");
    }
    api.getPaths().removePathItem(OVERRIDE + "{resource}");
    overrides.addParameter(inPath("user", "whose override"));
    overrides.addParameter(inPath("tool", "a tool's name"));
    overrides.addParameter(
        parameter(
            "resource", Parameter.In.QUERY, "one resource of the tool; all of it without it"));
    api.getPaths().addPathItem(OVERRIDE, overrides);
  }

  private static void complete(String path, PathItem.HttpMethod method, Operation operation) {
    operation.setOperationId(id(operation.getOperationId()));
    operation
        .getResponses()
        .addAPIResponse("default", OASFactory.createAPIResponse().ref("Problem"));
    if (!VERSIONED.matcher(path).matches()) {
      return;
    }
    APIResponse good = operation.getResponses().getAPIResponse("200");
    if (good == null && method == PathItem.HttpMethod.GET) {
      good = OASFactory.createAPIResponse().description("The document");
      operation.getResponses().addAPIResponse("200", good);
    }
    if (good != null) {
      good.addHeader("ETag", OASFactory.createHeader().description("its version").schema(TEXT));
    }
    if (method == PathItem.HttpMethod.GET) {
      operation.addParameter(header("If-None-Match", "versions that are known; 304 for them"));
      operation
          .getResponses()
          .addAPIResponse(
              "304", OASFactory.createAPIResponse().description("It is at a version named"));
    } else {
      operation.addParameter(header("If-Match", "the version that was read, such as \"3\""));
      operation.addParameter(
          header("Idempotency-Key", "the same write sent again changes nothing"));
    }
  }

  /** {@code PromptsResource_list} becomes {@code listPrompts}. */
  private static String id(String scanned) {
    String[] parts = scanned.split("_", 2);
    return parts[1] + parts[0].replace("Resource", "");
  }

  private static APIResponse problem() {
    Schema schema = OASFactory.createSchema().type(List.of(Schema.SchemaType.OBJECT));
    for (String name : List.of("type", "title", "detail", "code")) {
      schema.addProperty(name, TEXT);
    }
    schema.addProperty(
        "status", OASFactory.createSchema().type(List.of(Schema.SchemaType.INTEGER)));
    Schema field =
        OASFactory.createSchema()
            .type(List.of(Schema.SchemaType.OBJECT))
            .addProperty("field", TEXT)
            .addProperty("detail", TEXT);
    schema.addProperty(
        "errors", OASFactory.createSchema().type(List.of(Schema.SchemaType.ARRAY)).items(field));
    schema.setRequired(List.of("type", "title", "status", "code"));
    return OASFactory.createAPIResponse()
        .description("A problem (RFC 9457); `code` is stable")
        .content(
            OASFactory.createContent()
                .addMediaType(Problem.MEDIA_TYPE, OASFactory.createMediaType().schema(schema)));
  }

  private static Parameter inPath(String name, String what) {
    return parameter(name, Parameter.In.PATH, what).required(true);
  }

  private static Parameter header(String name, String what) {
    return parameter(name, Parameter.In.HEADER, what);
  }

  private static Parameter parameter(String name, Parameter.In in, String what) {
    return OASFactory.createParameter().name(name).in(in).description(what).schema(TEXT);
  }
}
