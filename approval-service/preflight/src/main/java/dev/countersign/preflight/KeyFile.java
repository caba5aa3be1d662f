package dev.countersign.preflight;

import dev.countersign.protocol.token.TokenSigner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;

/**
 * A file with a private key. Nobody but its owner may read it, or else a group that this process is
 * in, as Kubernetes mounts secrets; nobody but its owner may change it.
 */
final class KeyFile {
  private static final Set<PosixFilePermission> OF_OTHERS =
      EnumSet.of(
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE,
          PosixFilePermission.OTHERS_EXECUTE);

  private static final String OF_A_MOUNT = "of a mounted secret, defaultMode 0440 and fsGroup";

  private KeyFile() {}

  /** Why the file cannot be used, and what would be right. */
  static Optional<String> problem(String setting, Path file) {
    return problem(setting, file, ProcessGroups::contains);
  }

  /** The same for a process that is in the groups of these ids. */
  static Optional<String> problem(String setting, Path file, LongPredicate ownGroup) {
    return problemOf(file, ownGroup).map(problem -> setting + ": " + problem);
  }

  private static Optional<String> problemOf(Path file, LongPredicate ownGroup) {
    if (!Files.isRegularFile(file)) {
      return Optional.of(
          "there is no file %s; it must hold the private key (JWK)"
              .formatted(file.toAbsolutePath()));
    }
    try {
      Optional<String> rights = rights(file, ownGroup);
      if (rights.isPresent()) {
        return rights;
      }
    } catch (UnsupportedOperationException e) {
      // A file system without owners and modes.
    } catch (IOException e) {
      return Optional.of("the rights of %s cannot be read: %s".formatted(file, e));
    }
    if (!Files.isReadable(file)) {
      return Optional.of(
          "%s cannot be read by this process; it must own the file, or be in its group"
              .formatted(file));
    }
    return contents(file);
  }

  private static Optional<String> rights(Path file, LongPredicate ownGroup) throws IOException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    String wrong = null;
    String right = "chmod 600 " + file;
    if (permissions.stream().anyMatch(OF_OTHERS::contains)) {
      wrong = "it is open to everybody";
    } else if (permissions.contains(PosixFilePermission.GROUP_WRITE)) {
      wrong = "its group may change it";
    } else if (permissions.contains(PosixFilePermission.GROUP_READ)
        && !ownGroup.test(((Number) Files.getAttribute(file, "unix:gid")).longValue())) {
      wrong = "a group may read it that this process is not in";
      right = "let this process own it and chmod 600, or give it a group that this process is in";
    }
    return wrong == null
        ? Optional.empty()
        : Optional.of(
            "%s has the mode %s, so %s: %s; %s"
                .formatted(
                    file, PosixFilePermissions.toString(permissions), wrong, right, OF_A_MOUNT));
  }

  private static Optional<String> contents(Path file) {
    try {
      TokenSigner.load(file);
      return Optional.empty();
    } catch (RuntimeException e) {
      return Optional.of(e.getMessage() + "; it must be a private RSA JWK with kid and iss");
    }
  }
}
