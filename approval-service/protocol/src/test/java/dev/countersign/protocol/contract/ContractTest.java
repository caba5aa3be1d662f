package dev.countersign.protocol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.protocol.Event;
import dev.countersign.protocol.EventType;
import dev.countersign.protocol.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Records, schemas, examples and the AsyncAPI document say the same. */
class ContractTest {
  @Test
  void schemasAgreeWithRecords() {
    assertEquals(List.of(), SchemaDrift.faults(Contract.load()));
  }

  @Test
  void examplesAgreeWithSchemasAndRecords() {
    assertEquals(List.of(), ExampleDrift.faults(Contract.load()));
  }

  @Test
  void channelsAgreeWithTopicsTypesAndHeaders() {
    assertEquals(List.of(), ChannelDrift.faults(Contract.load()));
  }

  @Test
  void schemasAndReadersRefuseTheSame() {
    List<String> faults = ReaderDrift.faults(Contract.load());

    assertEquals("", String.join("\n", faults));
  }

  /** A field that a newer sender adds is tolerated wherever it stands. */
  @Test
  void anUnknownFieldChangesNothing() {
    Contract contract = Contract.load();
    Schemas schemas = new Schemas(contract);
    for (EventType type : EventType.values()) {
      contract
          .examples()
          .get(type.shortName())
          .forEach(
              (name, example) -> {
                Event before = Json.read(Json.write(example), type.record());
                JsonNode newer = example.deepCopy();
                ((ObjectNode) newer).putObject("aNewField").put("with", "anything");

                assertEquals(before, Json.read(Json.write(newer), type.record()), name);
                assertEquals(List.of(), schemas.faults(type.shortName(), newer), name);
              });
    }
  }
}
