package dev.countersign.local;

import dev.countersign.embedded.Folders;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * The programs of one run, in its state folder. A running stack is not touched by a build in the
 * checkout: builds replace files, and these are links to what was there before (copies, on another
 * disk).
 */
final class Programs {
  private final Checkout checkout;
  private final Path folder;

  private Programs(Checkout checkout, Path folder) {
    this.checkout = checkout;
    this.folder = folder;
  }

  /** Takes what is built now. */
  static Programs take(Checkout checkout, Path folder) {
    Folders.delete(folder);
    return new Programs(checkout, Folders.createPrivate(folder));
  }

  /** The runnable jar of a service. */
  Path runner(ServiceName service) {
    Path runner = checkout.runner(service);
    Path own = folder.resolve(service.label());
    if (!Files.isDirectory(own)) {
      takeFolder(runner.getParent(), own);
    }
    return own.resolve(runner.getFileName());
  }

  /** The Java agent that ends a JVM with its launcher. */
  Path guard() {
    return take(checkout.guard(), folder.resolve("guard.jar"));
  }

  /** The launcher's own class path. */
  String classPath() {
    List<String> entries = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path path = Path.of(entry);
      boolean jar = Files.isRegularFile(path);
      Path own = folder.resolve("launcher").resolve(path.getFileName());
      entries.add(jar ? take(path, own).toString() : path.toAbsolutePath().toString());
    }
    return String.join(File.pathSeparator, entries);
  }

  /** Nothing runs them any more. */
  void drop() {
    Folders.delete(folder);
  }

  private static void takeFolder(Path from, Path to) {
    try {
      Files.walkFileTree(
          from,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              take(file, to.resolve(from.relativize(file).toString()));
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + from, e);
    }
  }

  private static Path take(Path from, Path to) {
    if (Files.exists(to)) {
      return to;
    }
    try {
      Files.createDirectories(to.getParent());
      link(from, to);
      return to;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + to, e);
    }
  }

  private static void link(Path from, Path to) throws IOException {
    try {
      Files.createLink(to, from);
    } catch (IOException | UnsupportedOperationException e) {
      Files.copy(from, to);
    }
  }
}
