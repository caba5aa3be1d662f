package dev.countersign.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A real Postgres on loopback, with the databases {@code approval} and {@code permissions} and an
 * owner for each. What it committed is there again after a restart on the same folder, also after a
 * crash ({@code fsync} and {@code synchronous_commit} are on). It is a process of its own and ends
 * with this JVM, however this JVM ends.
 */
public final class PostgresServer implements AutoCloseable {
  private static final String OPTIONS =
      "-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=on"
          + " -c synchronous_commit=on -c full_page_writes=on -c max_connections=100"
          + " -c shared_buffers=64MB -c log_checkpoints=off -p ";
  private static final int BIND_TRIES = 5;
  private static final Duration PREDECESSOR_MAY_TAKE = Duration.ofSeconds(20);

  private final Path dir;
  private final int port;
  private final boolean temporary;
  private final PostgresPrograms programs;
  private final PostgresCredentials credentials;
  private EndsWithParent guard;

  private PostgresServer(Path dir, int port, boolean temporary) {
    this.dir = Folders.createPrivate(dir.toAbsolutePath());
    this.port = port;
    this.temporary = temporary;
    this.programs = new PostgresPrograms(PostgresBinaries.unpacked());
    this.credentials = PostgresCredentials.in(dir.resolve("credentials.json"));
  }

  /** Starts on a free port with a folder of its own, which {@link #close} removes. */
  public static PostgresServer startTemporary() {
    return startOnFreePort(Folders.temporary("postgres"), true);
  }

  /** Starts on a free port with the data of a folder, which stays. */
  public static PostgresServer startOnFreePort(Path dir) {
    return startOnFreePort(dir, false);
  }

  /** Starts with the data of a folder, which stays. */
  public static PostgresServer start(Path dir, int port) {
    return new PostgresServer(dir, port, false).start();
  }

  /**
   * Returns once the server that a crashed launcher left on a folder has ended.
   *
   * @throws IllegalStateException if it does not end in time
   */
  public static void awaitEndOfLast(Path dir) {
    new Postmaster(data(dir)).awaitEnd();
  }

  private static PostgresServer startOnFreePort(Path dir, boolean temporary) {
    for (int i = 1; ; i++) {
      try {
        return new PostgresServer(dir, FreePorts.next(), temporary).start();
      } catch (IllegalStateException e) {
        if (i == BIND_TRIES || !e.getMessage().contains("could not bind")) {
          throw e;
        }
      }
    }
  }

  /** The approval service's database. */
  public Database approval() {
    return new Database("approval", "approval", credentials.approval(), port);
  }

  /** The permission store's database. */
  public Database permissions() {
    return new Database("permissions", "permissions", credentials.permissions(), port);
  }

  /** The database {@code postgres} as its superuser. */
  public Database superuser() {
    return new Database("postgres", "postgres", credentials.superuser(), port);
  }

  /** Where it listens. */
  public int port() {
    return port;
  }

  /** Where it writes its log. */
  Path log() {
    return dir.resolve("postgres.log");
  }

  /** The postmaster's process. */
  public ProcessHandle process() {
    return postmaster().orElseThrow(() -> new IllegalStateException("Postgres is not running"));
  }

  /** Starts it again on its port and folder, stopping it first unless it crashed. */
  public void restart() {
    stop("fast");
    start();
  }

  /** Stops it, ending every connection, and waits until it has stopped. */
  @Override
  public void close() {
    stop(temporary ? "immediate" : "fast");
    if (temporary) {
      Folders.delete(dir);
    }
  }

  private void stop(String mode) {
    if (guard == null) {
      return;
    }
    Optional<ProcessHandle> process = postmaster();
    PostgresPrograms.Result stopped =
        programs.run(dir, "pg_ctl", "stop", "-D", data(), "-m", mode, "-w");
    guard.close();
    guard = null;
    if (stopped.status() != 0 && postmaster().isPresent()) {
      throw new IllegalStateException("Postgres did not stop: " + stopped.output().strip());
    }
    process.ifPresent(PostgresServer::awaitEnd);
  }

  /** The pid file goes a moment before the process does. */
  private static void awaitEnd(ProcessHandle process) {
    try {
      process.onExit().get(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // Its database is closed; whoever adopted the process has not taken note of its end yet.
    }
  }

  private PostgresServer start() {
    if (!Files.isDirectory(Path.of(data()))) {
      initialise();
    }
    awaitEndOfLast(dir);
    PostgresLog log = new PostgresLog(log());
    for (long deadline = System.nanoTime() + PREDECESSOR_MAY_TAKE.toNanos(); ; ) {
      long before = log.length();
      PostgresPrograms.Result started =
          programs.run(
              dir,
              "pg_ctl",
              "start",
              "-D",
              data(),
              "-l",
              log.toString(),
              "-o",
              OPTIONS + port,
              "-w");
      if (started.status() == 0) {
        break;
      }
      String said = log.since(before);
      // After a crash the last backends need a moment to notice it.
      if (!said.contains("still in use") || System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "Postgres did not start: "
                + PostgresLog.firstFault(said).orElse(started.output().strip()));
      }
    }
    startGuard();
    try {
      PostgresDatabases.create(superuser(), List.of(approval(), permissions()));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
    return this;
  }

  /** Also after a crash, of which nobody here need take note. */
  private void startGuard() {
    ProcessHandle process = process();
    EndsWithParent watch = EndsWithParent.watch(process.pid(), "INT");
    process.onExit().thenRun(watch::close);
    guard = watch;
  }

  private void initialise() {
    Path passwordFile = dir.resolve("initdb-password");
    Path fresh = dir.resolve("data.new");
    Folders.delete(fresh);
    Folders.writePrivate(passwordFile, credentials.superuser().getBytes());
    try {
      PostgresPrograms.Result made =
          programs.run(
              dir,
              "initdb",
              "-D",
              fresh.toString(),
              "-U",
              "postgres",
              "-A",
              "scram-sha-256",
              "--pwfile=" + passwordFile,
              "-E",
              "UTF8",
              "--locale=C",
              "--locale-provider=builtin",
              "--builtin-locale=C.UTF-8");
      if (made.status() != 0) {
        throw new IllegalStateException("initdb failed: " + made.output().strip());
      }
      Files.move(fresh, Path.of(data()), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot prepare the database folder " + dir, e);
    } finally {
      Folders.delete(passwordFile);
    }
  }

  private Optional<ProcessHandle> postmaster() {
    return new Postmaster(data(dir)).process();
  }

  private String data() {
    return data(dir).toString();
  }

  private static Path data(Path dir) {
    return dir.resolve("data");
  }
}
