package dev.countersign.policy.shell;

import java.util.List;

/**
 * What is known of the files that a search found below a folder.
 *
 * @param names globs; the last part of every path that was found fits one
 * @param files whether all of them are plain files, so that nothing lies below them
 */
public record Found(List<String> names, boolean files) {
  public Found {
    names = List.copyOf(names);
  }
}
