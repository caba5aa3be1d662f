package dev.countersign.local;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The file that says by its first line that its folder is a state folder, and is locked by it. */
final class StateMarker {
  static final String NAME = "countersign-state";

  /** There while what earlier stacks made is being removed. */
  static final String REMOVING = "countersign-removing";

  private static final String REMOVES = "What deploy/up made here is being removed.\n";
  private static final String MARKED = "This folder belongs to deploy/up of Countersign.\n";
  private static final int LONGEST = 200;

  private StateMarker() {}

  /** Whether a folder is one; a folder that is not there is none. */
  static boolean isIn(Path dir) throws IOException {
    return text(dir.resolve(NAME)).startsWith(MARKED);
  }

  /** Marks a folder. The lock goes with the channel, or with the process. */
  static FileChannel lock(Path dir) throws IOException {
    FileChannel channel =
        FileChannel.open(
            dir.resolve(NAME),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    FileLock lock = channel.tryLock();
    if (lock == null) {
      String text = text(dir.resolve(NAME));
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

  /**
   * Notes that what was made in a folder is to be removed.
   *
   * @throws LaunchException if something else has the note's name
   */
  static void removing(Path dir) throws IOException {
    Path note = dir.resolve(REMOVING);
    if (Files.exists(note, LinkOption.NOFOLLOW_LINKS) && !isRemoving(dir)) {
      throw new LaunchException(note + " is not of deploy/up; move it away");
    }
    Files.writeString(note, REMOVES);
  }

  /** Whether that is noted and not done yet; anything else of that name orders nothing. */
  static boolean isRemoving(Path dir) throws IOException {
    return text(dir.resolve(REMOVING)).equals(REMOVES);
  }

  /** Empty if there is none; the beginning of any other file of this name. */
  private static String text(Path file) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return "";
    }
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(LONGEST), StandardCharsets.US_ASCII);
    }
  }
}
