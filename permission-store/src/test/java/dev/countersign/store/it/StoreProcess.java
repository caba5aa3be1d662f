package dev.countersign.store.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** One replica of the packaged store in a process of its own. */
final class StoreProcess implements AutoCloseable {
  private static final Pattern LISTENING = Pattern.compile("Listening on: (http://[0-9.]+:[0-9]+)");

  private final Process process;
  private final Path log;
  private final URI address;

  private StoreProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
    this.address =
        Awaitility.await()
            .atMost(Duration.ofSeconds(90))
            .pollInterval(Duration.ofMillis(100))
            .until(this::listening, found -> found != null);
  }

  /** Starts one and waits until it is ready. */
  static StoreProcess start(Path log, Map<String, String> config) {
    StoreProcess store = starting(log, config);
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> store.get("/q/health/ready").statusCode() == 200);
    return store;
  }

  /** Starts one and waits until it listens. */
  static StoreProcess starting(Path log, Map<String, String> config) {
    return starting(log, config, 256);
  }

  /** The same with another heap. It ends where the heap does not suffice. */
  static StoreProcess starting(Path log, Map<String, String> config, int heapMebibytes) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + heapMebibytes + "m");
    command.add("-XX:+ExitOnOutOfMemoryError");
    config.forEach((name, value) -> command.add("-D" + name + "=" + value));
    command.add("-Dquarkus.http.port=0");
    command.add("-Dquarkus.management.port=0");
    command.add("-jar");
    command.add(Path.of("target", "quarkus-app", "quarkus-run.jar").toAbsolutePath().toString());
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      return new StoreProcess(process, log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private URI listening() {
    if (!process.isAlive()) {
      throw new IllegalStateException("the store ended at once: " + said());
    }
    Matcher matcher = LISTENING.matcher(said());
    return matcher.find() ? URI.create(matcher.group(1)) : null;
  }

  String said() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  URI address() {
    return address;
  }

  boolean alive() {
    return process.isAlive();
  }

  HttpResponse<String> get(String path) {
    try {
      return HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(address.resolve(path)).build(),
              HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** As {@code kill -9} does. */
  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
