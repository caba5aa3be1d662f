package dev.countersign.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is timed computes the right verdict in every engine. */
class EnginesAgreeTest {

  @ParameterizedTest
  @ValueSource(ints = {10, 100, 1_000, 10_000})
  void countersign(int size) {
    Verdicts.countersign(size);
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 1_000})
  void cedar(int size) {
    assumeTrue(nativeCedar(), "skipped: Cedar has no native library for this machine");
    Verdicts.cedar(size);
  }

  @Test
  void gemini() {
    Optional<Path> folder = GeminiEngine.folder();
    assumeTrue(folder.isPresent(), "skipped: @google/gemini-cli-core is not installed");
    Map<Integer, List<BenchRule>> rules =
        Stream.of(10, 1_000).collect(Collectors.toMap(n -> n, BenchRules::of));
    Path script = Path.of("src/main/node/gemini-policy.mjs");
    try (GeminiEngine engine = GeminiEngine.start(folder.get(), script, rules)) {
      rules.keySet().forEach(size -> Verdicts.gemini(size, engine));
    }
  }

  @Test
  void theSameSeedGivesTheSameRules() {
    assertEquals(BenchRules.of(1_000), BenchRules.of(1_000));
    assertEquals(10_000, BenchRules.of(10_000).size());
  }

  private static boolean nativeCedar() {
    try {
      new CedarEngine(BenchRules.of(10));
      return true;
    } catch (LinkageError e) {
      return false;
    }
  }
}
