package dev.countersign.preflight;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.EnvConfigSource;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.flywaydb.core.Flyway;

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

  /** Refuses a database whose schema is newer than this release; any other it migrates. */
  public void migrate(Flyway flyway) {
    refuse(Schema.problem(flyway.info().all()));
    flyway.migrate();
  }

  private void refuse(Optional<String> problem) {
    if (problem.isPresent()) {
      // Quarkus prints the message of such an exception, and nothing else.
      throw new ConfigurationException(service + " does not start: " + problem.get());
    }
  }
}
