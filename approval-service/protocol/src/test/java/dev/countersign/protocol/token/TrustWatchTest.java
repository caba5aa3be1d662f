package dev.countersign.protocol.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jose4j.jwk.RsaJsonWebKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys that change while a service runs. */
class TrustWatchTest extends Tokens {
  private static final RsaJsonWebKey NEXT = key("p2");

  @TempDir Path folder;
  private KeyProvider provider;
  private TrustWatch watch;

  @BeforeEach
  void publish() throws Exception {
    provider = new KeyProvider();
  }

  @AfterEach
  void stop() {
    provider.close();
  }

  private TokenVerifier watching(Path file) throws Exception {
    watch = new TrustWatch(file);
    refresh(Instant.now());
    return TokenVerifier.of(watch);
  }

  private void refresh(Instant now) {
    watch.refresh(now).join();
  }

  private static String person(RsaJsonWebKey key) {
    return new TokenSigner("people", key)
        .sign(TokenType.PERSON, "mira", "default", List.of(), Map.of(), NOW, HOUR);
  }

  private static String codeAt(TokenVerifier verifier, String token) {
    return assertThrows(TokenException.class, () -> verifier.verify(token, NOW, TokenType.PERSON))
        .code();
  }

  @Test
  void aTrustFileThatChangesIsReadAgain() throws Exception {
    Path file = folder.resolve("trust.json");
    Files.write(file, trust(issuer("people", List.of("person"), PEOPLE_KEY)));
    TokenVerifier verifier = watching(file);
    String old = person(PEOPLE_KEY);
    verifier.verify(old, NOW, TokenType.PERSON);
    assertEquals("unknown_key", codeAt(verifier, person(NEXT)));

    Files.write(file, trust(issuer("people", List.of("person"), NEXT)));
    refresh(Instant.now());
    verifier.verify(person(NEXT), NOW, TokenType.PERSON);
    assertEquals("unknown_key", codeAt(verifier, old));

    Files.writeString(file, "{\"issuers\": [");
    refresh(Instant.now());
    verifier.verify(person(NEXT), NOW, TokenType.PERSON);
  }

  /**
   * As a kubelet changes a mounted ConfigMap: the file is a link into {@code ..data}, and a link to
   * the next folder is renamed over that. Neither the size nor the time of the file is another one.
   */
  private Path mount(int content, RsaJsonWebKey key) throws Exception {
    String text = new String(trust(issuer("people", List.of("person"), key)), UTF_8);
    Path next = Files.createDirectory(folder.resolve("..content-" + content));
    Files.writeString(next.resolve("trust.json"), text + " ".repeat(4096 - text.length()));
    Files.setLastModifiedTime(next.resolve("trust.json"), FileTime.fromMillis(0));
    Path link = Files.createSymbolicLink(folder.resolve("..data_tmp"), next.getFileName());
    Files.move(link, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    return next;
  }

  @Test
  void aMountThatIsSwappedIsReadAgain() throws Exception {
    Path file = folder.resolve("trust.json");
    Files.createSymbolicLink(file, Path.of("..data", "trust.json"));
    Path first = mount(0, PEOPLE_KEY);
    TokenVerifier verifier = watching(file);
    verifier.verify(person(PEOPLE_KEY), NOW, TokenType.PERSON);

    mount(1, NEXT);
    Files.delete(first.resolve("trust.json"));
    refresh(Instant.now());
    verifier.verify(person(NEXT), NOW, TokenType.PERSON);
    assertEquals("unknown_key", codeAt(verifier, person(PEOPLE_KEY)));

    Files.delete(folder.resolve("..data"));
    refresh(Instant.now());
    verifier.verify(person(NEXT), NOW, TokenType.PERSON);

    mount(2, PEOPLE_KEY);
    refresh(Instant.now());
    verifier.verify(person(PEOPLE_KEY), NOW, TokenType.PERSON);
  }

  private Map<String, Object> atAddress(String uri) {
    return Map.of("iss", "people", "may", List.of("person"), "jwksUri", uri);
  }

  private String address() {
    return provider.address();
  }

  @Test
  void aPublishedKeySetIsReadAgain() throws Exception {
    Path file = folder.resolve("trust.json");
    Files.write(
        file,
        trust(atAddress(address()), issuer("agent-gateway", List.of("session"), GATEWAY_KEY)));
    TokenVerifier verifier = watching(file);
    String old = person(PEOPLE_KEY);
    assertEquals("unknown_key", codeAt(verifier, old));
    verifier.verify(session(), NOW, TokenType.SESSION);

    provider.publish(KeyProvider.keySet(PEOPLE_KEY));
    refresh(Instant.now());
    verifier.verify(old, NOW, TokenType.PERSON);

    provider.publish(null);
    refresh(Instant.now().plusSeconds(3600));
    verifier.verify(old, NOW, TokenType.PERSON);

    provider.publish(KeyProvider.keySet(NEXT, GATEWAY_KEY));
    assertEquals("unknown_key", codeAt(verifier, person(NEXT)));
    refresh(Instant.now());
    verifier.verify(person(NEXT), NOW, TokenType.PERSON);
    assertEquals("unknown_key", codeAt(verifier, old));
    String forged =
        new TokenSigner("people", GATEWAY_KEY)
            .sign(TokenType.SESSION, "s-1", "default", List.of(), Map.of(), NOW, HOUR);
    assertThrows(TokenException.class, () -> verifier.verify(forged, NOW, TokenType.values()));
  }

  @Test
  void aChangeOfTheFileKeepsThePublishedKeysWhileTheirAddressIsTheSame() throws Exception {
    Path file = folder.resolve("trust.json");
    provider.publish(KeyProvider.keySet(PEOPLE_KEY));
    Files.write(file, trust(atAddress(address())));
    TokenVerifier verifier = watching(file);
    String mira = person(PEOPLE_KEY);
    verifier.verify(mira, NOW, TokenType.PERSON);

    provider.publish(null);
    Map<String, Object> gateway = issuer("agent-gateway", List.of("session"), GATEWAY_KEY);
    for (int change = 0; change < 3; change++) {
      Files.write(
          file,
          change % 2 == 0 ? trust(atAddress(address()), gateway) : trust(atAddress(address())));
      refresh(Instant.now());
      verifier.verify(mira, NOW, TokenType.PERSON);
    }
    Map<String, Object> ofAcme = new HashMap<>(atAddress(address()));
    ofAcme.put("tenants", List.of("acme"));
    Files.write(file, trust(ofAcme));
    refresh(Instant.now());
    assertEquals("beyond_issuer", codeAt(verifier, mira));

    for (Map<String, Object> other :
        List.of(
            atAddress(address() + "/moved"),
            Map.<String, Object>of("iss", "x", "may", List.of("person"), "jwksUri", address()))) {
      Files.write(file, trust(atAddress(address())));
      provider.publish(KeyProvider.keySet(PEOPLE_KEY));
      refresh(Instant.now());
      verifier.verify(mira, NOW, TokenType.PERSON);
      provider.publish(null);
      Files.write(file, trust(other));
      refresh(Instant.now());
      assertEquals("unknown_key", codeAt(verifier, mira));
    }
  }

  @Test
  void anAddressIsOnlyForPersonsAndOnlySafe() {
    for (Map<String, Object> wrong :
        List.of(
            atAddress("http://people.example/keys"),
            atAddress("file:///etc/keys"),
            Map.<String, Object>of(
                "iss", "people", "may", List.of("session"), "jwksUri", "https://a.example/k"),
            Map.<String, Object>of(
                "iss",
                "people",
                "may",
                List.of("person"),
                "jwksUri",
                "https://a.example/k",
                "jwks",
                Map.of("keys", List.of(publicKey(PEOPLE_KEY)))))) {
      assertThrows(
          IllegalArgumentException.class,
          () -> TokenVerifier.parse(trust(wrong)),
          wrong.toString());
    }
  }
}
