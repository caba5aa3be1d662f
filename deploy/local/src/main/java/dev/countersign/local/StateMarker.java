package dev.countersign.local;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The file that says by its first line that its folder is a state folder, and is locked by it. */
final class StateMarker {
  static final String NAME = "countersign-state";

  private static final String MARKED = "This folder belongs to deploy/up of Countersign.\n";
  private static final int LONGEST = 200;

  private StateMarker() {}

  /** Whether a folder is one; a folder that is not there is none. */
  static boolean isIn(Path dir) throws IOException {
    return text(dir).startsWith(MARKED);
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
      String text = text(dir);
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

  /** Empty if there is none; the beginning of any other file of this name. */
  private static String text(Path dir) throws IOException {
    Path file = dir.resolve(NAME);
    if (!Files.isRegularFile(file)) {
      return "";
    }
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(LONGEST), StandardCharsets.US_ASCII);
    }
  }
}
