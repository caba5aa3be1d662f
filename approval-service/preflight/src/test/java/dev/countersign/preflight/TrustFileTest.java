package dev.countersign.preflight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrustFileTest {
  private static final String SETTING = "countersign.trust-file";

  @TempDir Path dir;

  private Optional<String> problem(String text) throws IOException {
    return TrustFile.problem(SETTING, Files.writeString(dir.resolve("trust.json"), text));
  }

  /** Nobody is asked at that address, which leads nowhere. */
  @Test
  void whatCanBeReadIsEnough() throws IOException {
    assertEquals(
        Optional.empty(),
        problem(
            """
            {"issuers": [{"iss": "a", "may": ["person"], "jwksUri": "https://nowhere.invalid/"}]}
            """));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "not",
        "[\n",
        "{}",
        "{\"issuers\": []}",
        "{\"issuers\": [{\"iss\": \"a\", \"may\": [\"person\"], \"jwks\": {\"keys\": [1]}}]}",
        "{\"issuers\": [{\"iss\": \"a\", \"may\": [\"root\"], \"jwks\": {\"keys\": []}}]}"
      })
  void whatCannotIsNamed(String text) throws IOException {
    String problem = problem(text).orElseThrow();
    assertTrue(
        problem.startsWith(SETTING + ": " + dir.resolve("trust.json") + " cannot be used: "),
        problem);
  }

  @Test
  void theReasonIsSaid() throws IOException {
    assertEquals(
        Optional.of(
            "countersign.trust-file: %s cannot be used: the trust file names no key (docs/operations.md#keys)"
                .formatted(dir.resolve("trust.json"))),
        problem("{\"issuers\": []}"));
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    Path nowhere = dir.resolve("nowhere.json");
    assertEquals(
        Optional.of(
            "%s: there is no file %s; it must say whose keys are trusted (docs/operations.md#keys)"
                .formatted(SETTING, nowhere)),
        TrustFile.problem(SETTING, nowhere));
    assertTrue(TrustFile.problem(SETTING, dir).isPresent(), "a folder is none");
  }
}
