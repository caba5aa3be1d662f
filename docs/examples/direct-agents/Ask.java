import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.UUID;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.erdtman.jcs.JsonCanonicalizer;

/**
 * Asks Countersign over Kafka whether a shell command may run: {@code java -cp 'lib/*' Ask.java
 * COMMAND}. Prints the decision as one line of JSON. Exit status: 0 allow, 1 deny, 2 could not ask.
 *
 * <p>Needs kafka-clients, jackson-databind and java-json-canonicalization. ../../direct-agents.md
 * says what the environment must hold.
 */
class Ask {
  /** For a decision of the last moment to arrive. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private static final String LOGIN =
      "org.apache.kafka.common.security.scram.ScramLoginModule required"
          + " username=\"%s\" password=\"%s\";";

  private static final JsonMapper JSON = new JsonMapper();

  public static void main(String[] args) {
    try {
      if (args.length != 1) {
        throw new IllegalArgumentException("usage: java -cp 'lib/*' Ask.java COMMAND");
      }
      JsonNode decided = ask(args[0]);
      System.out.println(decided);
      System.exit(decided.path("effect").asText().equals("allow") ? 0 : 1);
    } catch (Exception e) { // Whatever it is: without a decision nothing runs.
      System.err.println("Ask.java: " + (e.getCause() == null ? e : e.getCause()));
      System.exit(2);
    }
  }

  private static JsonNode ask(String command) throws Exception {
    Properties login = new Properties();
    login.load(new FileReader(setting("COUNTERSIGN_KAFKA_LOGIN", null)));
    Map<String, Object> kafka = kafka(login);
    String topic = "permission.replies." + login.getProperty("sasl.username");
    Duration wait = Duration.ofSeconds(Long.parseLong(setting("COUNTERSIGN_WAIT_SECONDS", "60")));
    ObjectNode call = JSON.createObjectNode().put("tool", "Bash");
    call.putObject("input").put("command", command);
    call.put("cwd", System.getProperty("user.dir")).put("home", setting("HOME", null));
    call.putObject("resolvedPaths");
    call.putArray("workspaceRoots");
    ObjectNode ids =
        JSON.createObjectNode().put("tenant", setting("COUNTERSIGN_TENANT", "default"));
    ids.put("sessionId", setting("COUNTERSIGN_SESSION", null));
    ids.put("requestId", UUID.randomUUID().toString());
    ObjectNode mine = ids.deepCopy().put("digest", digest(call));

    var reading = new StringDeserializer();
    var writing = new StringSerializer();
    try (var consumer = new KafkaConsumer<>(kafka, reading, reading);
        var producer = new KafkaProducer<>(kafka, writing, writing)) {
      // Without a group: every process reads every partition, for itself. From where they end now:
      // a reply to what is sent later is behind.
      consumer.assign(
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList());
      consumer.seekToEnd(List.of());
      consumer.assignment().forEach(consumer::position);

      ObjectNode request = ids.deepCopy().put("maxWaitMillis", wait.toMillis());
      send(producer, request.set("toolCall", call), "countersign-reply-topic", topic);
      Instant deadline = Instant.now().plus(wait).plus(GRACE);
      for (Instant now = Instant.now(); now.isBefore(deadline); now = Instant.now()) {
        for (var record : consumer.poll(Duration.between(now, deadline))) {
          JsonNode reply = json(record.value());
          if (isAbout(reply, mine)) {
            return verdict((ObjectNode) reply, call);
          }
        }
      }
      send(producer, ids, "ce_type", "dev.countersign.permission.cancelled");
      return clientDenies("no_reply");
    }
  }

  /** The names in the file of the login are librdkafka's: it serves all languages. */
  private static Map<String, Object> kafka(Properties login) {
    String who = LOGIN.formatted(login.get("sasl.username"), login.get("sasl.password"));
    return Map.of(
        "bootstrap.servers", setting("COUNTERSIGN_KAFKA", null),
        "security.protocol", login.getProperty("security.protocol"),
        "ssl.truststore.type", "PEM",
        "ssl.truststore.location", login.getProperty("ssl.ca.location"),
        "sasl.mechanism", login.getProperty("sasl.mechanisms"),
        "sasl.jaas.config", who);
  }

  private static String setting(String name, String otherwise) {
    return Objects.requireNonNull(System.getenv().getOrDefault(name, otherwise), "set " + name);
  }

  /** Returns once the broker has it. The same key: the same partition, and so the same order. */
  private static void send(
      KafkaProducer<String, String> producer, ObjectNode event, String header, String value)
      throws Exception {
    var record =
        new ProducerRecord<>(
            "permission.requests", event.path("sessionId").asText(), event.toString());
    byte[] token = setting("COUNTERSIGN_AGENT_TOKEN", null).getBytes(StandardCharsets.UTF_8);
    record.headers().add("countersign-token", token);
    record.headers().add(header, value.getBytes(StandardCharsets.UTF_8));
    producer.send(record).get();
  }

  /** SHA-256 of the canonical JSON (RFC 8785). */
  private static String digest(ObjectNode call) throws Exception {
    byte[] canonical = new JsonCanonicalizer(call.toString()).getEncodedUTF8();
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(canonical));
  }

  private static JsonNode json(String value) {
    try {
      return JSON.readTree(value);
    } catch (Exception e) {
      return JSON.nullNode();
    }
  }

  /** Whether a reply is about exactly this call. What could not be read has no digest. */
  private static boolean isAbout(JsonNode reply, ObjectNode mine) {
    boolean unread = reply.path("effect").asText().equals("deny") && !reply.has("digest");
    return mine.properties().stream()
        .filter(field -> !(unread && field.getKey().equals("digest")))
        .allMatch(field -> field.getValue().equals(reply.get(field.getKey())));
  }

  /** What may be done: nothing, unless it is an allow that still holds. */
  private static JsonNode verdict(ObjectNode reply, ObjectNode call) {
    String effect = reply.path("effect").asText();
    ObjectNode told = reply.deepCopy().retain("effect", "decidedBy", "code");
    if (effect.equals("allow")
        && Instant.parse(reply.path("validUntil").asText()).isAfter(Instant.now())) {
      return told.set(
          "input",
          reply.path("editedInput").isObject() ? reply.get("editedInput") : call.get("input"));
    }
    return effect.equals("deny") ? told : clientDenies("unusable");
  }

  private static JsonNode clientDenies(String code) {
    return JSON.createObjectNode()
        .put("effect", "deny")
        .put("decidedBy", "client")
        .put("code", code);
  }
}
