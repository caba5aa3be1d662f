package dev.countersign.protocol.token;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.junit.jupiter.api.Test;

/** The table of claims in {@code docs/operations.md} says what the verifier does with each. */
class ClaimsTableTest extends Tokens {
  private static final String HEAD = "| claim | | what it must be |";
  private static final String OF_HEADER = "header ";
  private static final Pattern WORD = Pattern.compile("`([^`]+)`");

  /** A person's token with nothing that may be left out. */
  private static final Map<String, Object> LEAST = least();

  /** What else is looked at, each as it would be right. */
  private static final Map<String, Object> MORE =
      Map.of(
          "header typ", "JWT",
          "typ", "Bearer",
          "nbf", NOW.getEpochSecond(),
          "roles", List.of(Roles.APPROVER),
          "at_hash", "x",
          "c_hash", "x",
          "nonce", "x");

  private static Map<String, Object> least() {
    Map<String, Object> parts = claims();
    parts.remove("typ");
    parts.putAll(Map.of("iss", "people", "sub", "mira", "header kid", "p1"));
    return parts;
  }

  @Test
  void thePageSaysOfEachClaimWhetherATokenNeedsIt() throws Exception {
    verifier.verify(token(LEAST), NOW, TokenType.PERSON);
    Map<String, String> found = new TreeMap<>();
    for (String claim : LEAST.keySet()) {
      found.put(claim, need(claim));
    }
    for (String claim : MORE.keySet()) {
      found.put(claim, need(claim));
    }
    Map<String, String> told = new TreeMap<>();
    rows().forEach((claim, row) -> told.put(claim, row.get(1)));
    assertEquals(found, told);
  }

  @Test
  void thePageHasTheWordsOfTheCode() throws Exception {
    assertEquals(Roles.OF_PERSONS, words("roles"));
    assertEquals(List.of(TokenVerifier.AUDIENCE), words("aud"));
    for (String type : words("typ")) {
      verifier.verify(token(with("typ", type)), NOW, TokenType.PERSON);
    }
    for (String type : words("header typ")) {
      verifier.verify(token(with("header typ", type)), NOW, TokenType.PERSON);
    }
  }

  private String need(String claim) throws Exception {
    Map<String, Object> without = new HashMap<>(LEAST);
    without.remove(claim);
    if (isRefused(without)) {
      return "required";
    }
    if (isRefused(with(claim, MORE.get(claim)))) {
      return "must be absent";
    }
    return isRefused(with(claim, Map.of("of", "another kind"))) ? "optional" : "not looked at";
  }

  private boolean isRefused(Map<String, Object> parts) throws Exception {
    try {
      verifier.verify(token(parts), NOW, TokenType.PERSON);
      return false;
    } catch (TokenException e) {
      return true;
    }
  }

  private static Map<String, Object> with(String claim, Object value) {
    Map<String, Object> parts = new HashMap<>(LEAST);
    parts.put(claim, value);
    return parts;
  }

  private static String token(Map<String, Object> parts) throws Exception {
    Map<String, Object> claims = new HashMap<>(parts);
    claims.keySet().removeIf(name -> name.startsWith(OF_HEADER));
    JsonWebSignature jws = jws(AlgorithmIdentifiers.RSA_USING_SHA256, claims);
    parts.forEach(
        (name, value) -> {
          if (name.startsWith(OF_HEADER)) {
            jws.setHeader(name.substring(OF_HEADER.length()), value);
          }
        });
    jws.setKey(PEOPLE_KEY.getPrivateKey());
    return jws.getCompactSerialization();
  }

  private static List<String> words(String claim) throws IOException {
    return WORD.matcher(rows().get(claim).get(2)).results().map(word -> word.group(1)).toList();
  }

  /** The cells of each claim's row; one row may be about several. */
  private static Map<String, List<String>> rows() throws IOException {
    Map<String, List<String>> rows = new HashMap<>();
    Files.readAllLines(Path.of("../../docs/operations.md")).stream()
        .dropWhile(line -> !line.equals(HEAD))
        .skip(2)
        .takeWhile(line -> line.startsWith("|"))
        .map(line -> Arrays.stream(line.substring(1).split("\\|")).map(String::strip).toList())
        .forEach(
            cells -> {
              for (String claim : cells.get(0).replace("`", "").split(", ")) {
                rows.put(claim, cells);
              }
            });
    return rows;
  }
}
