package dev.countersign.kubernetes;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a service reads with an environment, by the library with which it reads. */
final class ServiceSettings {
  private static final int ENVIRONMENT = 300;
  private static final int APPLICATION = 250;

  private final Service service;
  private final Map<String, String> environment;
  private final SmallRyeConfig config;

  ServiceSettings(Service service, Map<String, String> environment) {
    this.service = service;
    this.environment = environment;
    this.config = builder().build();
  }

  private SmallRyeConfigBuilder builder() {
    return new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .withConverter(Duration.class, 200, new DurationConverter())
        .withSources(new EnvConfigSource(environment, ENVIRONMENT))
        .withSources(
            new PropertiesConfigSource(service.defaults(), "application.properties", APPLICATION))
        // Quarkus gives each process one.
        .withDefaultValue("quarkus.uuid", "one-for-each-process");
  }

  /** What is set, or the service's own default in its {@code application.properties}. */
  Optional<String> value(String property) {
    return config.getOptionalValue(property, String.class);
  }

  /** As {@link #value}, or the default of the typed settings. */
  Optional<Duration> duration(String property) {
    return config
        .getOptionalValue(property, Duration.class)
        .or(() -> typedDefault(property).map(DurationConverter::parseDuration));
  }

  private Optional<String> typedDefault(String property) {
    return Optional.ofNullable(ConfigMappings.getProperties(configClass()).get(property))
        .filter(each -> each.hasDefaultValue())
        .map(each -> each.getDefaultValue());
  }

  /** The names of all typed settings. */
  Set<String> typedNames() {
    return ConfigMappings.getProperties(configClass()).keySet();
  }

  private ConfigClass configClass() {
    return ConfigClass.configClass(service.settings());
  }

  /** Why the service would not take its typed settings; empty if it would. */
  List<String> problems() {
    try {
      builder().withMapping(configClass()).build();
      return List.of();
    } catch (ConfigValidationException e) {
      List<String> problems = new ArrayList<>();
      for (int i = 0; i < e.getProblemCount(); i++) {
        problems.add(e.getProblem(i).getMessage());
      }
      return problems;
    }
  }
}
