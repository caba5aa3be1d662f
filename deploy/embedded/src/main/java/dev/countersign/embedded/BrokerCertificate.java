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
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
   * Reads it, or makes it if it is not there.
   *
   * @param password of the file that holds the key
   */
  static BrokerCertificate in(Path folder, String password) {
    BrokerCertificate made = new BrokerCertificate(folder, password);
    try {
      if (!Files.exists(made.certificate)) {
        Files.deleteIfExists(made.store);
        made.generate();
        Folders.writePrivate(made.certificate, made.pem());
      }
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the broker's certificate in " + folder, e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot make the broker's certificate in " + folder, e);
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

  private byte[] pem() throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, password.toCharArray());
    }
    String body =
        Base64.getMimeEncoder(64, new byte[] {'\n'})
            .encodeToString(keys.getCertificate(ALIAS).getEncoded());
    return ("-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n")
        .getBytes(StandardCharsets.US_ASCII);
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
