package dev.countersign.preflight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFileTest {
  private static final String SETTING = "countersign.signing-key-file";

  private static String key;
  private static String publicKey;
  private static String keyWithoutId;

  @TempDir Path dir;
  private Path file;

  @BeforeAll
  static void makeKey() throws JoseException {
    RsaJsonWebKey made = RsaJwkGenerator.generateJwk(2048);
    made.setKeyId("k");
    key = json(made, OutputControlLevel.INCLUDE_PRIVATE);
    publicKey = json(made, OutputControlLevel.PUBLIC_ONLY);
    made.setKeyId(null);
    keyWithoutId = json(made, OutputControlLevel.INCLUDE_PRIVATE);
  }

  private static String json(RsaJsonWebKey key, OutputControlLevel level) {
    Map<String, Object> json = key.toParams(level);
    json.put("iss", "agent-gateway");
    return JsonUtil.toJson(json);
  }

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(dir.resolve("key.json"), key);
  }

  private Path mode(String permissions) throws IOException {
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-------", "r--------", "r--r-----", "rw-r-----"})
  void itsOwnerAndItsOwnGroupMayReadIt(String permissions) throws IOException {
    assertEquals(Optional.empty(), KeyFile.problem(SETTING, mode(permissions)));
  }

  @ParameterizedTest
  @CsvSource({
    "rw-r--r--, it is open to everybody",
    "r-----r--, it is open to everybody",
    "rw-----w-, it is open to everybody",
    "rw------x, it is open to everybody",
    "rwxrwxrwx, it is open to everybody",
    "rw-rw----, its group may change it",
    "rw--w----, its group may change it",
  })
  void whatOthersMayReadOrChangeIsRefused(String permissions, String why) throws IOException {
    mode(permissions);
    assertEquals(
        Optional.of(
            "%s: %s has the mode %s, so %s: chmod 600 %s; of a mounted secret, defaultMode 0440 and fsGroup"
                .formatted(SETTING, file, permissions, why, file)),
        KeyFile.problem(SETTING, file));
  }

  @Test
  void aGroupThatThisProcessIsNotInMayNotReadIt() throws IOException {
    mode("rw-r-----");
    assertEquals(
        Optional.of(
            "%s: %s has the mode rw-r-----, so a group may read it that this process is not in:"
                    .formatted(SETTING, file)
                + " let this process own it and chmod 600, or give it a group that this process is"
                + " in; of a mounted secret, defaultMode 0440 and fsGroup"),
        KeyFile.problem(SETTING, file, group -> false));
  }

  /** Kubernetes mounts a secret's files as links. */
  @Test
  void theRightsOfALinkAreThoseOfItsFile() throws IOException {
    Path link = Files.createSymbolicLink(dir.resolve("link"), mode("rw-------"));
    assertEquals(Optional.empty(), KeyFile.problem(SETTING, link));
    mode("rw-r--r--");
    assertTrue(KeyFile.problem(SETTING, link).orElseThrow().contains("open to everybody"));
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    Path nowhere = dir.resolve("nowhere.json");
    assertEquals(
        Optional.of(
            "%s: there is no file %s; it must hold the private key (JWK)"
                .formatted(SETTING, nowhere)),
        KeyFile.problem(SETTING, nowhere));
    assertTrue(KeyFile.problem(SETTING, dir).isPresent(), "a folder is none");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{}", "{\"iss\": \"a\"}", "{\"iss\": \"a\", \"kty\": \"RSA\"}", "not"})
  void aFileWithoutAKeyIsNamedInOneLine(String text) throws IOException {
    assertNamed(text);
  }

  @Test
  void aKeyThatCannotSignIsNamedInOneLine() throws IOException {
    assertNamed(publicKey);
    assertNamed(keyWithoutId);
  }

  private void assertNamed(String text) throws IOException {
    mode("rw-------");
    Files.writeString(file, text);
    String problem = KeyFile.problem(SETTING, file).orElseThrow();
    assertTrue(problem.contains(file.toString()), problem);
    assertEquals(1, problem.lines().count(), problem);
  }
}
