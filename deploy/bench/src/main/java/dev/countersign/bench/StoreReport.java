package dev.countersign.bench;

import dev.countersign.bench.Samples.Spread;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** The figures of a run of the store's benchmark, for people and for programs. */
final class StoreReport {
  /** How many times the cost at few users the cost at many may be, beside plain upserts. */
  static final double GROWTH_BAR = 1.5;

  private final List<Integer> sizes;
  private final List<StorePair> pairs;
  private final Map<String, String> machine;
  private final StringBuilder text = new StringBuilder();

  /**
   * A report.
   *
   * @param sizes the numbers of stored users that were compared, rising
   */
  StoreReport(List<Integer> sizes, List<StorePair> pairs, Map<String, String> machine) {
    this.sizes = List.copyOf(sizes);
    this.pairs = List.copyOf(pairs);
    this.machine = machine;
  }

  /** Whether a write among many users costs little more than among few, beside plain upserts. */
  boolean growthMet() {
    return StoreBench.CLIENTS.stream()
        .allMatch(clients -> growth(clients, StorePair::cost) <= GROWTH_BAR);
  }

  private double growth(int clients, ToDoubleFunction<StorePair> figure) {
    return of(sizes.get(sizes.size() - 1), clients, figure).median()
        / of(sizes.get(0), clients, figure).median();
  }

  private Spread of(int users, int clients, ToDoubleFunction<StorePair> figure) {
    return Spread.of(
        pairs.stream()
            .filter(pair -> pair.users() == users && pair.clients() == clients)
            .mapToDouble(figure)
            .boxed()
            .toList());
  }

  /** Tables. */
  String markdown() {
    text.setLength(0);
    figures();
    costs();
    growths();
    noise();
    return text.toString();
  }

  private void figures() {
    line("Medians of %d pairs:", pairs.size() / sizes.size() / StoreBench.CLIENTS.size());
    line("");
    line("| stored users | clients | store, writes/s | p99, ms | plain, writes/s | p99, ms |");
    line("|--:|--:|--:|--:|--:|--:|");
    each(
        (users, clients) ->
            line(
                "| %,d | %d | %s | %s | %s | %s |",
                users,
                clients,
                number(of(users, clients, p -> p.store().perSecond()).median()),
                number(of(users, clients, p -> p.store().p99Millis()).median()),
                number(of(users, clients, StorePair::plainPerSecond).median()),
                number(of(users, clients, StorePair::plainP99Millis).median())));
  }

  private void costs() {
    line("");
    line("How many times more a write through the store costs, each time within one pair:");
    line("");
    line(
        "| stored users | clients | by writes/s | p10 to p90 of the pairs | by p99 | p10 to p90 |");
    line("|--:|--:|--:|--:|--:|--:|");
    each(
        (users, clients) -> {
          Spread cost = of(users, clients, StorePair::cost);
          Spread tail = of(users, clients, StorePair::tail);
          line(
              "| %,d | %d | %s | %s to %s | %s | %s to %s |",
              users,
              clients,
              number(cost.median()),
              number(cost.low()),
              number(cost.high()),
              number(tail.median()),
              number(tail.low()),
              number(tail.high()));
        });
  }

  private void growths() {
    line("");
    line(
        "That cost at %,d users in times of that at %,d. The bar is %s, for writes/s:",
        sizes.get(sizes.size() - 1), sizes.get(0), GROWTH_BAR);
    line("");
    line("| clients | by writes/s | bar | by p99 |");
    line("|--:|--:|---|--:|");
    for (int clients : StoreBench.CLIENTS) {
      double growth = growth(clients, StorePair::cost);
      line(
          "| %d | %s | %s | %s |",
          clients,
          number(growth),
          growth <= GROWTH_BAR ? "met" : "**missed**",
          number(growth(clients, StorePair::tail)));
    }
  }

  private void noise() {
    line("");
    line("The machine's noise, and what is left to publish:");
    line("");
    line(
        "| stored users | clients | plain after over plain before | p10 to p90 | published, ms later |");
    line("|--:|--:|--:|--:|--:|");
    each(
        (users, clients) -> {
          Spread same = of(users, clients, StorePair::same);
          line(
              "| %,d | %d | %s | %s to %s | %s |",
              users,
              clients,
              number(same.median()),
              number(same.low()),
              number(same.high()),
              number(of(users, clients, StorePair::drainMillis).median()));
        });
    line("");
    line(
        "%s.",
        machine.entrySet().stream()
            .map(fact -> fact.getKey() + " " + fact.getValue())
            .collect(Collectors.joining(", ")));
  }

  private interface Cell {
    void print(int users, int clients);
  }

  private void each(Cell cell) {
    sizes.forEach(users -> StoreBench.CLIENTS.forEach(clients -> cell.print(users, clients)));
  }

  /** Everything, as JSON values. */
  Map<String, Object> json() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("machine", machine);
    all.put("pairs", pairs);
    all.put("growthMet", growthMet());
    return all;
  }

  private static String number(double value) {
    String format = value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%,.0f";
    return String.format(Locale.ROOT, format, value);
  }

  private void line(String format, Object... values) {
    text.append(values.length == 0 ? format : String.format(Locale.ROOT, format, values));
    text.append('\n');
  }
}
