package dev.countersign.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The policy engine of Gemini CLI, in a Node process of its own that takes its own times. */
final class GeminiEngine implements AutoCloseable {
  /** The folder that holds {@code node_modules} with the package. */
  static final String FOLDER = "countersign.bench.gemini";

  private final Process process;
  private final Writer in;
  private final BufferedReader out;
  private final String version;

  private GeminiEngine(Path folder, Path script, Map<Integer, List<BenchRule>> rules)
      throws IOException {
    process =
        new ProcessBuilder("node", script.toString(), folder.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    in = process.outputWriter(StandardCharsets.UTF_8);
    out = process.inputReader(StandardCharsets.UTF_8);
    version = ask(setup(rules));
  }

  /** Where the package is; empty if nobody said or it is not there. */
  static Optional<Path> folder() {
    return Optional.ofNullable(System.getProperty(FOLDER))
        .or(() -> Optional.ofNullable(System.getenv("COUNTERSIGN_BENCH_GEMINI")))
        .filter(folder -> !folder.isBlank())
        .map(Path::of)
        .filter(
            folder -> Files.isDirectory(folder.resolve("node_modules/@google/gemini-cli-core")));
  }

  /** Starts it with the rules of each size. */
  static GeminiEngine start(Path folder, Path script, Map<Integer, List<BenchRule>> rules) {
    try {
      return new GeminiEngine(folder, script, rules);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String setup(Map<Integer, List<BenchRule>> rules) throws JsonProcessingException {
    Map<String, Object> calls = new LinkedHashMap<>();
    for (BenchCall call : BenchCall.values()) {
      calls.put(call.name(), call.gemini());
    }
    Map<String, Object> bySize = new LinkedHashMap<>();
    rules.forEach((n, set) -> bySize.put("" + n, set.stream().map(BenchRule::gemini).toList()));
    return new ObjectMapper().writeValueAsString(Map.of("rules", bySize, "calls", calls));
  }

  String version() {
    return version;
  }

  String effect(BenchCall call, int size) {
    return ask("effect " + call + " " + size);
  }

  /** The median of one check in nanoseconds, measured for so long. */
  double measure(BenchCall call, int size, long millis) {
    return Double.parseDouble(ask("measure " + call + " " + size + " " + millis));
  }

  private String ask(String line) {
    try {
      in.write(line + "\n");
      in.flush();
      String answer = out.readLine();
      if (answer == null || answer.startsWith("error")) {
        throw new IllegalStateException("Gemini CLI's policy engine: " + answer);
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
  }
}
