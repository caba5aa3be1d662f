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
import java.util.Set;

/**
 * The folder that a local stack keeps everything in. One stack at a time holds it; the lock goes
 * with the process, however it ends. The locked file says by its first line that the folder is one;
 * no other folder with anything in it is ever used.
 */
final class StateFolder implements AutoCloseable {
  static final String ENV_FILE = "countersign.env";

  /** What a stack writes or reads here, and nobody else. */
  private static final List<String> OWN =
      List.of(
          "kafka",
          "kafka-security",
          "postgres",
          "keys",
          "programs",
          "logs",
          "children",
          ENV_FILE,
          StateMarker.NAME,
          EtcNames.FOLDER);

  /** What may be here before the first start. */
  private static final Set<String> GIVEN = Set.of(EtcNames.FOLDER, "claude-code.sh");

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
   * @param fresh remove first what earlier stacks made here, and nothing else
   */
  static StateFolder take(Path dir, boolean fresh) {
    try {
      requireUsable(dir);
      Folders.createPrivate(dir);
      StateFolder state = new StateFolder(dir, StateMarker.lock(dir));
      try {
        state.prepare(fresh);
        return state;
      } catch (IOException | RuntimeException e) {
        state.channel.close();
        throw e;
      }
    } catch (IOException | UncheckedIOException e) {
      throw new LaunchException("cannot use the state folder " + dir + ": " + reason(e), e);
    }
  }

  private static void requireUsable(Path dir) throws IOException {
    if (Files.exists(dir) && !Files.isDirectory(dir)) {
      throw new LaunchException("the state folder " + dir + " is no folder");
    }
    Path absolute = dir.toAbsolutePath().normalize();
    requireOwnPlace(absolute);
    requireOwnPlace(StatePlace.real(absolute));
    for (String name : OWN) {
      if (StateMarker.isIn(dir.resolve(name))) {
        throw new LaunchException(
            "%s is a state folder itself, and %s would write and remove it as its own; move it, or choose another with --state"
                .formatted(dir.resolve(name), dir));
      }
    }
    if (Files.isDirectory(dir) && !StateMarker.isIn(dir) && !holdsOnlyWhatWasGiven(dir)) {
      throw new LaunchException(
          dir + " holds other files and is no state folder; choose another with --state");
    }
  }

  /** Another stack writes and removes what is in its folder under its names. */
  private static void requireOwnPlace(Path place) throws IOException {
    for (Path inner = place, dir = place.getParent();
        dir != null;
        inner = dir, dir = dir.getParent()) {
      if (OWN.contains(inner.getFileName().toString()) && StateMarker.isIn(dir)) {
        throw new LaunchException(
            "%s belongs to the state folder %s; choose another with --state, such as %s"
                .formatted(inner, dir, dir.resolve("NAME")));
      }
    }
  }

  /** Nothing is removed under a process that may still write it. */
  private void prepare(boolean fresh) throws IOException {
    new Leftovers(children()).awaitEnd();
    awaitPostgres();
    if (fresh) {
      made().forEach(Folders::delete);
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
    return List.of(kafka(), kafkaSecurity(), postgres(), keys(), programs(), logs(), envFile());
  }

  Path kafka() {
    return dir.resolve("kafka");
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

  /**
   * As before the first start, or if that ended before it had marked the folder. Other state
   * folders may lie in it.
   */
  private static boolean holdsOnlyWhatWasGiven(Path dir) throws IOException {
    for (Path entry : entries(dir)) {
      boolean unwritten = entry.endsWith(StateMarker.NAME) && entry.toFile().length() == 0;
      if (!wasGiven(entry) && !unwritten && !StateMarker.isIn(entry)) {
        return false;
      }
    }
    return true;
  }

  private static boolean wasGiven(Path entry) {
    return GIVEN.contains(entry.getFileName().toString());
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
