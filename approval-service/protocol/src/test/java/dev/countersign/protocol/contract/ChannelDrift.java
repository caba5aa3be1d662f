package dev.countersign.protocol.contract;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.protocol.Event;
import dev.countersign.protocol.EventType;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.InvalidEventException;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.Topics;
import dev.countersign.protocol.kafka.KafkaUser;
import dev.countersign.protocol.kafka.TopicPlan;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Compares the AsyncAPI document with {@link Topics}, {@link EventType} and {@link Headers}. */
final class ChannelDrift {
  /** The bindings of AsyncAPI have no place for it. */
  private static final String BY_THE_BROKER = "LogAppendTime";

  private static final Set<String> SERVICES =
      KafkaUser.SERVICES.stream().map(KafkaUser::name).collect(Collectors.toSet());

  private final Contract contract;
  private final JsonNode asyncapi;
  private final Faults faults = new Faults();

  private ChannelDrift(Contract contract) {
    this.contract = contract;
    this.asyncapi = contract.asyncapi();
  }

  static List<String> faults(Contract contract) {
    ChannelDrift drift = new ChannelDrift(contract);
    drift.faults.same("asyncapi", "3.0.0", drift.asyncapi.path("asyncapi").asText());
    drift.faults.same("channels", Topics.ALL, names(drift.asyncapi.path("channels")));
    Topics.ALL.forEach(drift::channel);
    drift.operations();
    drift.faults.same(
        "messages",
        Arrays.stream(EventType.values()).map(EventType::shortName).toList(),
        names(drift.asyncapi.path("components").path("messages")));
    for (EventType type : EventType.values()) {
      drift.message(type);
    }
    drift.headers();
    return drift.faults.list();
  }

  private void channel(String topic) {
    JsonNode channel = asyncapi.path("channels").path(topic);
    JsonNode kafka = channel.path("bindings").path("kafka");
    faults.same(topic + ".address", topic, channel.path("address").asText());
    faults.same(topic + ".kafka.topic", topic, kafka.path("topic").asText());
    JsonNode settings = kafka.path("topicConfiguration");
    TopicPlan plan = TopicPlan.of(topic);
    faults.same(topic + ".partitions", plan.partitions(), kafka.path("partitions").asInt());
    Map<String, String> planned = new TreeMap<>(plan.settings());
    faults.same(
        topic + ".message.timestamp.type", BY_THE_BROKER, planned.remove("message.timestamp.type"));
    faults.same(topic + ".settings", planned, settings(settings));
    List<String> carried =
        Arrays.stream(EventType.values())
            .filter(type -> type.topic().equals(topic))
            .map(EventType::shortName)
            .toList();
    faults.same(topic + ".messages", carried, names(channel.path("messages")));
    for (String name : carried) {
      faults.same(
          topic + ".messages." + name,
          "#/components/messages/" + name,
          channel.path("messages").path(name).path("$ref").asText());
    }
  }

  private static Map<String, String> settings(JsonNode topicConfiguration) {
    Map<String, String> settings = new TreeMap<>();
    for (String name : names(topicConfiguration)) {
      JsonNode value = topicConfiguration.path(name);
      settings.put(name, (value.isArray() ? value.path(0) : value).asText());
    }
    return settings;
  }

  /** Every topic has someone who sends and someone who receives, and who does is let. */
  private void operations() {
    Set<String> directions = new TreeSet<>();
    Set<String> byServices = new TreeSet<>();
    asyncapi
        .path("operations")
        .fields()
        .forEachRemaining(
            operation -> {
              String channel = operation.getValue().path("channel").path("$ref").asText();
              String topic = channel.replace("#/channels/", "");
              String action = operation.getValue().path("action").asText();
              String who = operation.getValue().path("tags").path(0).path("name").asText();
              faults.same(
                  "operation",
                  who.replace(' ', '-') + "." + action + "." + topic,
                  operation.getKey());
              directions.add(action + " " + topic);
              if (SERVICES.contains(who)) {
                byServices.add(who + " " + action + " " + topic);
              }
            });
    Set<String> expected = new TreeSet<>();
    for (String topic : Topics.ALL) {
      expected.add("send " + topic);
      expected.add("receive " + topic);
    }
    faults.same("operations", expected, directions);
    Set<String> let = new TreeSet<>();
    for (KafkaUser service : KafkaUser.SERVICES) {
      for (String topic : Topics.ALL) {
        if (service.mayWrite(topic)) {
          let.add(service.name() + " send " + topic);
        }
        if (service.mayRead(topic)) {
          let.add(service.name() + " receive " + topic);
        }
      }
    }
    faults.same("operations of the services", let, byServices);
  }

  private void message(EventType type) {
    String name = type.shortName();
    JsonNode message = asyncapi.path("components").path("messages").path(name);
    faults.same(name + ".name", type.ceType(), message.path("name").asText());
    faults.same(name + ".title", type.record().getSimpleName(), message.path("title").asText());
    faults.same(
        name + ".ce_type",
        type.ceType(),
        message.path("headers").path("properties").path(Headers.CE_TYPE).path("const").asText());
    faults.same(
        name + ".payload",
        "schemas/" + name + ".json",
        message.path("payload").path("schema").path("$ref").asText());
    faults.same(
        name + ".traits",
        "#/components/messageTraits/cloudEvent",
        message.path("traits").path(0).path("$ref").asText());
    String key = message.path("bindings").path("kafka").path("key").path("$ref").asText();
    String prefix = "schemas/" + name + ".json#/properties/";
    if (!key.startsWith(prefix)) {
      faults.add(name + ".key should begin with " + prefix + " but is " + key);
      return;
    }
    contract.examples().getOrDefault(name, Map.of()).values().stream()
        .filter(example -> !isKey(type, example, key.substring(prefix.length())))
        .forEach(example -> faults.add(name + ".key is not what the record says: " + key));
  }

  private static boolean isKey(EventType type, JsonNode example, String property) {
    try {
      Event event = Json.read(Json.write(example), type.record());
      return Objects.equals(event.key(), example.path(property).textValue());
    } catch (InvalidEventException e) {
      return false;
    }
  }

  /** Every header of the code is on some message, and no message has another. */
  private void headers() {
    Set<String> documented = new TreeSet<>();
    JsonNode trait = asyncapi.path("components").path("messageTraits").path("cloudEvent");
    documented.addAll(names(trait.path("headers").path("properties")));
    for (JsonNode message : asyncapi.path("components").path("messages")) {
      documented.addAll(names(message.path("headers").path("properties")));
    }
    Set<String> known = new TreeSet<>();
    for (Field field : Headers.class.getFields()) {
      if (field.getType() == String.class) {
        try {
          known.add((String) field.get(null));
        } catch (IllegalAccessException e) {
          throw new IllegalStateException(e);
        }
      }
    }
    faults.same("headers", known, documented);
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
