package dev.countersign.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Measures in several processes, one after the other, and reports. */
final class Bench {
  private static final int PROCESSES = 3;

  /** Of the time a process has, the share in which it warms up. */
  private static final double WARMING = 0.3;

  private final Path folder;
  private final List<Sample> samples = new ArrayList<>();
  private String gemini;

  private Bench(Path folder) {
    this.folder = folder;
  }

  /**
   * Runs it all.
   *
   * @param args this module's folder, and how many seconds measuring may take
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Bench bench = new Bench(Path.of(args[0]));
    double before = load();
    int seconds = Integer.parseInt(args[1]);
    for (int i = 1; i <= PROCESSES; i++) {
      System.err.printf("bench: process %d of %d, %d s%n", i, PROCESSES, seconds / PROCESSES);
      bench.measure("p" + i, seconds / PROCESSES);
    }
    Report report = bench.report(before);
    Path target = bench.folder.resolve("target");
    Files.writeString(target.resolve("decisions.md"), report.markdown());
    new ObjectMapper()
        .writerWithDefaultPrettyPrinter()
        .writeValue(target.resolve("decisions.json").toFile(), report.json());
    System.out.println(report.markdown());
    System.out.println("Written to deploy/bench/target/decisions.md and decisions.json.");
    System.exit(report.growthMet() ? 0 : 1);
  }

  private void measure(String name, int seconds) throws IOException, InterruptedException {
    Process worker =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms512m",
                "-Xmx512m",
                "-Djmh.ignoreLock=true",
                "-cp",
                System.getProperty("java.class.path"),
                Worker.class.getName(),
                name,
                String.valueOf(seconds),
                String.valueOf((int) (seconds * WARMING)),
                folder.resolve("src/main/node/gemini-policy.mjs").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Thread end = new Thread(worker::destroy);
    Runtime.getRuntime().addShutdownHook(end);
    try (BufferedReader lines = worker.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("gemini\t")) {
          gemini = line.substring("gemini\t".length());
        }
        Sample.read(line).ifPresent(samples::add);
      }
    }
    int status = worker.waitFor();
    Runtime.getRuntime().removeShutdownHook(end);
    if (status != 0) {
      throw new IllegalStateException("a measuring process ended with status " + status);
    }
  }

  private Report report(double loadBefore) {
    Map<String, String> engines = new LinkedHashMap<>();
    engines.put(Sample.COUNTERSIGN, "Countersign");
    engines.put(Sample.CEDAR, "Cedar " + System.getProperty("countersign.bench.cedar", "(Java)"));
    if (gemini != null) {
      engines.put(Sample.GEMINI, "Gemini CLI " + gemini);
    }
    Map<String, String> machine = new LinkedHashMap<>();
    machine.put("Processors:", String.valueOf(Runtime.getRuntime().availableProcessors()));
    machine.put("Java", System.getProperty("java.version"));
    machine.put("on", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    machine.put("load", "%.1f before and %.1f after".formatted(loadBefore, load()));
    return new Report(new Samples(samples), engines, machine);
  }

  private static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }
}
