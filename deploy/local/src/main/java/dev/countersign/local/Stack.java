package dev.countersign.local;

import dev.countersign.embedded.BrokerSettings;
import dev.countersign.embedded.DevKeys;
import dev.countersign.embedded.PostgresServer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A running stack. {@link #close} stops every part in good order, whatever state they are in, and
 * may be called by any thread at any time.
 */
public final class Stack implements AutoCloseable {
  private static final Duration READY = Duration.ofSeconds(120);
  private static final Duration STOP = Duration.ofSeconds(20);

  private final Programs programs;
  private final StateFolder state;
  private final Ports ports;
  private final DevKeys keys;
  private final BrokerAccess brokerAccess;
  private final Backing backing;
  private final Leftovers leftovers;
  private final Map<ServiceName, Child> services = new EnumMap<>(ServiceName.class);
  private final List<Child> extras = new ArrayList<>();
  private final Reviver reviver = new Reviver(new Restarts(InstantSource.system()), this::isClosed);
  private BrokerSettings.Proxied proxied;
  private Child kafka;
  private PostgresServer postgres;
  private volatile boolean closed;

  /**
   * @param secure whether only those reach Kafka who log in, over TLS, for what each may do
   */
  Stack(Checkout checkout, StateFolder state, Ports ports, boolean secure) {
    this.state = state;
    this.ports = ports;
    ports.requireFree();
    this.brokerAccess = BrokerAccess.of(state, ports, secure);
    this.programs = Programs.take(checkout, state.programs());
    this.backing = new Backing(programs, state, ports, brokerAccess);
    this.leftovers = new Leftovers(state.children());
    this.keys = DevKeys.in(state.keys());
  }

  /** Starts everything and returns once all of it is ready; {@code progress} hears of each part. */
  void start(Consumer<String> progress) {
    start(progress, null, Map.of());
  }

  /**
   * Starts everything, some of it in an unusual way.
   *
   * @param proxied a second listener of the broker; null for none
   * @param overrides what goes over the ordinary environment of a service
   */
  void start(
      Consumer<String> progress,
      BrokerSettings.Proxied proxied,
      Map<ServiceName, Map<String, String>> overrides) {
    this.proxied = proxied;
    startBacking();
    progress.accept("Kafka and Postgres are up");
    for (ServiceName service : ServiceName.values()) {
      start(service, overrides.getOrDefault(service, Map.of()));
    }
    for (ServiceName service : ServiceName.values()) {
      awaitReady(service);
      progress.accept("the " + service.label() + " is ready");
    }
  }

  private void startBacking() {
    startBroker();
    CompletableFuture<Void> topics =
        CompletableFuture.runAsync(() -> backing.awaitKafka(kafka), Stack::thread);
    startDatabase();
    try {
      topics.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private synchronized Child startBroker() {
    requireOpen();
    kafka = watched(backing.startKafka(proxied), this::startBroker, backing::awaitKafka);
    return kafka;
  }

  private synchronized void startDatabase() {
    requireOpen();
    postgres = backing.startPostgres();
    String obituary = "Postgres ended; its log is " + state.postgres().resolve("postgres.log");
    postgres
        .process()
        .onExit()
        .thenRun(() -> reviver.noticeEnd("Postgres", obituary, this::startDatabase));
  }

  /** Starts a service that is not running; {@code overrides} go over its ordinary environment. */
  public synchronized Child start(ServiceName service, Map<String, String> overrides) {
    requireOpen();
    Child child =
        watched(
            startProcess(service, service.label(), port(service), overrides),
            () -> start(service, overrides),
            again -> awaitReady(again, port(service)));
    services.put(service, child);
    return child;
  }

  /** Starts one more process of a service, under a name and a port of its own. */
  public synchronized Child startReplica(
      ServiceName service, String instance, int port, Map<String, String> overrides) {
    requireOpen();
    Child child =
        watched(
            startProcess(service, instance, port, overrides),
            () -> startReplica(service, instance, port, overrides),
            again -> awaitReady(again, port));
    extras.add(child);
    return child;
  }

  private Child startProcess(
      ServiceName service, String instance, int port, Map<String, String> overrides) {
    Map<String, String> environment =
        new ServiceSettings(ports, keys, postgres, brokerAccess).of(service, instance, port);
    environment.putAll(overrides);
    return Child.start(
        instance,
        Jvm.jar(programs.guard(), state.dir(), service.heapMegabytes(), programs.runner(service)),
        environment,
        state.log(instance));
  }

  /** Waits until a service says that it is ready. */
  public void awaitReady(ServiceName service) {
    awaitReady(service(service), port(service));
  }

  /** Waits until a process that serves HTTP on this port says that it is ready. */
  public void awaitReady(Child child, int port) {
    Waiting.until(
        READY,
        () -> Health.isReady(port),
        () -> {
          requireOpen();
          if (!child.isAlive()) {
            throw new LaunchException(child.obituary());
          }
        },
        () ->
            new LaunchException(
                "%s is not ready after %d s; its log is %s"
                    .formatted(child.name(), READY.toSeconds(), child.log())));
  }

  /** The running process of a service. */
  public synchronized Child service(ServiceName service) {
    return services.get(service);
  }

  public Ports ports() {
    return ports;
  }

  public DevKeys keys() {
    return keys;
  }

  /** The databases. */
  public synchronized PostgresServer postgres() {
    return postgres;
  }

  public String bootstrapServers() {
    return brokerAccess.bootstrapServers();
  }

  /** How Kafka is reached, and by whom. */
  BrokerAccess brokerAccess() {
    return brokerAccess;
  }

  /**
   * From now on a part that ends without being told to, or does not become ready again, is started
   * again, and {@code news} hears of it. One that never stays is given up: see {@link #died}.
   */
  void restartWhatEnds(Consumer<String> news) {
    reviver.begin(news);
  }

  /** Completes with one line when a part has ended that nobody stopped and nobody starts again. */
  public CompletableFuture<String> died() {
    return reviver.gaveUp();
  }

  /** Whether it was told to stop. */
  boolean isClosed() {
    return closed;
  }

  private int port(ServiceName service) {
    return ports.http(service);
  }

  private Child watched(Child child, Supplier<Child> start, Consumer<Child> awaitReady) {
    leftovers.remember(child);
    reviver.watch(child, start, awaitReady);
    return child;
  }

  private void requireOpen() {
    if (closed) {
      throw new LaunchException("stopping");
    }
  }

  private static void thread(Runnable task) {
    Thread thread = new Thread(task, "stack");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    // None of them needs another one to stop; all of them need Kafka and Postgres.
    List<Child> processes = new ArrayList<>(extras);
    processes.addAll(services.values());
    CompletableFuture.allOf(
            processes.stream()
                .map(child -> CompletableFuture.runAsync(() -> stop(child), Stack::thread))
                .toArray(CompletableFuture[]::new))
        .join();
    stop(kafka);
    if (postgres != null) {
      postgres.close();
    }
    leftovers.forget();
    programs.drop();
    state.close();
  }

  private static void stop(Child child) {
    if (child != null) {
      child.stop(STOP);
    }
  }
}
