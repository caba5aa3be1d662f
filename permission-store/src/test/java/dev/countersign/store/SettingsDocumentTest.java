package dev.countersign.store;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.countersign.embedded.SettingsTable;
import dev.countersign.preflight.Preflight;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.junit.jupiter.api.Test;

/** Every setting that the document names is one, and a misspelt one is none. */
class SettingsDocumentTest {
  private static void start(ConfigSource source) {
    new Preflight("permission-store")
        .requireKnownSettings(
            new SmallRyeConfigBuilder().withSources(source).build(), StoreConfig.class);
  }

  private static ConfigSource properties(List<String> names) {
    return new PropertiesConfigSource(
        names.stream().collect(Collectors.toMap(name -> name, name -> "x")), "file", 100);
  }

  private static ConfigSource environment(List<String> names) {
    return new EnvConfigSource(
        names.stream()
            .map(name -> name.replaceAll("[.-]", "_").toUpperCase(Locale.ROOT))
            .collect(Collectors.toMap(name -> name, name -> "x")),
        300);
  }

  @Test
  void theDocumentNamesSettingsThatThereAre() {
    List<String> named = SettingsTable.of("permission-store");
    assertFalse(named.isEmpty());
    start(properties(named));
    start(environment(named));
  }

  @Test
  void aMisspeltOneIsRefusedWhereverItIsSet() {
    for (String name : List.of("countersign.trustfile", "countersign.signing-keyfile")) {
      assertThrows(ConfigurationException.class, () -> start(properties(List.of(name))), name);
      assertThrows(ConfigurationException.class, () -> start(environment(List.of(name))), name);
    }
    assertDoesNotThrow(
        () -> start(new PropertiesConfigSource(Map.of("other.trustfile", "x"), "file", 100)));
  }
}
