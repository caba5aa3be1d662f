package dev.countersign.embedded;

import dev.countersign.protocol.InvalidEventException;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.kafka.KafkaUser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;

/**
 * How a broker on this machine tells its users apart: TLS with a certificate of its own, logins by
 * SCRAM, and ACLs without which nobody may do anything. Its files are in one private folder, and
 * the same ones serve again after a restart.
 */
public final class BrokerSecurity {
  static final String MECHANISM = "SCRAM-SHA-512";

  private static final String ADMIN = KafkaUser.ADMIN;

  /** No user: under it the password of the file with the broker's key is kept. */
  private static final String KEY_STORE = "(key store)";

  /**
   * What others may make the broker hold, so that it stays well within {@link #HEAP_MEGABYTES}: of
   * what a stranger sends, of one request, of all requests together, of connections, and of members
   * of one group. A producer of ours sends 4 MiB at once.
   */
  private static final Map<String, Object> LIMITS =
      Map.of(
          "sasl.server.max.receive.size",
          64 * 1024,
          "socket.request.max.bytes",
          8 * 1024 * 1024,
          "queued.max.request.bytes",
          64 * 1024 * 1024,
          "max.connections",
          300,
          "group.max.size",
          64,
          "group.consumer.max.size",
          64);

  /** The heap that a broker with these limits needs. */
  public static final int HEAP_MEGABYTES = 512;

  private final Path passwordFile;
  private final BrokerCertificate certificate;
  private final Map<String, String> passwords;

  private BrokerSecurity(Path folder, Path passwordFile, Map<String, String> passwords) {
    this.passwordFile = passwordFile;
    this.passwords = passwords;
    this.certificate = BrokerCertificate.in(folder, password(KEY_STORE));
    // Two processes read this; the second one finds it.
    password(ADMIN);
  }

  /** Reads what is in a folder, and makes what is missing. */
  public static BrokerSecurity in(Path folder) {
    Folders.createPrivate(folder);
    Path file = passwordFile(folder);
    Map<String, String> passwords = new TreeMap<>();
    try {
      if (Files.exists(file)) {
        Json.readTree(Files.readAllBytes(file))
            .fields()
            .forEachRemaining(entry -> passwords.put(entry.getKey(), entry.getValue().asText()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    } catch (InvalidEventException e) {
      // What it quotes may be a password.
      throw new IllegalStateException(file + " is no JSON object with a password for each user");
    }
    return new BrokerSecurity(folder, file, passwords);
  }

  private static Path passwordFile(Path folder) {
    return folder.resolve("passwords.json");
  }

  /** Whether logins are in a folder. A broker that began with others does not know these anew. */
  public static boolean isIn(Path folder) {
    return Files.exists(passwordFile(folder));
  }

  private synchronized String password(String user) {
    String password = passwords.get(user);
    if (password == null) {
      password = Passwords.fresh();
      passwords.put(user, password);
      Folders.writePrivate(passwordFile, Json.write(passwords));
    }
    return password;
  }

  /** How a user reaches the broker, by the names of Kafka's clients, without its address. */
  public Map<String, Object> client(String user) {
    Map<String, Object> settings = new HashMap<>(certificate.trust());
    settings.put("security.protocol", "SASL_SSL");
    settings.put("sasl.mechanism", MECHANISM);
    settings.put("sasl.jaas.config", login(user));
    return settings;
  }

  /** The same by the names of librdkafka, which {@code kcat} and most other languages use. */
  public Map<String, String> librdkafka(String user) {
    return Map.of(
        "security.protocol",
        "SASL_SSL",
        "sasl.mechanisms",
        MECHANISM,
        "sasl.username",
        user,
        "sasl.password",
        password(user),
        "ssl.ca.location",
        certificate.file().toString());
  }

  /** How whoever may do everything reaches it. */
  public Map<String, Object> admin() {
    return client(ADMIN);
  }

  private String login(String user) {
    return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";"
        .formatted(user, password(user));
  }

  /** What the broker is formatted with, so that somebody can log in at all. */
  String firstLogin() {
    return "%s=[name=%s,password=%s,iterations=%s]"
        .formatted(MECHANISM, ADMIN, password(ADMIN), BrokerUsers.ITERATIONS);
  }

  /** The broker's own part; its controller takes only who holds the broker's key. */
  Map<String, Object> broker(String listener) {
    Map<String, Object> settings = new HashMap<>(certificate.server());
    settings.put("listener.name.controller.ssl.client.auth", "required");
    settings.put("sasl.enabled.mechanisms", MECHANISM);
    settings.put("sasl.mechanism.inter.broker.protocol", MECHANISM);
    settings.put(
        "listener.name.%s.%s.sasl.jaas.config"
            .formatted(listener.toLowerCase(Locale.ROOT), MECHANISM.toLowerCase(Locale.ROOT)),
        login(ADMIN));
    settings.put("super.users", "User:" + ADMIN + ";User:" + BrokerCertificate.NAME);
    settings.put("allow.everyone.if.no.acl.found", false);
    settings.putAll(LIMITS);
    return settings;
  }

  /**
   * Lets these users log in and nobody else but {@link #admin}, and each do what its rules say and
   * nothing else, whoever could log in and do what before. Who is no service gets a quota. All of
   * them are known to the broker when this returns.
   *
   * @param client how whoever may do everything reaches the broker that was started with this
   * @throws IllegalArgumentException if two users have one name
   */
  public void admit(Map<String, Object> client, List<KafkaUser> users) {
    BrokerUsers wanted = new BrokerUsers(users, this::password);
    try (Admin admin = Admin.create(client)) {
      wanted.establish(admin);
      forgetAllBut(users);
      for (KafkaUser user : users) {
        Map<String, Object> own = new HashMap<>(client);
        own.putAll(client(user.name()));
        BrokerUsers.awaitLogin(own);
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot admit users to Kafka", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while admitting users to Kafka", e);
    }
  }

  private synchronized void forgetAllBut(List<KafkaUser> users) {
    Set<String> kept = users.stream().map(KafkaUser::name).collect(Collectors.toSet());
    kept.addAll(List.of(ADMIN, KEY_STORE));
    if (passwords.keySet().retainAll(kept)) {
      Folders.writePrivate(passwordFile, Json.write(passwords));
    }
  }

  @Override
  public String toString() {
    return "BrokerSecurity[…]";
  }
}
