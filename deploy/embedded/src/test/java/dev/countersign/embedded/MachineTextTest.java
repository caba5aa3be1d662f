package dev.countersign.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.embedded.agents.ClaudeCode;
import dev.countersign.protocol.Topics;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What programs read is the same wherever it is written: letters and digits differ by language. */
@Timeout(120)
class MachineTextTest {
  @TempDir static Path dir;

  private static BrokerSecurity security;

  @BeforeAll
  static void make() {
    security = BrokerSecurity.in(dir.resolve("other"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tr-TR", "az-AZ", "ar-EG", "fa-IR", "ne-NP", "th-TH-u-nu-thai"})
  void settingsAreTheSameInEveryLanguage(String language) {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.ROOT);
      List<Object> plain = texts();
      Locale.setDefault(Locale.forLanguageTag(language));
      assertEquals(plain, texts());
    } finally {
      Locale.setDefault(before);
    }
  }

  private static List<Object> texts() {
    Database database = new Database("approval", "user", "password", 12345);
    return List.of(
        BrokerSettings.secured(dir, 12345, 12346, security).properties(),
        new BrokerSettings(dir, 12345, 12346, new BrokerSettings.Proxied(12347, 12348))
            .properties(),
        security.firstLogin(),
        security.librdkafka("kcat"),
        security.client("kcat"),
        database.jdbcUrl(),
        database.reactiveUrl(),
        ClaudeCode.settings("hook", 12345));
  }

  @Test
  void aSecuredBrokerStartsInEveryLanguageAndItsDataAreReadInAnother() throws Exception {
    try (SecuredBroker arabic = SecuredBroker.startProcess(dir, speaking("ar", "EG"))) {
      assertTrue(arabic.writes("admin", Topics.REQUESTS));
    }
    try (SecuredBroker turkish = SecuredBroker.startProcess(dir, speaking("tr", "TR"))) {
      assertEquals(List.of(Topics.REQUESTS), turkish.mayRead("admin", List.of(Topics.REQUESTS)));
    }
  }

  private static List<String> speaking(String language, String country) {
    return List.of("-Xmx256m", "-Duser.language=" + language, "-Duser.country=" + country);
  }
}
