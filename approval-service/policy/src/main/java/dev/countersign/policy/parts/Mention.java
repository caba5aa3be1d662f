package dev.countersign.policy.parts;

import dev.countersign.policy.parts.Touch.PathTouch;
import dev.countersign.policy.shell.PathUse.Use;

/**
 * A file that a word of a command names although nothing says that the command touches it.
 *
 * @param file with use DELETE if it is known to be gone afterwards
 * @param plain whether the word can hardly mean anything but the file, or is a glob
 * @param spelledOut whether it is a glob that the shell replaces by the names of files
 */
public record Mention(PathTouch file, boolean plain, boolean spelledOut) {
  Mention(PathTouch file, boolean plain) {
    this(file, plain, false);
  }

  /** Whether the file is gone afterwards, although the command is no deletion of it. */
  public boolean removes() {
    return file.use() == Use.DELETE;
  }
}
