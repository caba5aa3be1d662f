package dev.countersign.embedded;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker's key can be used whatever of its files is there, and whatever of it is whole. */
class BrokerSecurityTest {
  private static final List<String> FILES = List.of("passwords.json", "broker.p12", "broker.pem");

  @TempDir static Path dir;

  private static Path whole;

  @BeforeAll
  static void make() {
    whole = dir.resolve("whole");
    BrokerSecurity.in(whole);
  }

  private static Path copy(String name) throws IOException {
    Path copy = Files.createDirectory(dir.resolve(name));
    for (String file : FILES) {
      Files.copy(whole.resolve(file), copy.resolve(file));
    }
    return copy;
  }

  @Test
  void whatIsThereServesAgain() {
    Map<String, Object> first = BrokerSecurity.in(whole).broker("ANY");
    assertEquals(first, BrokerSecurity.in(whole).broker("ANY"));
  }

  @Test
  void whateverIsGoneTheKeyCanBeUsed() throws Exception {
    for (int gone = 0; gone < 1 << FILES.size(); gone++) {
      Path folder = copy("gone-" + gone);
      for (int file = 0; file < FILES.size(); file++) {
        if ((gone & 1 << file) != 0) {
          Files.delete(folder.resolve(FILES.get(file)));
        }
      }
      assertUsable(folder);
    }
  }

  @Test
  void halfOfTheKeyOrOfTheCertificateIsNoHindrance() throws Exception {
    for (String file : FILES.subList(1, FILES.size())) {
      for (int part : new int[] {0, 2}) {
        Path folder = copy(file + part);
        byte[] content = Files.readAllBytes(folder.resolve(file));
        int length = part == 0 ? 0 : content.length / part;
        Files.write(folder.resolve(file), Arrays.copyOf(content, length));
        assertUsable(folder);
      }
    }
  }

  /** The key opens with its password, and its certificate is the one that clients are told. */
  private static void assertUsable(Path folder) throws Exception {
    Map<String, Object> settings = BrokerSecurity.in(folder).broker("ANY");
    char[] password = settings.get("ssl.keystore.password").toString().toCharArray();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = open(settings.get("ssl.keystore.location"))) {
      keys.load(in, password);
    }
    try (InputStream in = open(settings.get("ssl.truststore.location"))) {
      assertArrayEquals(
          keys.getCertificate("broker").getEncoded(),
          CertificateFactory.getInstance("X.509").generateCertificate(in).getEncoded());
    }
  }

  private static InputStream open(Object path) throws IOException {
    return Files.newInputStream(Path.of(path.toString()));
  }
}
