package dev.countersign.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.embedded.Folders;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Measures writes through the permission store beside plain upserts of the same rows in the same
 * Postgres: first with few users, then with many.
 */
final class StoreBench {
  /** How many write at the same time. */
  static final List<Integer> CLIENTS = List.of(8, 32);

  private static final Duration DRAINED = Duration.ofMinutes(2);

  private final List<StorePair> pairs = new ArrayList<>();
  private final Plan plan;
  private StoredUsers users;
  private WriteLoad store;
  private WriteLoad plain;

  /**
   * What to measure.
   *
   * @param sizes numbers of stored users, rising
   * @param pairs how often each is measured
   * @param warmUp how long the store writes before anything counts; a fresh one is several times
   *     slower, and it would be so at the first size only
   * @param round how long each load runs in a pair
   */
  record Plan(List<Integer> sizes, int pairs, Duration warmUp, Duration round) {
    /** The numbers of users that are compared, in so many seconds of measuring. */
    static Plan of(int many, int seconds) {
      int pairs = 9;
      int rounds = 2 * CLIENTS.size() * pairs * 3;
      Duration round = Duration.ofMillis(700L * seconds / rounds);
      return new Plan(List.of(1_000, many), pairs, Duration.ofMillis(200L * seconds), round);
    }
  }

  StoreBench(Plan plan) {
    this.plan = plan;
  }

  /**
   * Runs it all.
   *
   * @param args this module's folder, the store's {@code quarkus-run.jar}, how many users are many,
   *     and how many seconds measuring may take
   */
  public static void main(String[] args) throws Exception {
    Path target = Path.of(args[0]).resolve("target");
    int many = Integer.parseInt(args[2]);
    StoreBench bench = new StoreBench(Plan.of(many, Integer.parseInt(args[3])));
    double before = load();
    StoreReport report = bench.run(Path.of(args[1]), before);
    Files.writeString(target.resolve("store.md"), report.markdown());
    new ObjectMapper()
        .writerWithDefaultPrettyPrinter()
        .writeValue(target.resolve("store.json").toFile(), report.json());
    System.out.println(report.markdown());
    System.out.println("Written to deploy/bench/target/store.md and store.json.");
    System.exit(report.growthMet() ? 0 : 1);
  }

  StoreReport run(Path app, double loadBefore) throws Exception {
    Path folder = Folders.temporary("store-bench");
    try (StoreProcess process = StoreProcess.start(folder, app)) {
      users = new StoredUsers(process.database());
      store = new StoreWrites(users, process.address(), process.keys());
      plain = new PlainUpserts(users);
      for (int size : plan.sizes()) {
        long start = System.nanoTime();
        users.fillUpTo(size);
        say("%,d users are stored (%d s)", size, (System.nanoTime() - start) / 1_000_000_000L);
        if (pairs.isEmpty()) {
          WriteRound.run(store, CLIENTS.get(0), plan.warmUp());
        }
        measure();
      }
    } finally {
      Folders.delete(folder);
    }
    return new StoreReport(plan.sizes(), pairs, machine(loadBefore));
  }

  private void measure() throws Exception {
    for (WriteLoad load : List.of(store, plain)) {
      WriteRound.run(load, CLIENTS.get(0), plan.warmUp().dividedBy(10));
    }
    for (int i = 0; i < plan.pairs(); i++) {
      for (int clients : CLIENTS) {
        drain();
        WriteRound before = WriteRound.run(plain, clients, plan.round());
        WriteRound written = WriteRound.run(store, clients, plan.round());
        long draining = System.nanoTime();
        drain();
        double drained = (System.nanoTime() - draining) / 1e6;
        WriteRound after = WriteRound.run(plain, clients, plan.round());
        pairs.add(new StorePair(users.count(), clients, written, before, after, drained));
      }
    }
    say("%d pairs measured at each number of clients", plan.pairs());
  }

  /** Lets the store publish what it has not published yet. */
  private void drain() throws SQLException, InterruptedException {
    for (long end = System.nanoTime() + DRAINED.toNanos(); users.unpublished() > 0; ) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("the store does not publish what was written");
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private static Map<String, String> machine(double loadBefore) {
    Map<String, String> machine = new LinkedHashMap<>();
    machine.put("Processors:", String.valueOf(Runtime.getRuntime().availableProcessors()));
    machine.put("Java", System.getProperty("java.version"));
    machine.put("on", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    machine.put("load", "%.1f before and %.1f after".formatted(loadBefore, load()));
    return machine;
  }

  private static void say(String format, Object... values) {
    System.err.printf("bench: " + format + "%n", values);
  }

  private static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }
}
