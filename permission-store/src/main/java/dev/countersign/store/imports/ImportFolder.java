package dev.countersign.store.imports;

import dev.countersign.protocol.Identifiers;
import dev.countersign.protocol.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder with a folder for each user, in which a file {@code PERMISSIONS.json} stands, in upper
 * or lower case. Links count where they lead to something inside the folder, and nowhere else.
 */
final class ImportFolder {
  private static final String NAME = "PERMISSIONS.json";

  private final Path root;

  private ImportFolder(Path root) {
    this.root = root;
  }

  static ImportFolder at(Path folder) throws IOException {
    return new ImportFolder(folder.toRealPath());
  }

  /** Everything in it, by name. Hidden names and plain files beside the users' folders are not. */
  List<FolderFile> files() throws IOException {
    List<FolderFile> files = new ArrayList<>();
    for (Path folder : list(root)) {
      String name = folder.getFileName().toString();
      if (!name.startsWith(".") && Files.isDirectory(folder)) {
        files.add(file(name, folder));
      }
    }
    return files;
  }

  private FolderFile file(String name, Path folder) {
    String user = Texts.shown(name);
    if (!Identifiers.isUser(name)) {
      return new FolderFile.Refused(
          user, user, "invalid_user", "a user " + Identifiers.USER_RULE + "; rename the folder");
    }
    try {
      if (!inside(folder)) {
        return outside(user, user);
      }
      List<Path> found =
          list(folder).stream()
              .filter(path -> path.getFileName().toString().equalsIgnoreCase(NAME))
              .toList();
      if (found.size() == 1) {
        return found(user, found.get(0));
      }
      return found.isEmpty()
          ? new FolderFile.Refused(user, user, "not_found", "holds no " + NAME)
          : new FolderFile.Refused(
              user, user, "ambiguous", "holds several files of this name: " + names(found));
    } catch (IOException e) {
      return unreadable(user, user, e);
    }
  }

  private FolderFile found(String user, Path file) throws IOException {
    String shown = user + "/" + file.getFileName();
    if (!inside(file)) {
      return outside(user, shown);
    }
    Path real = file.toRealPath();
    if (!Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) {
      return new FolderFile.Refused(user, shown, "malformed_file", "is no regular file");
    }
    return new FolderFile.Found(
        user, shown, real, Files.getLastModifiedTime(real, LinkOption.NOFOLLOW_LINKS).toInstant());
  }

  /** The content of a file, cut one byte behind what may be imported. */
  static byte[] content(FolderFile.Found file) throws IOException {
    try (InputStream in = Files.newInputStream(file.file(), LinkOption.NOFOLLOW_LINKS)) {
      return in.readNBytes(Json.MAX_REQUEST_BYTES + 1);
    }
  }

  private boolean inside(Path path) throws IOException {
    return path.toRealPath().startsWith(root);
  }

  private static FolderFile outside(String user, String shown) {
    return new FolderFile.Refused(
        user, shown, "outside_folder", "is a link that leads out of the import folder");
  }

  static FolderFile.Refused unreadable(String user, String shown, IOException e) {
    String why = e.getClass().getSimpleName();
    return new FolderFile.Refused(user, shown, "malformed_file", "cannot be read: " + why);
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    }
  }

  private static String names(List<Path> paths) {
    return String.join(", ", paths.stream().map(path -> path.getFileName().toString()).toList());
  }
}
