package dev.countersign.local;

import dev.countersign.embedded.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The folder that a local stack keeps everything in. One stack at a time holds it; the lock goes
 * with the process, however it ends.
 */
final class StateFolder implements AutoCloseable {
  static final String ENV_FILE = "countersign.env";

  private static final String LOCK = "lock";
  private static final Set<String> KEPT = Set.of(LOCK, EtcNames.FOLDER);
  private static final long NEEDED_BYTES = 512L * 1024 * 1024;

  private final Path dir;
  private final FileChannel channel;
  private final Set<String> begun = new HashSet<>();

  private StateFolder(Path dir, FileChannel channel) {
    this.dir = dir;
    this.channel = channel;
  }

  /**
   * Takes the folder, making it if needed.
   *
   * @param fresh empty it first, but for {@code etc}; only ever done to a folder that is a state
   *     folder already
   */
  static StateFolder take(Path dir, boolean fresh) {
    try {
      if (Files.exists(dir) && !Files.isDirectory(dir)) {
        throw new LaunchException("the state folder " + dir + " is no folder");
      }
      Folders.createPrivate(dir);
      if (!Files.exists(dir.resolve(LOCK)) && !onlySettings(dir)) {
        throw new LaunchException(
            dir + " holds other files and is no state folder; choose another with --state");
      }
      StateFolder state = new StateFolder(dir, lock(dir));
      if (fresh) {
        entries(dir).stream()
            .filter(entry -> !KEPT.contains(entry.getFileName().toString()))
            .forEach(Folders::delete);
      }
      Folders.delete(state.envFile());
      Folders.createPrivate(state.logs());
      long free = Files.getFileStore(dir).getUsableSpace();
      if (free < NEEDED_BYTES) {
        state.close();
        throw new LaunchException(
            "the disk of %s is full: %d MB are left, %d MB are needed"
                .formatted(dir, free >> 20, NEEDED_BYTES >> 20));
      }
      return state;
    } catch (IOException | UncheckedIOException e) {
      throw new LaunchException("cannot use the state folder " + dir + ": " + reason(e), e);
    }
  }

  private static FileChannel lock(Path dir) throws IOException {
    FileChannel channel =
        FileChannel.open(
            dir.resolve(LOCK),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    FileLock lock = channel.tryLock();
    if (lock == null) {
      String holder = Files.readString(dir.resolve(LOCK)).strip();
      channel.close();
      throw new LaunchException(
          "a stack runs on %s already%s; stop it, or choose another folder with --state"
              .formatted(dir, holder.isEmpty() ? "" : " (process " + holder + ")"));
    }
    channel.truncate(0);
    channel.write(StandardCharsets.US_ASCII.encode(ProcessHandle.current().pid() + "\n"), 0);
    return channel;
  }

  Path dir() {
    return dir;
  }

  Path kafka() {
    return dir.resolve("kafka");
  }

  Path postgres() {
    return dir.resolve("postgres");
  }

  Path keys() {
    return dir.resolve("keys");
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

  /** Whether nothing is there but what an operator has prepared for the first start. */
  private static boolean onlySettings(Path dir) throws IOException {
    return entries(dir).stream()
        .allMatch(entry -> entry.getFileName().toString().equals(EtcNames.FOLDER));
  }

  private static List<Path> entries(Path dir) throws IOException {
    try (var entries = Files.list(dir)) {
      return entries.toList();
    }
  }

  private static String reason(Exception e) {
    Throwable cause = e instanceof UncheckedIOException ? e.getCause() : e;
    String kind = cause.getClass().getSimpleName();
    return kind.equals("IOException")
        ? cause.getMessage()
        : kind.replace("Exception", "").replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase();
  }
}
