package dev.countersign.bench;

import com.cedarpolicy.model.AuthorizationRequest;
import java.util.List;

/** No figure without the right verdict: a fast wrong answer is worth nothing. */
final class Verdicts {
  /** Without the largest: every engine has shown by then what its rules mean. */
  private static final int LARGEST_OF_OTHERS = 1_000;

  private Verdicts() {}

  /**
   * Has every engine decide every call.
   *
   * @param gemini null if it is left out
   * @throws IllegalStateException if one decides otherwise than it must
   */
  static void check(List<Integer> sizes, GeminiEngine gemini) {
    for (int size : sizes) {
      countersign(size);
      if (size <= LARGEST_OF_OTHERS) {
        cedar(size);
        if (gemini != null) {
          gemini(size, gemini);
        }
      }
    }
  }

  static void countersign(int size) {
    CountersignEngine engine = new CountersignEngine(BenchRules.of(size));
    for (BenchCall call : BenchCall.values()) {
      same(call, size, "Countersign", engine.effect(call.countersign()));
    }
  }

  static void cedar(int size) {
    CedarEngine engine = new CedarEngine(BenchRules.of(size));
    for (BenchCall call : BenchCall.values()) {
      List<AuthorizationRequest> requests = CedarEngine.requests(call);
      same(call, size, "Cedar", engine.effect(requests));
    }
  }

  static void gemini(int size, GeminiEngine engine) {
    for (BenchCall call : BenchCall.values()) {
      same(call, size, "Gemini CLI", engine.effect(call, size));
    }
  }

  private static void same(BenchCall call, int size, String engine, String effect) {
    if (!effect.equals(call.effect())) {
      throw new IllegalStateException(
          "%s with %d rules: %s for %s, which must be %s"
              .formatted(engine, size, effect, call.title(), call.effect()));
    }
  }
}
