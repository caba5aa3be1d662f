package dev.countersign.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * One fresh process: it warms up, then measures in rounds until its time is up. In a round
 * everything is measured once, briefly, one after the other, so that what disturbs the machine
 * disturbs all alike. The first round is thrown away.
 */
final class Worker {
  /** The numbers of rules that are compared. */
  static final List<Integer> SIZES = List.of(10, 100, 1_000, 10_000);

  /** Without the largest: there one decision of another engine takes longer than all of ours. */
  private static final List<Integer> QUICK = SIZES.subList(0, 3);

  private static final int ALL_SIZES_EVERY = 4;
  private static final long MILLIS = 60;

  private final GeminiEngine gemini;

  private Worker(GeminiEngine gemini) {
    this.gemini = gemini;
  }

  /**
   * Measures and prints samples.
   *
   * @param args its name, how many seconds it has, how many of these to warm up, and the script
   *     that drives Gemini CLI's engine
   */
  public static void main(String[] args) throws RunnerException {
    long start = System.nanoTime();
    long end = start + TimeUnit.SECONDS.toNanos(Long.parseLong(args[1]));
    long warm = start + TimeUnit.SECONDS.toNanos(Long.parseLong(args[2]));
    try (GeminiEngine gemini = gemini(Path.of(args[3]))) {
      if (gemini != null) {
        System.out.println("gemini\t" + gemini.version());
      }
      Worker worker = new Worker(gemini);
      Verdicts.check(SIZES, gemini);
      do {
        worker.ours("warm");
        worker.gemini("warm", QUICK);
      } while (System.nanoTime() < warm);
      worker.round("warm", SIZES);
      for (int i = 0; i == 0 || System.nanoTime() < end; i++) {
        List<Integer> sizes = i % ALL_SIZES_EVERY == 0 ? SIZES : QUICK;
        worker.round(args[0] + "." + i, sizes).forEach(s -> System.out.println(s.line()));
      }
    }
  }

  private static GeminiEngine gemini(Path script) {
    Map<Integer, List<BenchRule>> rules = new TreeMap<>();
    SIZES.forEach(size -> rules.put(size, BenchRules.of(size)));
    return GeminiEngine.folder().map(f -> GeminiEngine.start(f, script, rules)).orElse(null);
  }

  private List<Sample> round(String round, List<Integer> sizes) throws RunnerException {
    List<Sample> samples = new ArrayList<>(ours(round));
    samples.addAll(gemini(round, sizes));
    samples.addAll(jmh(round, Sample.CEDAR, Sample.CEDAR, sizes));
    samples.addAll(jmh(round, Sample.COUNTERSIGN, Sample.AGAIN, SIZES.subList(0, 1)));
    return samples;
  }

  private List<Sample> ours(String round) throws RunnerException {
    List<Sample> samples = new ArrayList<>(jmh(round, Sample.REFERENCE, Sample.REFERENCE, SIZES));
    samples.addAll(jmh(round, Sample.COUNTERSIGN, Sample.COUNTERSIGN, SIZES));
    return samples;
  }

  private List<Sample> gemini(String round, List<Integer> sizes) {
    List<Sample> samples = new ArrayList<>();
    if (gemini != null) {
      for (BenchCall call : BenchCall.MEASURED) {
        for (int size : sizes) {
          double nanos = gemini.measure(call, size, MILLIS);
          samples.add(new Sample(round, Sample.GEMINI, call, size, nanos));
        }
      }
    }
    return samples;
  }

  private static List<Sample> jmh(String round, String method, String engine, List<Integer> sizes)
      throws RunnerException {
    Options options =
        new OptionsBuilder()
            .include("\\." + method + "$")
            .param("size", sizes.stream().map(String::valueOf).toArray(String[]::new))
            .param("call", BenchCall.MEASURED.stream().map(Enum::name).toArray(String[]::new))
            .forks(0)
            .shouldFailOnError(true)
            .warmupIterations(0)
            .measurementIterations(1)
            .measurementTime(TimeValue.milliseconds(MILLIS))
            .verbosity(VerboseMode.SILENT)
            .build();
    List<Sample> samples = new ArrayList<>();
    for (RunResult result : new Runner(options).run()) {
      double nanos = result.getPrimaryResult().getStatistics().getPercentile(50);
      String call = result.getParams().getParam("call");
      samples.add(
          call == null
              ? new Sample(round, engine, null, 0, nanos)
              : new Sample(
                  round,
                  engine,
                  BenchCall.valueOf(call),
                  Integer.parseInt(result.getParams().getParam("size")),
                  nanos));
    }
    return samples;
  }
}
