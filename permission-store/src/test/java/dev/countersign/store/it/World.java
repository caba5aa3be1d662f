package dev.countersign.store.it;

import static io.restassured.RestAssured.given;

import dev.countersign.embedded.DevKeys;
import dev.countersign.protocol.ChangeSource;
import dev.countersign.protocol.DeadLetter;
import dev.countersign.protocol.EventType;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.OverrideCommand;
import dev.countersign.protocol.OverrideDocument;
import dev.countersign.protocol.OverrideReply;
import dev.countersign.protocol.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.ConfigProvider;

/** What a test needs to play everybody around the store: senders, readers and the database. */
final class World implements AutoCloseable {
  final DevKeys keys = DevKeys.in(Path.of(config("test.keys")));
  final TopicReader replies = new TopicReader(bootstrap(), Topics.OVERRIDE_REPLIES);
  final TopicReader documents = new TopicReader(bootstrap(), Topics.OVERRIDE_DOCUMENTS);
  final TopicReader deadLetters = new TopicReader(bootstrap(), Topics.DEAD_LETTERS);
  private final KafkaProducer<String, byte[]> producer =
      new KafkaProducer<>(
          Map.of("bootstrap.servers", bootstrap(), "linger.ms", "0", "max.request.size", "4000000"),
          new StringSerializer(),
          new ByteArraySerializer());

  static String config(String name) {
    return ConfigProvider.getConfig().getValue(name, String.class);
  }

  static String bootstrap() {
    return config("test.kafka");
  }

  static String newUser() {
    return "user-" + UUID.randomUUID();
  }

  static OverrideCommand set(String user, String tool, String resource, String level) {
    return new OverrideCommand(
        null,
        UUID.randomUUID().toString(),
        user,
        OverrideCommand.Action.SET,
        tool,
        resource,
        level,
        false,
        new ChangeSource(ChangeSource.Via.PROMPT, user, "prompt-1", null));
  }

  /** Sends as the approval service does. */
  Future<RecordMetadata> send(OverrideCommand command) {
    return send(command.user(), Json.write(command), null);
  }

  Future<RecordMetadata> send(String key, byte[] value, String replyTo) {
    return send(key, value, asService(value), replyTo);
  }

  Future<RecordMetadata> send(String key, byte[] value, String assertion, String replyTo) {
    ProducerRecord<String, byte[]> record =
        new ProducerRecord<>(Topics.OVERRIDE_COMMANDS, key, value);
    if (assertion != null) {
      record.headers().add(Headers.ASSERTION, assertion.getBytes(StandardCharsets.UTF_8));
    }
    if (replyTo != null) {
      record.headers().add(Headers.REPLY_TO, replyTo.getBytes(StandardCharsets.UTF_8));
    }
    return producer.send(record);
  }

  String asService(byte[] value) {
    return keys.signer(DevKeys.APPROVAL)
        .signAssertion(
            "approval-service",
            DevKeys.TENANT,
            List.of("service"),
            EventType.OVERRIDE_COMMANDED.ceType(),
            value,
            Map.of(),
            Instant.now());
  }

  String asPerson(String person, List<String> roles, Map<String, ?> extra, byte[] value) {
    return Dashboard.in(Path.of(config("test.keys")))
        .signAssertion(
            person,
            DevKeys.TENANT,
            roles,
            EventType.OVERRIDE_COMMANDED.ceType(),
            value,
            extra,
            Instant.now());
  }

  OverrideReply reply(String commandId) {
    return Json.read(
        replies.await(r -> id(r).equals("reply/default/" + commandId)).value(),
        OverrideReply.class);
  }

  /** The replies to all of these commands, which may take long together. */
  Collection<OverrideReply> replies(Collection<String> commands) {
    Set<String> wanted =
        commands.stream().map(command -> "reply/default/" + command).collect(Collectors.toSet());
    return Awaitility.await()
        .atMost(Duration.ofMinutes(15))
        .pollInterval(Duration.ofMillis(200))
        .until(() -> latest(wanted), found -> found.size() == wanted.size())
        .values()
        .stream()
        .map(record -> Json.read(record.value(), OverrideReply.class))
        .toList();
  }

  private Map<String, ConsumerRecord<String, byte[]>> latest(Set<String> wanted) {
    Map<String, ConsumerRecord<String, byte[]>> found = new HashMap<>();
    replies.all().filter(r -> wanted.contains(id(r))).forEach(r -> found.put(id(r), r));
    return found;
  }

  OverrideDocument document(String user, long version) {
    String prefix = "document/default/" + user + "/";
    return Json.read(
        documents
            .await(
                r ->
                    r.value() != null
                        && id(r).startsWith(prefix)
                        && Long.parseLong(id(r).substring(prefix.length())) >= version)
            .value(),
        OverrideDocument.class);
  }

  /** Waits until the topic holds that this user was erased. */
  void tombstone(String user) {
    documents.await(
        r -> r.value() == null && r.key() != null && OverrideDocument.userOf(r.key()).equals(user));
  }

  /** Its {@code ce_id}; empty if somebody produced it without one. */
  private static String id(ConsumerRecord<String, byte[]> record) {
    Header id = record.headers().lastHeader(Headers.CE_ID);
    return id == null ? "" : new String(id.value(), StandardCharsets.UTF_8);
  }

  DeadLetter deadLetter(String key, String code) {
    String pseudonym = keys.signer(DevKeys.STORE).pseudonym(key);
    return Json.read(
        deadLetters
            .await(
                r -> {
                  DeadLetter letter = Json.read(r.value(), DeadLetter.class);
                  return letter.code().equals(code) && pseudonym.equals(letter.recordKey());
                })
            .value(),
        DeadLetter.class);
  }

  /** One number out of the database. */
  static long number(String sql, Object... parameters) {
    try (Connection connection =
            DriverManager.getConnection(
                config("test.jdbc"),
                config("quarkus.datasource.username"),
                config("quarkus.datasource.password"));
        var statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Changes the database behind the store's back. */
  static void update(String sql, Object... parameters) {
    number("with done as (" + sql + " returning 1) select count(*) from done", parameters);
  }

  /** Erases a user's document in their name. */
  void erase(String user) {
    given()
        .header("Authorization", "Bearer " + keys.personToken(user))
        .delete("/internal/users/{user}/permissions", user)
        .then()
        .statusCode(200);
  }

  static long historyLines(String user) {
    return number("select count(*) from permission_history where user_id = ?", user);
  }

  @Override
  public void close() {
    producer.close();
    replies.close();
    documents.close();
    deadLetters.close();
  }
}
