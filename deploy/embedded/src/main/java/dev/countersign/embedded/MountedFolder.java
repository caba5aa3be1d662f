package dev.countersign.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;

/**
 * One file in a folder as a kubelet mounts a ConfigMap or a Secret: the file is a link into {@code
 * ..data}, which is a link to a folder with the present content. A change makes another folder and
 * renames a link to it over {@code ..data}. All contents have the same time here, so that only the
 * content tells them apart.
 */
public final class MountedFolder {
  private static final FileTime ALWAYS = FileTime.fromMillis(1_000_000_000_000L);

  private final Path folder;
  private final String name;
  private int contents;

  /**
   * An empty mount.
   *
   * @param name of its file
   */
  public MountedFolder(Path folder, String name) throws IOException {
    this.folder = folder;
    this.name = name;
    Files.createSymbolicLink(file(), Path.of("..data", name));
  }

  /** The file as whoever reads it names it. */
  public Path file() {
    return folder.resolve(name);
  }

  /** Puts another content in place of the present one, at once. */
  public void swap(String content) throws IOException {
    Path before = present();
    Path next = Files.createDirectory(folder.resolve("..content-" + contents++));
    Files.writeString(next.resolve(name), content);
    Files.setLastModifiedTime(next.resolve(name), ALWAYS);
    Path link = Files.createSymbolicLink(folder.resolve("..data_tmp"), next.getFileName());
    Files.move(link, data(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    if (before != null) {
      Folders.delete(before);
    }
  }

  /** Takes the content away, so that the file's link leads nowhere. */
  public void empty() throws IOException {
    Path before = present();
    Files.delete(data());
    Folders.delete(before);
  }

  private Path data() {
    return folder.resolve("..data");
  }

  private Path present() throws IOException {
    try {
      return folder.resolve(Files.readSymbolicLink(data()));
    } catch (NoSuchFileException e) {
      return null;
    }
  }
}
