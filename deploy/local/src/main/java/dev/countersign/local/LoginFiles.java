package dev.countersign.local;

import dev.countersign.embedded.BrokerSecurity;
import dev.countersign.embedded.Folders;
import dev.countersign.protocol.kafka.KafkaUser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * The logins that a person hands to a program, a file each, which only its owner can read. They are
 * there once the broker knows them.
 */
record LoginFiles(Path folder) {
  /** Who looks after dead letters and reads receipts. */
  static final String OPERATOR = "ops";

  /** Of {@link Access#CLIENT}, as {@code kcat -F} and whatever is made of librdkafka reads it. */
  Path client() {
    return file(Access.CLIENT);
  }

  /** Of {@link #OPERATOR}, for the same programs. */
  Path operator() {
    return file(OPERATOR);
  }

  /** Of whoever may do everything, as {@code --command-config} of Kafka's own programs reads it. */
  Path admin() {
    return file(KafkaUser.ADMIN);
  }

  private Path file(String user) {
    return folder.resolve(user + ".properties");
  }

  void write(BrokerSecurity security) {
    Folders.writePrivate(client(), librdkafka(security.librdkafka(Access.CLIENT)));
    Folders.writePrivate(operator(), librdkafka(security.librdkafka(OPERATOR)));
    Folders.writePrivate(admin(), java(security.admin()));
  }

  private static byte[] librdkafka(Map<String, String> settings) {
    return settings.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue() + "\n")
        .sorted()
        .collect(Collectors.joining())
        .getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] java(Map<String, Object> settings) {
    Properties properties = new Properties();
    settings.forEach((name, value) -> properties.setProperty(name, value.toString()));
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try {
      properties.store(text, null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toByteArray();
  }
}
