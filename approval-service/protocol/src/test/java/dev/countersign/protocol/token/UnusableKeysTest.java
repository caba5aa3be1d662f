package dev.countersign.protocol.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAKeyGenParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Nothing that a file or a provider says keeps a key that is taken away from being refused. */
@Timeout(120)
class UnusableKeysTest extends Tokens {
  private static final RsaJsonWebKey NEXT_KEY = key("g2");
  private static final String OF_GATEWAY_KEY = session();
  private static final String OF_NEXT_KEY = sign(new TokenSigner("agent-gateway", NEXT_KEY));

  /** Held, so that it stays as it is set: a thousand texts that cannot be read are no news here. */
  private static final Logger LOG = Logger.getLogger(TrustWatch.class.getName());

  @BeforeAll
  static void beQuiet() {
    LOG.setLevel(Level.OFF);
  }

  @AfterAll
  static void speakAgain() {
    LOG.setLevel(null);
  }

  @TempDir Path folder;
  private Path file;
  private KeyProvider provider;

  @BeforeEach
  void publish() throws Exception {
    file = folder.resolve("trust.json");
    provider = new KeyProvider();
  }

  @AfterEach
  void stop() {
    provider.close();
  }

  private static Map<String, Object> gateway(RsaJsonWebKey key) {
    return issuer("agent-gateway", List.of("session", "assertion"), key);
  }

  private Map<String, Object> people(String path) {
    return Map.of("iss", "people", "may", List.of("person"), "jwksUri", provider.address(path));
  }

  private static boolean proves(TokenVerifier verifier, RsaJsonWebKey key) {
    try {
      String token = key == NEXT_KEY ? OF_NEXT_KEY : OF_GATEWAY_KEY;
      return verifier.verify(token, NOW, TokenType.SESSION) != null;
    } catch (TokenException e) {
      assertEquals("unknown_key", e.code());
      return false;
    }
  }

  /** Changes the file to the key that it does not name. */
  private void assertAChangeOfTheFileCounts(
      TrustWatch watch, TokenVerifier verifier, Map<String, Object> people, String after)
      throws Exception {
    boolean next = proves(verifier, GATEWAY_KEY);
    Files.write(file, trust(gateway(next ? NEXT_KEY : GATEWAY_KEY), people));
    watch.refresh(Instant.now()).join();
    assertEquals(next, proves(verifier, NEXT_KEY), after);
    assertEquals(!next, proves(verifier, GATEWAY_KEY), after);
  }

  @Test
  void noTextOfTheTrustFileKeepsTheNextFromBeingRead() throws Exception {
    Map<String, Object> people = issuer("people", List.of("person"), PEOPLE_KEY);
    byte[] valid = trust(gateway(GATEWAY_KEY), people);
    Files.write(file, valid);
    TrustWatch watch = new TrustWatch(file);
    TokenVerifier verifier = TokenVerifier.of(watch);
    List<byte[]> texts = new ArrayList<>(WrongTypes.of(valid));
    texts.addAll(WrongTypes.of(trust(gateway(GATEWAY_KEY), people("/keys"))));
    for (String text : List.of("", "[", "{\"issuers\":", "\u0000", "[".repeat(100_000))) {
      texts.add(text.getBytes(UTF_8));
    }
    for (byte[] text : texts) {
      String shown = new String(text, UTF_8);
      Files.write(file, text);
      watch.refresh(Instant.now());
      assertAChangeOfTheFileCounts(watch, verifier, people, shown);
      try {
        TokenVerifier.parse(text);
      } catch (IllegalArgumentException e) {
        assertFalse(e.getMessage().isBlank(), shown);
      }
    }
  }

  @Test
  void noKeySetKeepsTheFileFromBeingRead() throws Exception {
    byte[] valid = KeyProvider.keySet(PEOPLE_KEY, STRANGER_KEY);
    Files.write(file, trust(gateway(GATEWAY_KEY), people("/keys")));
    TrustWatch watch = new TrustWatch(file);
    TokenVerifier verifier = TokenVerifier.of(watch);
    List<byte[]> texts = new ArrayList<>(WrongTypes.of(valid));
    for (String text : List.of("", "[", "<html>", "\u0000", "[".repeat(100_000))) {
      texts.add(text.getBytes(UTF_8));
    }
    for (byte[] text : texts) {
      provider.publish(text);
      watch.refresh(Instant.now().plusSeconds(3600)).join();
      assertAChangeOfTheFileCounts(watch, verifier, people("/keys"), new String(text, UTF_8));
    }
    provider.publish(valid);
    watch.refresh(Instant.now().plusSeconds(3600)).join();
    verifier.verify(person("mira"), NOW, TokenType.PERSON);
  }

  @Test
  void aServiceStartsWhateverAProviderAnswers() throws Exception {
    Files.write(file, trust(gateway(GATEWAY_KEY), people("/keys")));
    for (String text : List.of("{\"keys\":\"x\"}", "{\"keys\":[1]}", "{}", "")) {
      provider.publish(text.getBytes(UTF_8));
      TokenVerifier.load(file).verify(session(), NOW, TokenType.SESSION);
    }
  }

  @Test
  void theFileIsReadForEverAfterAKeySetThatIsNone() throws Exception {
    provider.publish("{\"keys\":[1]}".getBytes(UTF_8));
    Files.write(file, trust(gateway(GATEWAY_KEY), people("/keys")));
    TrustWatch watch = new TrustWatch(file);
    TokenVerifier verifier = TokenVerifier.of(watch);
    Future<?> task = TrustWatch.keepFresh(watch, Duration.ofMillis(20));
    await(() -> provider.asked() > 2);
    Files.write(file, trust(gateway(NEXT_KEY), people("/keys")));
    await(() -> proves(verifier, NEXT_KEY));
    assertFalse(proves(verifier, GATEWAY_KEY));
    task.cancel(false);
  }

  /** Far costlier to verify with than others; the library takes both. */
  private static Stream<RsaJsonWebKey> costlyKeys() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(new RSAKeyGenParameterSpec(3072, RSAKeyGenParameterSpec.F4));
    BigInteger modulus = ((RSAPublicKey) generator.generateKeyPair().getPublic()).getModulus();
    BigInteger large = BigInteger.ONE.shiftLeft(16_383).setBit(0);
    BigInteger over = BigInteger.ONE.shiftLeft(4096).setBit(0);
    return Stream.of(
        costly(large, RSAKeyGenParameterSpec.F4),
        costly(over, RSAKeyGenParameterSpec.F4),
        costly(modulus, BigInteger.ONE.shiftLeft(3070).setBit(0)),
        costly(modulus, BigInteger.ONE.shiftLeft(32).setBit(0)));
  }

  private static RsaJsonWebKey costly(BigInteger modulus, BigInteger exponent) throws Exception {
    RsaJsonWebKey key =
        new RsaJsonWebKey(
            (RSAPublicKey)
                KeyFactory.getInstance("RSA")
                    .generatePublic(new RSAPublicKeySpec(modulus, exponent)));
    key.setKeyId("costly");
    return key;
  }

  @ParameterizedTest
  @MethodSource("costlyKeys")
  void aKeyThatTakesLongIsPassedOverAndTheProvidersOthersCount(RsaJsonWebKey costly)
      throws Exception {
    provider.publish(KeyProvider.keySet(costly, PEOPLE_KEY));
    Files.write(file, trust(gateway(GATEWAY_KEY), people("/keys")));
    TrustWatch watch = new TrustWatch(file);
    watch.refresh(Instant.now()).join();
    TokenVerifier verifier = TokenVerifier.of(watch);
    verifier.verify(person("mira"), NOW, TokenType.PERSON);

    JsonWebSignature jws = new JsonWebSignature();
    jws.setAlgorithmHeaderValue(AlgorithmIdentifiers.RSA_USING_SHA256);
    jws.setKeyIdHeaderValue("costly");
    jws.setPayload("{\"iss\":\"people\"}");
    jws.setKey(STRANGER_KEY.getPrivateKey());
    String forged = jws.getCompactSerialization();
    assertEquals(
        "unknown_key",
        assertThrows(TokenException.class, () -> verifier.verify(forged, NOW, TokenType.PERSON))
            .code());
  }

  @ParameterizedTest
  @MethodSource("costlyKeys")
  void aKeyThatTakesLongIsRefusedInTheTrustFile(RsaJsonWebKey costly) {
    byte[] text = trust(issuer("people", List.of("person"), PEOPLE_KEY, costly));
    String said =
        assertThrows(IllegalArgumentException.class, () -> TokenVerifier.parse(text)).getMessage();
    assertTrue(said.contains("key costly of issuer people cannot be used"), said);
    assertTrue(said.contains("at most 4096 bits and an exponent of at most 32 bits"), said);
  }

  @Test
  void theLargestKeyThatIsUsedIsTaken() throws Exception {
    RsaJsonWebKey largest = RsaJwkGenerator.generateJwk(4096);
    largest.setKeyId("largest");
    provider.publish(KeyProvider.keySet(largest));
    Files.write(file, trust(gateway(GATEWAY_KEY), people("/keys")));
    String token =
        new TokenSigner("people", largest)
            .sign(TokenType.PERSON, "mira", "default", List.of(), Map.of(), NOW, HOUR);
    TokenVerifier.load(file).verify(token, NOW, TokenType.PERSON);
  }

  @Test
  void aSlipInTheFileIsSaid() {
    Map<String, Object> skipped = issuer("a", List.of("person"), PEOPLE_KEY);
    skipped.put(
        "jwks", Map.of("keys", List.of(publicKey(PEOPLE_KEY), Map.of("kty", "RSA", "n", 5))));
    assertEquals(
        "in the trust file, jwks of issuer a cannot be used: it holds a key that cannot be read",
        assertThrows(IllegalArgumentException.class, () -> TokenVerifier.parse(trust(skipped)))
            .getMessage());
    Map<String, Object> none = issuer("a", List.of("person"), PEOPLE_KEY);
    none.put("jwks", Map.of("keys", List.of(1)));
    assertEquals(
        "in the trust file, jwks of issuer a cannot be used: not a JSON Web Key Set: {\"keys\":"
            + " [{…}]}",
        assertThrows(IllegalArgumentException.class, () -> TokenVerifier.parse(trust(none)))
            .getMessage());
  }

  @Test
  void aProviderThatNeverEndsHoldsNobodyBack() throws Exception {
    Map<String, Object> other =
        Map.of(
            "iss", "others",
            "may", List.of("person"),
            "tenants", List.of("other"),
            "jwksUri", provider.address());
    Map<String, Object> slow = new java.util.HashMap<>(people("/drip"));
    slow.put("tenants", List.of("default"));
    provider.publish(KeyProvider.keySet(STRANGER_KEY));
    Files.write(file, trust(gateway(GATEWAY_KEY), slow, other));
    TrustWatch watch = new TrustWatch(file);
    TokenVerifier verifier = TokenVerifier.of(watch);
    CompletableFuture<Void> readings = watch.refresh(Instant.now());
    provider.awaitDripping();
    String ofOther =
        new TokenSigner("others", STRANGER_KEY)
            .sign(TokenType.PERSON, "kim", "other", List.of(), Map.of(), NOW, HOUR);
    await(() -> verifies(verifier, ofOther));

    Files.write(file, trust(gateway(NEXT_KEY), slow, other));
    watch.refresh(Instant.now());
    assertFalse(proves(verifier, GATEWAY_KEY));
    assertEquals(true, proves(verifier, NEXT_KEY));
    assertFalse(readings.isDone(), "all that while it dripped");

    readings.join();
    provider.awaitHungUp();
    TokenVerifier.load(file).verify(ofOther, NOW, TokenType.PERSON);
  }

  @Test
  void aKeySetThatIsTooLongIsNotReadToItsEnd() throws Exception {
    Files.write(file, trust(gateway(GATEWAY_KEY), people("/flood")));
    TokenVerifier.load(file).verify(session(), NOW, TokenType.SESSION);
    provider.awaitHungUp();
  }

  private static boolean verifies(TokenVerifier verifier, String token) {
    try {
      return verifier.verify(token, NOW, TokenType.PERSON) != null;
    } catch (TokenException e) {
      return false;
    }
  }

  private static void await(java.util.function.BooleanSupplier condition)
      throws InterruptedException {
    while (!condition.getAsBoolean()) {
      Thread.sleep(10);
    }
  }
}
