package dev.countersign.local;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.protocol.InvalidEventException;
import dev.countersign.protocol.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Puts the custom profiles of a folder into a running stack, in an administrator's name. */
final class Profiles {
  private static final String SUFFIX = ".json";

  private final Gateway admin;

  Profiles(Gateway admin) {
    this.admin = admin;
  }

  /**
   * Writes every {@code <name>.json} that differs from what is stored; those that are not in the
   * folder stay.
   *
   * @return the names of those that were written
   * @throws LaunchException naming the file that was refused, and why
   */
  List<String> put(Path folder) {
    return files(folder).stream().filter(this::putOne).map(Profiles::name).toList();
  }

  /**
   * The profiles of a folder, sorted.
   *
   * @throws LaunchException naming what is none and would be passed over
   */
  static List<Path> files(Path folder) {
    try (var entries = Files.list(folder)) {
      List<Path> files = entries.sorted().toList();
      for (Path file : files) {
        if (!file.toString().endsWith(SUFFIX) || !Files.isRegularFile(file)) {
          throw new LaunchException(
              "%s is not read: the folder of profiles may hold files NAME%s, and nothing else"
                  .formatted(file, SUFFIX));
        }
      }
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + folder, e);
    }
  }

  private boolean putOne(Path file) {
    JsonNode document = read(file);
    String address = "/v1/profiles/" + name(file);
    Gateway.Reply stored = admin.get(address);
    Gateway.Reply written;
    if (stored.status() == 404) {
      written = admin.put(address, document);
    } else {
      JsonNode now = stored.orThrow();
      if (now.path("document").equals(document)) {
        return false;
      }
      written = admin.put(address, document, now.path("version").asLong());
    }
    if (written.status() / 100 != 2) {
      throw new LaunchException(
          "the profile %s was refused: %s".formatted(file, written.body().path("detail").asText()));
    }
    return true;
  }

  private static JsonNode read(Path file) {
    try {
      return Json.readTree(Files.readAllBytes(file));
    } catch (InvalidEventException e) {
      throw new LaunchException("the profile " + file + " " + e.getMessage().replace("$ ", ""), e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  private static String name(Path file) {
    String name = file.getFileName().toString();
    return name.substring(0, name.length() - SUFFIX.length());
  }
}
