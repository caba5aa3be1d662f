package dev.countersign.bench;

import dev.countersign.embedded.BrokerProcess;
import dev.countersign.embedded.Database;
import dev.countersign.embedded.DevKeys;
import dev.countersign.embedded.FreePorts;
import dev.countersign.embedded.PostgresServer;
import dev.countersign.embedded.TopicSetup;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The packaged permission store with a Kafka and a Postgres of its own, each a process. All end
 * with this JVM.
 */
final class StoreProcess implements AutoCloseable {
  private static final Duration READY = Duration.ofSeconds(120);

  private final List<Process> processes = new ArrayList<>();
  private final Thread atExit = new Thread(this::stop);
  private final Path folder;
  private final int port = FreePorts.next();
  private PostgresServer postgres;

  private StoreProcess(Path folder) {
    this.folder = folder;
  }

  /**
   * Starts it all and waits until the store is ready.
   *
   * @param folder for data, keys and logs; the caller's to remove
   * @param app the store's {@code quarkus-run.jar}
   */
  static StoreProcess start(Path folder, Path app) throws IOException, InterruptedException {
    StoreProcess store = new StoreProcess(folder);
    Runtime.getRuntime().addShutdownHook(store.atExit);
    try {
      store.postgres = PostgresServer.startOnFreePort(folder.resolve("postgres"));
      store.startStore(app, store.startKafka());
      return store;
    } catch (IOException | InterruptedException | RuntimeException e) {
      store.close();
      throw e;
    }
  }

  private String startKafka() throws IOException, InterruptedException {
    int kafka = FreePorts.next();
    run(
        "kafka",
        Map.of("CLASSPATH", System.getProperty("java.class.path")),
        "-Xmx512m",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
        BrokerProcess.class.getName(),
        folder.resolve("kafka").toString(),
        String.valueOf(kafka),
        String.valueOf(FreePorts.next()));
    await("Kafka", () -> accepts(kafka));
    TopicSetup.createAll("127.0.0.1:" + kafka);
    return "127.0.0.1:" + kafka;
  }

  private void startStore(Path app, String kafka) throws IOException, InterruptedException {
    Database database = postgres.permissions();
    run(
        "store",
        Map.of(
            "QUARKUS_HTTP_PORT", String.valueOf(port),
            "QUARKUS_MANAGEMENT_PORT", "0",
            "KAFKA_BOOTSTRAP_SERVERS", kafka,
            "COUNTERSIGN_TRUST_FILE", keys().trustFile().toString(),
            "COUNTERSIGN_SIGNING_KEY_FILE", keys().keyFile(DevKeys.STORE).toString(),
            "QUARKUS_DATASOURCE_USERNAME", database.user(),
            "QUARKUS_DATASOURCE_PASSWORD", database.password(),
            "QUARKUS_DATASOURCE_JDBC_URL", database.jdbcUrl(),
            "QUARKUS_DATASOURCE_REACTIVE_URL", database.reactiveUrl()),
        "-Xmx512m",
        "-jar",
        app.toString());
    await("the store", this::isReady);
  }

  private void run(String name, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name + ".log").toFile());
    builder.environment().putAll(environment);
    processes.add(builder.start());
  }

  /** For the tokens that the store trusts. */
  DevKeys keys() {
    return DevKeys.in(folder.resolve("keys"));
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + port);
  }

  Database database() {
    return postgres.permissions();
  }

  private interface Condition {
    boolean holds() throws IOException;
  }

  private void await(String what, Condition condition) throws IOException, InterruptedException {
    for (long end = System.nanoTime() + READY.toNanos(); !condition.holds(); ) {
      if (System.nanoTime() > end || processes.stream().anyMatch(p -> !p.isAlive())) {
        throw new IllegalStateException(what + " did not start; its log is in " + folder);
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  private static boolean accepts(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private boolean isReady() throws IOException {
    if (!accepts(port)) {
      return false;
    }
    HttpURLConnection ready =
        (HttpURLConnection) address().resolve("/q/health/ready").toURL().openConnection();
    return ready.getResponseCode() == 200;
  }

  private synchronized void stop() {
    processes.forEach(Process::destroy);
    processes.forEach(process -> process.onExit().join());
    if (postgres != null) {
      postgres.close();
    }
    processes.clear();
    postgres = null;
  }

  @Override
  public void close() {
    stop();
    Runtime.getRuntime().removeShutdownHook(atExit);
  }
}
