import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
 * COMMAND}. Prints the decision as one line of JSON. Exit status: 0 allow, 1 deny, 2 could not ask;
 * stopped by a signal, 128 and its number.
 *
 * <p>After an allow run the {@code input} that is printed: a person may have changed it. Never run
 * the command you passed.
 *
 * <p>Needs kafka-clients, jackson-databind and java-json-canonicalization. ../../direct-agents.md
 * says what the environment must hold.
 */
class Ask {
  /** For a decision of the last moment to arrive. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  /** For the broker. */
  private static final int PATIENCE_MILLIS = 10_000;

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
    Map<String, String> login = login(Path.of(setting("COUNTERSIGN_KAFKA_LOGIN", null)));
    String topic = "permission.replies." + login.get("sasl.username");
    String seconds = setting("COUNTERSIGN_WAIT_SECONDS", "60");
    if (!seconds.matches("[1-9]\\d*")) {
      throw new IllegalArgumentException("COUNTERSIGN_WAIT_SECONDS must be a whole number above 0");
    }
    Duration wait = Duration.ofSeconds(Long.parseLong(seconds));
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

    Map<String, Object> kafka = kafka(login);
    var reading = new StringDeserializer();
    try (var consumer = new KafkaConsumer<>(kafka, reading, reading)) {
      // Without a group: every process reads every partition, for itself. From where they end now:
      // a reply to what is sent later is behind.
      consumer.assign(
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList());
      consumer.seekToEnd(List.of());
      consumer.assignment().forEach(consumer::position);

      // Whatever ends this program: nobody is asked for one that no longer waits.
      Thread cancel = new Thread(() -> cancel(kafka, ids));
      Runtime.getRuntime().addShutdownHook(cancel);
      ObjectNode request = ids.deepCopy().put("maxWaitMillis", wait.toMillis());
      send(kafka, request.set("toolCall", call), "countersign-reply-topic", topic);
      Instant deadline = Instant.now().plus(wait).plus(GRACE);
      for (Instant now = Instant.now(); now.isBefore(deadline); now = Instant.now()) {
        for (var record : consumer.poll(Duration.between(now, deadline))) {
          JsonNode reply = json(record.value());
          if (isAbout(reply, mine)) {
            Runtime.getRuntime().removeShutdownHook(cancel);
            return verdict((ObjectNode) reply, call);
          }
        }
      }
      return clientDenies("no_reply");
    }
  }

  /** Lines of NAME=VALUE, in which a backslash is one: this is no file of properties. */
  private static Map<String, String> login(Path file) throws IOException {
    Map<String, String> login = new HashMap<>();
    for (String line : Files.readAllLines(file)) {
      String[] setting = line.split("=", 2);
      if (setting.length == 2) {
        login.put(setting[0], setting[1]);
      }
    }
    return login;
  }

  /** The names in the file of the login are librdkafka's: it serves all languages. */
  private static Map<String, Object> kafka(Map<String, String> login) {
    String who = LOGIN.formatted(quoted(login, "sasl.username"), quoted(login, "sasl.password"));
    return Map.of(
        "bootstrap.servers", setting("COUNTERSIGN_KAFKA", null),
        "security.protocol", required(login, "security.protocol"),
        "ssl.truststore.type", "PEM",
        "ssl.truststore.location", required(login, "ssl.ca.location"),
        "sasl.mechanism", required(login, "sasl.mechanisms"),
        "sasl.jaas.config", who,
        "max.block.ms", PATIENCE_MILLIS,
        "request.timeout.ms", PATIENCE_MILLIS / 2,
        "delivery.timeout.ms", PATIENCE_MILLIS);
  }

  private static String required(Map<String, String> login, String name) {
    return Objects.requireNonNull(login.get(name), "the login lacks " + name);
  }

  /** Else a quote would end it, and an error would tell what stands behind it. */
  private static String quoted(Map<String, String> login, String name) {
    return required(login, name).replace("\\", "\\\\").replace("\"", "\\\"");
  }

  private static String setting(String name, String otherwise) {
    return Objects.requireNonNull(System.getenv().getOrDefault(name, otherwise), "set " + name);
  }

  /** Returns once the broker has it. The same key: the same partition, and so the same order. */
  private static void send(
      Map<String, Object> kafka, ObjectNode event, String header, String value) throws Exception {
    var record =
        new ProducerRecord<>(
            "permission.requests", event.path("sessionId").asText(), event.toString());
    byte[] token = setting("COUNTERSIGN_AGENT_TOKEN", null).getBytes(StandardCharsets.UTF_8);
    record.headers().add("countersign-token", token);
    record.headers().add(header, value.getBytes(StandardCharsets.UTF_8));
    var writing = new StringSerializer();
    try (var producer = new KafkaProducer<>(kafka, writing, writing)) {
      producer.send(record).get();
    }
  }

  private static void cancel(Map<String, Object> kafka, ObjectNode ids) {
    try {
      send(kafka, ids, "ce_type", "dev.countersign.permission.cancelled");
    } catch (Exception e) {
      System.err.println("Ask.java: the request was not cancelled: " + e);
    }
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
    ObjectNode told = reply.deepCopy().retain("effect", "decidedBy", "code", "reason", "execution");
    JsonNode input = reply.hasNonNull("editedInput") ? reply.get("editedInput") : call.get("input");
    if (effect.equals("allow") && holds(reply.path("validUntil")) && input.isObject()) {
      return told.set("input", input);
    }
    return effect.equals("deny") ? told : clientDenies("unusable");
  }

  /** Whether it is a time in UTC, such as 2026-05-04T09:35:00.125Z, that lies in the future. */
  private static boolean holds(JsonNode validUntil) {
    String form = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z";
    if (!validUntil.isTextual() || !validUntil.asText().matches(form)) {
      return false;
    }
    try {
      return Instant.parse(validUntil.asText().substring(0, 19) + "Z").isAfter(Instant.now());
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static JsonNode clientDenies(String code) {
    return JSON.createObjectNode()
        .put("effect", "deny")
        .put("decidedBy", "client")
        .put("code", code);
  }
}
