package dev.countersign.protocol.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The checks of {@link ContractTest} would notice: each change in memory must be reported. */
class DriftIsNoticedTest {
  @ParameterizedTest(name = "{0}")
  @MethodSource("drifts")
  void driftIsNoticed(String what, Consumer<Contract> change) {
    Contract contract = Contract.load();
    change.accept(contract);

    List<String> faults = new ArrayList<>(SchemaDrift.faults(contract));
    faults.addAll(ChannelDrift.faults(contract));
    if (faults.isEmpty()) {
      faults.addAll(ExampleDrift.faults(contract));
      faults.addAll(ReaderDrift.faults(contract));
    }

    assertTrue(!faults.isEmpty(), what);
  }

  static Stream<Arguments> drifts() {
    return Stream.of(
        drift("a property is gone", c -> properties(c, "permission.requested").remove("turnId")),
        drift("a property is new", c -> properties(c, "prompt.changed").putObject("colour")),
        drift("a nested property is gone", c -> common(c, "toolCall/properties").remove("cwd")),
        drift(
            "a property changed its type",
            c -> property(c, "receipt.stored", "tool").put("type", "integer")),
        drift(
            "an integer became a number",
            c -> property(c, "inbox.changed", "rev").put("type", "number")),
        drift(
            "an item changed its type",
            c ->
                ((ObjectNode) property(c, "receipt.stored", "trace").get("items"))
                    .put("type", "integer")),
        drift("a word is gone", c -> ((ArrayNode) common(c, "decidedBy").get("enum")).remove(0)),
        drift(
            "a word is new",
            c ->
                ((ArrayNode) common(c, "promptOption/properties/kind").get("enum"))
                    .add("allow_forever")),
        drift(
            "a field is no longer required",
            c -> ((ArrayNode) schema(c, "permission.cancelled").get("required")).remove(0)),
        drift(
            "a field is newly required",
            c -> ((ArrayNode) schema(c, "permission.cancelled").get("required")).add("reason")),
        drift(
            "a bound is gone",
            c -> property(c, "permission.cancelled", "reason").remove("maxLength")),
        drift(
            "a bound is tighter",
            c -> property(c, "permission.decided", "reason").put("maxLength", 10)),
        drift("a condition is gone", c -> schema(c, "permission.decided").remove("then")),
        drift("a schema is gone", c -> c.schemas().remove("inbox.changed")),
        drift(
            "a schema is new", c -> c.schemas().put("surprise", c.schemas().get("inbox.changed"))),
        drift(
            "a definition nobody uses",
            c -> common(c, "").putObject("spare").put("type", "string")),
        drift(
            "a part of the user's document is gone",
            c -> common(c, "userEntry/properties").remove("until")),
        drift("an event without example", c -> c.examples().get("session.changed").clear()),
        drift(
            "examples of no event",
            c -> c.examples().put("surprise", c.examples().get("session.changed"))),
        drift(
            "an example with a wrong word",
            c -> example(c, "session.commanded", "close").put("action", "stop")),
        drift(
            "an example with a wrong digest",
            c -> example(c, "prompt.changed", "open").put("digest", "0".repeat(64))),
        drift(
            "an example with a forgotten field",
            c -> example(c, "prompt.changed", "open").put("titel", "x")),
        drift("a channel is gone", c -> at(c, "/channels").remove("inbox.events")),
        drift("a channel is new", c -> at(c, "/channels").putObject("inbox.old")),
        drift("a channel moved", c -> at(c, "/channels/inbox.events").put("address", "inbox")),
        drift(
            "a channel is not compacted",
            c ->
                ((ArrayNode)
                        at(c, "/channels/permission.prompts/bindings/kafka/topicConfiguration")
                            .get("cleanup.policy"))
                    .set(0, "delete")),
        drift(
            "tombstones of documents stay no longer than others",
            c ->
                at(c, "/channels/override.documents/bindings/kafka/topicConfiguration")
                    .remove("delete.retention.ms")),
        drift("a message is gone", c -> at(c, "/components/messages").remove("prompt.answered")),
        drift(
            "a message on another channel",
            c -> at(c, "/channels/inbox.events/messages").putObject("prompt.changed")),
        drift(
            "a message with another schema",
            c ->
                at(c, "/components/messages/prompt.answered/payload/schema")
                    .put("$ref", "schemas/prompt.changed.json")),
        drift(
            "a message with another type",
            c ->
                at(c, "/components/messages/prompt.answered/headers/properties/ce_type")
                    .put("const", "x")),
        drift(
            "a message with another key",
            c ->
                at(c, "/components/messages/prompt.answered/bindings/kafka/key")
                    .put("$ref", "schemas/prompt.answered.json#/properties/answerId")),
        drift(
            "a header is gone",
            c ->
                at(c, "/components/messageTraits/cloudEvent/headers/properties").remove("ce_time")),
        drift(
            "a header is new",
            c ->
                at(c, "/components/messages/prompt.answered/headers/properties")
                    .putObject("x-user")),
        drift(
            "nobody receives", c -> at(c, "/operations").remove("operators.receive.dead-letters")));
  }

  private static Arguments drift(String what, Consumer<Contract> change) {
    return Arguments.of(what, change);
  }

  private static ObjectNode schema(Contract contract, String name) {
    return (ObjectNode) contract.schemas().get(name);
  }

  private static ObjectNode properties(Contract contract, String name) {
    return (ObjectNode) schema(contract, name).get("properties");
  }

  private static ObjectNode property(Contract contract, String name, String property) {
    return (ObjectNode) properties(contract, name).get(property);
  }

  private static ObjectNode common(Contract contract, String path) {
    return (ObjectNode) schema(contract, "common").at(path.isEmpty() ? "/$defs" : "/$defs/" + path);
  }

  private static ObjectNode example(Contract contract, String event, String name) {
    return (ObjectNode) contract.examples().get(event).get(name);
  }

  private static ObjectNode at(Contract contract, String path) {
    return (ObjectNode) contract.asyncapi().at(path);
  }
}
