package dev.countersign.approval.answers;

import dev.countersign.approval.answers.AnswerJudge.Effect;
import dev.countersign.approval.prompts.StoredPrompt;
import dev.countersign.protocol.PromptOption;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Counts the answers that count, by what was chosen, and how long each person took. One that comes
 * again, or too late, is no answer. Never blocks; thread-safe.
 */
@Startup
@ApplicationScoped
public class AnswerMeters {
  private static final Duration[] TIMES =
      List.of(1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600).stream()
          .map(Duration::ofSeconds)
          .toArray(Duration[]::new);

  private final Map<PromptOption.Kind, Timer> answers = new EnumMap<>(PromptOption.Kind.class);

  public AnswerMeters(MeterRegistry registry) {
    for (PromptOption.Kind kind : PromptOption.Kind.values()) {
      answers.put(
          kind,
          Timer.builder("countersign.prompt.answer")
              .description("From the opening of a prompt to the answer that counts")
              .tag("option", kind.name().toLowerCase(Locale.ROOT))
              .serviceLevelObjectives(TIMES)
              .register(registry));
    }
  }

  /**
   * An answer was judged, and what it did is committed.
   *
   * @param at when the broker got it
   */
  void judged(AnswerTransaction.Result result, Instant at) {
    choice(result.effect())
        .flatMap(choice -> result.prompt().option(choice.optionId()))
        .ifPresent(option -> answers.get(option.kind()).record(took(result.prompt(), at)));
  }

  private static Optional<StoredPrompt.Choice> choice(Effect effect) {
    if (effect instanceof Effect.End end) {
      return Optional.of(end.choice());
    }
    if (effect instanceof Effect.Denied denied) {
      return Optional.of(denied.choice());
    }
    return effect instanceof Effect.Settle settle ? Optional.of(settle.choice()) : Optional.empty();
  }

  /** The broker's clock may be behind the database's. */
  private static Duration took(StoredPrompt prompt, Instant at) {
    Duration took = Duration.between(prompt.openedAt(), at);
    return took.isNegative() ? Duration.ZERO : took;
  }
}
