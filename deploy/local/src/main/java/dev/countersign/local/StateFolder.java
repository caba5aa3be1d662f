package dev.countersign.local;

import dev.countersign.embedded.Folders;
import java.io.IOException;
import java.io.InputStream;
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
 * with the process, however it ends. The locked file says by its first line that the folder is one;
 * no other folder with anything in it is ever used.
 */
final class StateFolder implements AutoCloseable {
  static final String ENV_FILE = "countersign.env";

  private static final String MARKER = "countersign-state";
  private static final String MARKED = "This folder belongs to deploy/up of Countersign.\n";
  private static final int LONGEST_MARKER = 200;

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
   * Takes the folder, making it if needed.
   *
   * @param fresh remove first what earlier stacks made here, and nothing else
   */
  static StateFolder take(Path dir, boolean fresh) {
    try {
      if (Files.exists(dir) && !Files.isDirectory(dir)) {
        throw new LaunchException("the state folder " + dir + " is no folder");
      }
      Folders.createPrivate(dir);
      if (!isMarked(dir) && !holdsOnlyWhatWasGiven(dir)) {
        throw new LaunchException(
            dir + " holds other files and is no state folder; choose another with --state");
      }
      StateFolder state = new StateFolder(dir, lock(dir));
      if (fresh) {
        state.made().forEach(Folders::delete);
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
            dir.resolve(MARKER),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    FileLock lock = channel.tryLock();
    if (lock == null) {
      String text = marker(dir);
      String holder = text.startsWith(MARKED) ? text.substring(MARKED.length()).strip() : "";
      channel.close();
      throw new LaunchException(
          "a stack runs on %s already%s; stop it, or choose another folder with --state"
              .formatted(dir, holder.isEmpty() ? "" : " (process " + holder + ")"));
    }
    // The first line is never gone, however this ends.
    String text = MARKED + ProcessHandle.current().pid() + "\n";
    channel.write(StandardCharsets.US_ASCII.encode(text), 0);
    channel.truncate(text.length());
    return channel;
  }

  private static boolean isMarked(Path dir) throws IOException {
    return marker(dir).startsWith(MARKED);
  }

  /** Empty if there is none; the beginning of any other file of this name. */
  private static String marker(Path dir) throws IOException {
    Path file = dir.resolve(MARKER);
    if (!Files.isRegularFile(file)) {
      return "";
    }
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(LONGEST_MARKER), StandardCharsets.US_ASCII);
    }
  }

  Path dir() {
    return dir;
  }

  private List<Path> made() {
    return List.of(kafka(), postgres(), keys(), programs(), logs(), envFile());
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
      boolean unwritten = entry.endsWith(MARKER) && entry.toFile().length() == 0;
      if (!wasGiven(entry) && !unwritten && !isMarked(entry)) {
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
