package dev.countersign.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All samples of a run, and what can be read from them. */
final class Samples {
  /** What was timed. */
  record Key(String engine, BenchCall call, int size) {}

  /**
   * Some figures of one kind.
   *
   * @param low the tenth percentile
   * @param high the ninetieth percentile
   */
  record Spread(int count, double least, double low, double median, double high) {
    static Spread of(List<Double> figures) {
      double[] sorted = figures.stream().mapToDouble(d -> d).sorted().toArray();
      return new Spread(
          sorted.length, at(sorted, 0), at(sorted, 0.1), at(sorted, 0.5), at(sorted, 0.9));
    }

    private static double at(double[] sorted, double share) {
      return sorted.length == 0 ? Double.NaN : sorted[(int) (share * (sorted.length - 1) + 0.5)];
    }
  }

  private final Map<Key, Map<String, Double>> byRound = new HashMap<>();

  Samples(List<Sample> samples) {
    for (Sample sample : samples) {
      byRound
          .computeIfAbsent(
              new Key(sample.engine(), sample.call(), sample.size()), k -> new HashMap<>())
          .put(sample.round(), sample.nanos());
    }
  }

  /** The medians of all rounds, in nanoseconds. */
  Spread of(Key key) {
    return Spread.of(new ArrayList<>(byRound.getOrDefault(key, Map.of()).values()));
  }

  /** How many times more the first costs than the second, each time within one round. */
  Spread ratio(Key more, Key less) {
    Map<String, Double> first = byRound.getOrDefault(more, Map.of());
    Map<String, Double> second = byRound.getOrDefault(less, Map.of());
    return Spread.of(
        first.keySet().stream()
            .filter(second::containsKey)
            .map(round -> first.get(round) / second.get(round))
            .toList());
  }

  /** The same ratio between the rounds that were disturbed least. */
  double quietRatio(Key more, Key less) {
    return of(more).least() / of(less).least();
  }

  /** The largest median of the processes over the smallest. */
  double betweenProcesses(Key key) {
    Map<String, List<Double>> processes = new HashMap<>();
    byRound
        .getOrDefault(key, Map.of())
        .forEach(
            (round, nanos) ->
                processes
                    .computeIfAbsent(round.substring(0, round.indexOf('.')), p -> new ArrayList<>())
                    .add(nanos));
    List<Double> medians = processes.values().stream().map(f -> Spread.of(f).median()).toList();
    return Collections.max(medians) / Collections.min(medians);
  }
}
