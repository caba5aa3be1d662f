package dev.countersign.local;

import dev.countersign.embedded.Folders;
import dev.countersign.embedded.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The folder that a local stack keeps everything in. One stack at a time holds it; the lock goes
 * with the process, however it ends. The locked file says by its first line that the folder is one;
 * no other folder with anything in it is ever used.
 */
final class StateFolder implements AutoCloseable {
  static final String ENV_FILE = "countersign.env";

  private static final long NEEDED_BYTES = 512L * 1024 * 1024;

  private final Path dir;
  private final FileChannel channel;
  private final Set<String> begun = new HashSet<>();

  private StateFolder(Path dir, FileChannel channel) {
    this.dir = dir;
    this.channel = channel;
  }

  /**
   * Takes the folder, making it if needed. What an earlier stack left running has ended when this
   * returns.
   *
   * @param fresh remove first what earlier stacks made here, and nothing else. If that ends
   *     half-way, the next start goes on with it: half of it would be read as another stack's whole
   */
  static StateFolder take(Path dir, boolean fresh) {
    return take(dir, fresh, Folders::delete);
  }

  /**
   * The same.
   *
   * @param remover how a file or a folder is removed
   */
  static StateFolder take(Path dir, boolean fresh, Consumer<Path> remover) {
    try {
      StateClaim.require(dir);
      Folders.createPrivate(dir);
      StateFolder state = new StateFolder(dir, StateMarker.lock(dir));
      try {
        state.prepare(fresh, remover);
        return state;
      } catch (IOException | RuntimeException e) {
        state.channel.close();
        throw e;
      }
    } catch (IOException | UncheckedIOException e) {
      throw new LaunchException("cannot use the state folder " + dir + ": " + reason(e), e);
    }
  }

  /** Nothing is removed under a process that may still write it. */
  private void prepare(boolean fresh, Consumer<Path> remover) throws IOException {
    new Leftovers(children()).awaitEnd();
    awaitPostgres();
    if (fresh) {
      StateMarker.removing(dir);
    }
    if (StateMarker.isRemoving(dir)) {
      made().forEach(remover);
      remover.accept(dir.resolve(StateMarker.REMOVING));
    }
    Folders.delete(envFile());
    Folders.createPrivate(logs());
    long free = Files.getFileStore(dir).getUsableSpace();
    if (free < NEEDED_BYTES) {
      throw new LaunchException(
          "the disk of %s is full: %d MB are left, %d MB are needed"
              .formatted(dir, free >> 20, NEEDED_BYTES >> 20));
    }
  }

  private void awaitPostgres() {
    try {
      PostgresServer.awaitEndOfLast(postgres());
    } catch (IllegalStateException e) {
      throw new LaunchException(e.getMessage(), e);
    }
  }

  Path dir() {
    return dir;
  }

  private List<Path> made() {
    return List.of(
        envFile(),
        postgres(),
        keys(),
        programs(),
        logs(),
        kafka(),
        kafkaSecurity(),
        kafkaSecured());
  }

  /** The data of a broker that takes everybody. */
  Path kafka() {
    return dir.resolve("kafka");
  }

  /**
   * The data of a broker that takes only who logs in. No mark beside the data says that: it could
   * be lost, and they would be shown to everybody.
   */
  Path kafkaSecured() {
    return dir.resolve("kafka-secured");
  }

  /** Logins and the certificate of a broker that takes only who logs in. */
  Path kafkaSecurity() {
    return dir.resolve("kafka-security");
  }

  Path postgres() {
    return dir.resolve("postgres");
  }

  Path keys() {
    return dir.resolve("keys");
  }

  Path programs() {
    return dir.resolve("programs");
  }

  /** The processes of the last stack, as long as they may be alive. */
  Path children() {
    return dir.resolve("children");
  }

  Path envFile() {
    return dir.resolve(ENV_FILE);
  }

  Path logs() {
    return dir.resolve("logs");
  }

  /**
   * The log of a part. The first time, the log of the last run is moved beside it; whatever starts
   * the part again writes on where it ended.
   */
  synchronized Path log(String name) {
    Path log = logs().resolve(name + ".log");
    try {
      if (begun.add(name) && Files.exists(log)) {
        Files.move(log, logs().resolve(name + ".log.1"), StandardCopyOption.REPLACE_EXISTING);
      }
      return log;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + log, e);
    }
  }

  @Override
  public void close() {
    Folders.delete(envFile());
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String reason(Exception e) {
    Throwable cause = e instanceof UncheckedIOException ? e.getCause() : e;
    String kind = cause.getClass().getSimpleName();
    return kind.equals("IOException")
        ? cause.getMessage()
        : kind.replace("Exception", "")
            .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
            .toLowerCase(Locale.ROOT);
  }
}
