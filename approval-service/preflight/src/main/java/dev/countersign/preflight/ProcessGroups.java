package dev.countersign.preflight;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** The groups by which this process may open files. */
final class ProcessGroups {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String OWN = "Gid:";
  private static final String MORE = "Groups:";

  private ProcessGroups() {}

  static boolean contains(long group) {
    Set<Long> groups = ofKernel();
    return (groups.isEmpty() ? ofAccount() : groups).contains(group);
  }

  private static Set<Long> ofKernel() {
    try {
      return parse(Files.readString(STATUS));
    } catch (IOException e) {
      return Set.of();
    }
  }

  /**
   * Reads what Linux says of a process; empty where the text does not say its groups.
   *
   * @param status the text of {@code /proc/PID/status}
   */
  static Set<Long> parse(String status) {
    Set<Long> groups = new HashSet<>();
    for (String line : status.lines().toList()) {
      String[] words = line.split("\\s+");
      if (words[0].equals(OWN)) {
        // The real, the effective, the saved one, and the one for files.
        groups.add(Long.parseLong(words[words.length - 1]));
      } else if (words[0].equals(MORE)) {
        for (int i = 1; i < words.length; i++) {
          groups.add(Long.parseLong(words[i]));
        }
      }
    }
    return groups;
  }

  /** Where the kernel does not say. The account's group is 0 if the process's user has none. */
  private static Set<Long> ofAccount() {
    UnixSystem account = new UnixSystem();
    Set<Long> groups = new HashSet<>();
    if (account.getUsername() != null) {
      groups.add(account.getGid());
    }
    long[] more = account.getGroups();
    for (int i = 0; more != null && i < more.length; i++) {
      groups.add(more[i]);
    }
    return groups;
  }
}
