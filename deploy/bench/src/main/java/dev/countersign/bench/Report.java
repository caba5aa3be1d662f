package dev.countersign.bench;

import static dev.countersign.bench.Sample.AGAIN;
import static dev.countersign.bench.Sample.CEDAR;
import static dev.countersign.bench.Sample.COUNTERSIGN;
import static dev.countersign.bench.Sample.GEMINI;

import dev.countersign.bench.Samples.Key;
import dev.countersign.bench.Samples.Spread;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The figures of a run, for people and for programs. */
final class Report {
  /** What 10,000 rules may cost at most, in times of what 10 cost. */
  static final double GROWTH_BAR = 1.5;

  /** How many times faster than each other engine it should be at 1,000 rules. */
  static final double SPEED_TARGET = 10;

  private static final int FEW = 10;
  private static final int MANY = 10_000;
  private static final int COMPARED = 1_000;

  private final Samples samples;
  private final Map<String, String> engines;
  private final Map<String, String> machine;
  private final StringBuilder text = new StringBuilder();

  /**
   * A report.
   *
   * @param engines the engines that were timed, in order, with their titles
   * @param machine what is known of the machine
   */
  Report(Samples samples, Map<String, String> engines, Map<String, String> machine) {
    this.samples = samples;
    this.engines = engines;
    this.machine = machine;
  }

  /** Whether 10,000 rules cost little more than 10, for every call. */
  boolean growthMet() {
    return BenchCall.MEASURED.stream().allMatch(call -> growth(call).median() <= GROWTH_BAR);
  }

  private Spread growth(BenchCall call) {
    return samples.ratio(key(COUNTERSIGN, call, MANY), key(COUNTERSIGN, call, FEW));
  }

  private static String title(String engine, BenchCall call) {
    boolean split = engine.equals(CEDAR) && call == BenchCall.COMPOUND;
    return split ? "five segments, split beforehand" : call.title();
  }

  private static Key key(String engine, BenchCall call, int size) {
    return new Key(engine, call, size);
  }

  String markdown() {
    text.setLength(0);
    medians();
    growths();
    speeds();
    noise();
    return text.toString();
  }

  private void medians() {
    line("Median per decision, in microseconds:");
    line("");
    line("| engine | call | 10 rules | 100 | 1,000 | 10,000 |");
    line("|---|---|--:|--:|--:|--:|");
    engines.forEach(
        (engine, title) -> {
          for (BenchCall call : BenchCall.MEASURED) {
            List<String> cells = new ArrayList<>(List.of(title, title(engine, call)));
            for (int size : Worker.SIZES) {
              cells.add(number(samples.of(key(engine, call, size)).median() / 1_000));
            }
            line("| " + String.join(" | ", cells) + " |");
          }
        });
    line("");
  }

  private void growths() {
    line("What 10,000 rules cost in times of what 10 cost (bar: %s):", GROWTH_BAR);
    line("");
    line("| call | ratio | p10 to p90 of the rounds | quietest rounds | bar |");
    line("|---|--:|--:|--:|---|");
    for (BenchCall call : BenchCall.MEASURED) {
      Spread ratio = growth(call);
      double quiet = samples.quietRatio(key(COUNTERSIGN, call, MANY), key(COUNTERSIGN, call, FEW));
      row(call.title(), ratio, quiet, ratio.median() <= GROWTH_BAR);
    }
    line("");
  }

  private void speeds() {
    line("How many times longer others take at 1,000 rules (target: %s):", SPEED_TARGET);
    line("");
    line("| engine and call | ratio | p10 to p90 of the rounds | quietest rounds | target |");
    line("|---|--:|--:|--:|---|");
    engines.forEach(
        (engine, title) -> {
          if (!engine.equals(COUNTERSIGN)) {
            for (BenchCall call : BenchCall.MEASURED) {
              Key theirs = key(engine, call, COMPARED);
              Key ours = key(COUNTERSIGN, call, COMPARED);
              Spread ratio = samples.ratio(theirs, ours);
              double quiet = samples.quietRatio(theirs, ours);
              row(title + ", " + title(engine, call), ratio, quiet, ratio.median() >= SPEED_TARGET);
            }
          }
        });
    line("");
  }

  private void row(String title, Spread ratio, double quiet, boolean met) {
    line(
        "| %s | %s | %s to %s | %s | %s |",
        title,
        number(ratio.median()),
        number(ratio.low()),
        number(ratio.high()),
        number(quiet),
        met ? "met" : "**missed**");
  }

  private void noise() {
    Key reference = new Key(Sample.REFERENCE, null, 0);
    Spread work = samples.of(reference);
    line("The machine's noise:");
    line("");
    line("| | median | p10 to p90 of the rounds |");
    line("|---|--:|--:|");
    line(
        "| work that never changes (SHA-256 of 4 KiB), µs | %s | %s to %s |",
        number(work.median() / 1_000), number(work.low() / 1_000), number(work.high() / 1_000));
    for (BenchCall call : BenchCall.MEASURED) {
      Spread same = samples.ratio(key(AGAIN, call, FEW), key(COUNTERSIGN, call, FEW));
      line(
          "| the same decision at the end of a round over its start: %s | %s | %s to %s |",
          call.title(), number(same.median()), number(same.low()), number(same.high()));
    }
    double processes = samples.betweenProcesses(key(COUNTERSIGN, BenchCall.COMMAND, FEW));
    line("| slowest process over fastest: simple command | %s | |", number(processes));
    line("");
    line("%d rounds. %s.", work.count(), String.join(", ", machineFacts()));
  }

  private List<String> machineFacts() {
    return machine.entrySet().stream().map(e -> e.getKey() + " " + e.getValue()).toList();
  }

  /** Everything, as JSON values. */
  Map<String, Object> json() {
    List<Map<String, Object>> figures = new ArrayList<>();
    for (String engine : List.of(COUNTERSIGN, AGAIN, CEDAR, GEMINI)) {
      for (BenchCall call : BenchCall.MEASURED) {
        for (int size : Worker.SIZES) {
          Spread spread = samples.of(key(engine, call, size));
          if (spread.count() > 0) {
            Map<String, Object> figure = new LinkedHashMap<>();
            figure.put("engine", engine);
            figure.put("call", call.name().toLowerCase(Locale.ROOT));
            figure.put("rules", size);
            figure.put("nanos", spread);
            figures.add(figure);
          }
        }
      }
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("machine", machine);
    all.put("engines", engines);
    all.put("reference", samples.of(new Key(Sample.REFERENCE, null, 0)));
    all.put("figures", figures);
    all.put("growthMet", growthMet());
    return all;
  }

  private static String number(double value) {
    if (Double.isNaN(value)) {
      return "–";
    }
    String format = value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%,.0f";
    return String.format(Locale.ROOT, format, value);
  }

  private void line(String format, Object... values) {
    text.append(values.length == 0 ? format : String.format(Locale.ROOT, format, values));
    text.append('\n');
  }
}
