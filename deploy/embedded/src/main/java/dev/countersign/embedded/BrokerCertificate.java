package dev.countersign.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The certificate of a broker on this machine: signed by itself, for {@code 127.0.0.1} and {@code
 * localhost}, for ten years. Made with the JDK's {@code keytool}.
 */
final class BrokerCertificate {
  /** Whom it names. */
  static final String NAME = "CN=countersign-broker";

  private static final String ALIAS = "broker";
  private static final String STORE_PASSWORD = "STORE_PASSWORD";

  private final Path store;
  private final Path certificate;
  private final String password;

  private BrokerCertificate(Path folder, String password) {
    this.store = folder.resolve("broker.p12");
    this.certificate = folder.resolve("broker.pem");
    this.password = password;
  }

  /**
   * Reads it, or makes it anew if it is not there, not whole, or locked with another password.
   *
   * @param password of the file that holds the key
   */
  static BrokerCertificate in(Path folder, String password) {
    BrokerCertificate made = new BrokerCertificate(folder, password);
    try {
      Optional<byte[]> pem = made.pem();
      if (pem.isEmpty()) {
        Files.deleteIfExists(made.store);
        made.generate();
        pem = made.pem();
      }
      made.publish(pem.orElseThrow(() -> new IOException("keytool made no key")));
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the broker's certificate in " + folder, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while making the broker's certificate", e);
    }
  }

  private void generate() throws IOException, InterruptedException {
    ProcessBuilder keytool =
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                NAME,
                "-ext",
                "SAN=IP:127.0.0.1,DNS:localhost",
                "-validity",
                "3650",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass:env",
                STORE_PASSWORD));
    // Others can read a command line, but not this.
    keytool.environment().put(STORE_PASSWORD, password);
    keytool.redirectErrorStream(true);
    Process process = keytool.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("keytool failed: " + said.strip());
    }
    Files.setPosixFilePermissions(store, PosixFilePermissions.fromString("rw-------"));
  }

  /** The certificate of the key, as PEM; empty if the key cannot be used. */
  private Optional<byte[]> pem() {
    if (!Files.exists(store)) {
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(store)) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(in, password.toCharArray());
      if (keys.getKey(ALIAS, password.toCharArray()) == null) {
        return Optional.empty();
      }
      String body =
          Base64.getMimeEncoder(64, new byte[] {'\n'})
              .encodeToString(keys.getCertificate(ALIAS).getEncoded());
      String text = "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n";
      return Optional.of(text.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException | GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  /** Clients that are there already go on with the file they know. */
  private void publish(byte[] pem) throws IOException {
    if (!Files.exists(certificate) || !Arrays.equals(pem, Files.readAllBytes(certificate))) {
      Folders.writePrivate(certificate, pem);
    }
  }

  /** The certificate alone, as PEM. */
  Path file() {
    return certificate;
  }

  /** What a client needs to know the broker by, by the names of Kafka's settings. */
  Map<String, Object> trust() {
    Map<String, Object> settings = new HashMap<>();
    settings.put("ssl.truststore.type", "PEM");
    settings.put("ssl.truststore.location", certificate.toString());
    return settings;
  }

  /** What the broker itself needs. */
  Map<String, Object> server() {
    Map<String, Object> settings = trust();
    settings.put("ssl.keystore.type", "PKCS12");
    settings.put("ssl.keystore.location", store.toString());
    settings.put("ssl.keystore.password", password);
    settings.put("ssl.key.password", password);
    return settings;
  }
}
