package dev.countersign.protocol.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The contract's schemas, ready to validate. */
final class Schemas {
  private static final String PREFIX = "urn:countersign:schema:";

  private final JsonSchemaFactory factory;
  private final Map<String, JsonSchema> compiled = new HashMap<>();

  Schemas(Contract contract) {
    Map<String, String> texts = new HashMap<>();
    contract.schemas().forEach((name, schema) -> texts.put(iri(name), schema.toString()));
    factory =
        JsonSchemaFactory.getInstance(
            VersionFlag.V202012, builder -> builder.schemaLoaders(l -> l.schemas(texts)));
  }

  /** What is wrong with a value; empty if it is valid. */
  List<String> faults(String event, JsonNode value) {
    JsonSchema schema =
        compiled.computeIfAbsent(
            event,
            name ->
                factory.getSchema(
                    SchemaLocation.of(iri(name)),
                    SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build()));
    return schema.validate(value).stream().map(ValidationMessage::getMessage).toList();
  }

  private static String iri(String name) {
    return PREFIX + name + ".json";
  }
}
