package dev.countersign.embedded;

import dev.countersign.protocol.Json;
import dev.countersign.protocol.kafka.KafkaUser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AclBindingFilter;

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

  private static final int ITERATIONS = 4096;
  private static final SecureRandom RANDOM = new SecureRandom();

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
    Path file = folder.resolve("passwords.json");
    Map<String, String> passwords = new TreeMap<>();
    try {
      if (Files.exists(file)) {
        Json.readTree(Files.readAllBytes(file))
            .fields()
            .forEachRemaining(entry -> passwords.put(entry.getKey(), entry.getValue().asText()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
    return new BrokerSecurity(folder, file, passwords);
  }

  private synchronized String password(String user) {
    String password = passwords.get(user);
    if (password == null) {
      byte[] bytes = new byte[24];
      RANDOM.nextBytes(bytes);
      password = HexFormat.of().formatHex(bytes);
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
    return "%s=[name=%s,password=%s,iterations=%d]"
        .formatted(MECHANISM, ADMIN, password(ADMIN), ITERATIONS);
  }

  /** The broker's own part; its controller takes only who holds the broker's key. */
  Map<String, Object> broker(String listener) {
    Map<String, Object> settings = new HashMap<>(certificate.server());
    settings.put("listener.name.controller.ssl.client.auth", "required");
    settings.put("sasl.enabled.mechanisms", MECHANISM);
    settings.put("sasl.mechanism.inter.broker.protocol", MECHANISM);
    settings.put(
        "listener.name.%s.%s.sasl.jaas.config"
            .formatted(listener.toLowerCase(), MECHANISM.toLowerCase()),
        login(ADMIN));
    settings.put("super.users", "User:" + ADMIN + ";User:" + BrokerCertificate.NAME);
    settings.put("allow.everyone.if.no.acl.found", false);
    return settings;
  }

  /**
   * Makes users, and lets each do what its rules say and nothing else, whatever it could before.
   *
   * @param bootstrapServers of a running broker that was started with this
   */
  public void admit(String bootstrapServers, List<KafkaUser> users) {
    Map<String, Object> settings = admin();
    settings.put("bootstrap.servers", bootstrapServers);
    try (Admin admin = Admin.create(settings)) {
      List<UserScramCredentialAlteration> logins =
          users.stream().map(user -> scram(user.name())).toList();
      admin.alterUserScramCredentials(logins).all().get();
      Acls wanted = Acls.of(users);
      var present = admin.describeAcls(AclBindingFilter.ANY).values().get();
      admin.deleteAcls(wanted.superfluous(present)).all().get();
      admin.createAcls(wanted.bindings()).all().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot admit users to Kafka", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while admitting users to Kafka", e);
    }
  }

  private UserScramCredentialAlteration scram(String user) {
    return new UserScramCredentialUpsertion(
        user, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS), password(user));
  }

  @Override
  public String toString() {
    return "BrokerSecurity[…]";
  }
}
