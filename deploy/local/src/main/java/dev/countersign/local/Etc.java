package dev.countersign.local;

import dev.countersign.protocol.ClientVariables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What the operator of a local stack configures: files named on the command line, or those of the
 * folder {@code etc} of the state folder, which {@code --fresh} leaves alone.
 *
 * @param managedRules the administrator's rules
 * @param tools the operator's tools
 * @param imports a folder of {@code <user>/PERMISSIONS.json} files
 * @param profiles a folder of custom profiles, {@code <name>.json}
 */
record Etc(
    Path dir,
    Optional<Path> managedRules,
    Optional<Path> tools,
    Optional<Path> imports,
    Optional<Path> profiles) {
  private static final Pattern NAME = Pattern.compile("[A-Z][A-Z0-9_]*");

  private static final Pattern OF_SERVICES = Pattern.compile("(COUNTERSIGN|QUARKUS|KAFKA|MP)_.*");

  /**
   * Finds the files.
   *
   * @throws LaunchException if one that the command line names is not there, or if {@code etc}
   *     holds one that nobody would read
   */
  static Etc of(Options.Files named, Path state) {
    EtcNames.requireIn(state);
    Path dir = state.resolve(EtcNames.FOLDER);
    return new Etc(
        dir,
        file("--managed-rules", named.managedRules(), dir.resolve(EtcNames.MANAGED_RULES)),
        file("--tools", named.tools(), dir.resolve(EtcNames.TOOLS)),
        folder("--imports", named.imports(), dir.resolve(EtcNames.IMPORTS)),
        folder("--profiles", named.profiles(), dir.resolve(EtcNames.PROFILES)));
  }

  private static Optional<Path> file(String option, Path named, Path usual) {
    if (named != null && !Files.isRegularFile(named)) {
      throw new LaunchException(option + " names no file: " + named);
    }
    return Optional.ofNullable(named != null ? named : Files.isRegularFile(usual) ? usual : null);
  }

  private static Optional<Path> folder(String option, Path named, Path usual) {
    if (named != null && !Files.isDirectory(named)) {
      throw new LaunchException(option + " names no folder: " + named);
    }
    return Optional.ofNullable(named != null ? named : Files.isDirectory(usual) ? usual : null);
  }

  /** What goes over the ordinary environment of a service. */
  Map<String, String> environment(ServiceName service) {
    Map<String, String> env = new LinkedHashMap<>();
    if (service == ServiceName.APPROVAL) {
      managedRules.ifPresent(file -> env.put("COUNTERSIGN_MANAGED_RULES_FILE", file.toString()));
    }
    if (service != ServiceName.GATEWAY) {
      tools.ifPresent(file -> env.put("COUNTERSIGN_TOOLS_FILE", file.toString()));
    }
    if (service == ServiceName.STORE) {
      imports.ifPresent(folder -> env.put("COUNTERSIGN_IMPORT_FOLDER", folder.toString()));
    }
    env.putAll(settings(settingsFile(service)));
    return env;
  }

  private Path settingsFile(ServiceName service) {
    return dir.resolve(EtcNames.settings(service));
  }

  /** One line for each file and folder that is in use, with what it is. */
  List<String> used() {
    List<String> lines = new ArrayList<>();
    managedRules.ifPresent(file -> lines.add("managed rules: " + file));
    tools.ifPresent(file -> lines.add("tools: " + file));
    imports.ifPresent(folder -> lines.add("imports: " + folder));
    profiles.ifPresent(folder -> lines.add("profiles: " + folder));
    for (ServiceName service : ServiceName.values()) {
      Path file = settingsFile(service);
      if (Files.isRegularFile(file)) {
        lines.add("settings of the " + service.label() + ": " + file);
      }
    }
    return lines;
  }

  private static Map<String, String> settings(Path file) {
    Map<String, String> settings = new LinkedHashMap<>();
    int number = 0;
    for (String line : Files.isRegularFile(file) ? lines(file) : List.<String>of()) {
      number++;
      if (line.isBlank() || line.strip().startsWith("#")) {
        continue;
      }
      int equals = line.indexOf('=');
      if (equals < 0 || !NAME.matcher(line.substring(0, equals)).matches()) {
        throw new LaunchException(
            "%s, line %d: it must be NAME=value, such as COUNTERSIGN_PROMPT_TIMEOUT=5M"
                .formatted(file, number));
      }
      settings.put(line.substring(0, equals), line.substring(equals + 1));
    }
    return settings;
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  /** One line for each variable of this process that looks like a setting and is none here. */
  List<String> notPassedOn(Map<String, String> environment) {
    List<String> lines = new ArrayList<>();
    for (String name : new TreeSet<>(environment.keySet())) {
      if (OF_SERVICES.matcher(name).matches() && !ClientVariables.NAMES.contains(name)) {
        lines.add(
            "%s of this shell is not passed to the services; write it into %s/SERVICE.env"
                .formatted(name, dir));
      }
    }
    return lines;
  }
}
