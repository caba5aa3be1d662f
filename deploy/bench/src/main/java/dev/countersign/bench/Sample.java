package dev.countersign.bench;

import java.util.Optional;

/**
 * The median of one short measurement.
 *
 * @param round unique over all processes; what has the same one was measured within seconds
 * @param call null for the reference
 */
record Sample(String round, String engine, BenchCall call, int size, double nanos) {
  /** The engines, and what else is timed. */
  static final String COUNTERSIGN = "countersign";

  /** Countersign once more, at the end of the round. */
  static final String AGAIN = "again";

  static final String CEDAR = "cedar";
  static final String GEMINI = "gemini";
  static final String REFERENCE = "reference";

  String line() {
    String name = call == null ? "-" : call.name();
    return "sample\t%s\t%s\t%s\t%s\t%s".formatted(round, engine, name, size, nanos);
  }

  /** Reads a line; empty if it is none of ours. */
  static Optional<Sample> read(String line) {
    String[] columns = line.split("\t");
    if (columns.length != 6 || !columns[0].equals("sample")) {
      return Optional.empty();
    }
    BenchCall call = columns[3].equals("-") ? null : BenchCall.valueOf(columns[3]);
    return Optional.of(
        new Sample(
            columns[1],
            columns[2],
            call,
            Integer.parseInt(columns[4]),
            Double.parseDouble(columns[5])));
  }
}
