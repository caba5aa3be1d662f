package dev.countersign.preflight;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.EnvConfigSource;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;

/**
 * What ends a start. A service calls these, in this order, in an observer of its start with the
 * priority {@link #FIRST}: before it migrates, reads or sends anything. What is wrong ends the
 * process with status 1 and one line, without a stack trace.
 */
public final class Preflight {
  /** The priority of the observer: before everything else that starts. */
  public static final int FIRST = 0;

  private final String service;

  /**
   * @param service as its log and the documents call it
   */
  public Preflight(String service) {
    this.service = service;
  }

  /**
   * Refuses a setting that means nothing, wherever it is set: it would be a limit that is not
   * there.
   *
   * @param mapping all that can be set
   */
  public void requireKnownSettings(Config config, Class<?> mapping) {
    Set<String> known = ConfigMappings.getProperties(ConfigClass.configClass(mapping)).keySet();
    Set<String> names = new LinkedHashSet<>();
    for (ConfigSource source : config.getConfigSources()) {
      // Its names would also hold guesses of which properties its variables are.
      names.addAll(
          source instanceof EnvConfigSource environment
              ? environment.getProperties().keySet()
              : source.getPropertyNames());
    }
    refuse(new Settings(known).problem(names));
  }

  /** Refuses a file with a private key that others could read or change, or that holds none. */
  public void requireOwnKey(String setting, Path file) {
    refuse(KeyFile.problem(setting, file));
  }

  /** Refuses a file that does not say whose keys are trusted. */
  public void requireTrust(String setting, Path file) {
    refuse(TrustFile.problem(setting, file));
  }

  /**
   * Refuses a database whose schema is newer than this release, and one that cannot be migrated;
   * any other it migrates.
   */
  public void migrate(Flyway flyway) {
    migrate(() -> flyway.info().all(), flyway::migrate);
  }

  void migrate(Supplier<MigrationInfo[]> migrations, Runnable migrate) {
    refuse(Schema.migrate(migrations, migrate));
  }

  private void refuse(Optional<String> problem) {
    if (problem.isPresent()) {
      throw refusal(service, problem.get());
    }
  }

  /**
   * What ends a start when it is thrown at any time of it: then the process prints its message, in
   * one line, and nothing else.
   *
   * @param service as its log and the documents call it
   * @param problem what is wrong, and what would be right
   */
  public static ConfigurationException refusal(String service, String problem) {
    // Quarkus prints the message of such an exception alone, as long as it has no cause.
    return new ConfigurationException(
        service
            + " does not start: "
            + problem.lines().map(String::strip).collect(Collectors.joining(" ")));
  }
}
