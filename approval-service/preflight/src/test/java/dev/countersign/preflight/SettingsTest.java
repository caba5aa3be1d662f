package dev.countersign.preflight;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  private final Settings settings =
      new Settings(
          Set.of(
              "countersign.trust-file",
              "countersign.prompt-timeout",
              "countersign.sessions.max-below-root"));

  private Optional<String> problem(String... names) {
    return settings.problem(List.of(names));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "countersign.trust-file",
        "COUNTERSIGN_TRUST_FILE",
        "countersign_trust_file",
        "countersign.sessions.max-below-root",
        "COUNTERSIGN_SESSIONS_MAX_BELOW_ROOT",
        // Of clients.
        "COUNTERSIGN_URL",
        "COUNTERSIGN_AGENT_TOKEN",
        // Of one profile.
        "%prod.countersign.trust-file",
        "%{prod,dev}.countersign.trust-file",
        "_PROD_COUNTERSIGN_TRUST_FILE",
        "_MY_PROFILE_COUNTERSIGN_TRUST_FILE",
        "_PROD_COUNTERSIGN_URL",
        // Of nobody here.
        "%prod.quarkus.http.port",
        "_PROD_QUARKUS_HTTP_PORT",
        "quarkus.http.port",
        "COUNTERSIGN",
        "COUNTERSIGNATURE",
        "countersignature.x",
        "PATH"
      })
  void whatIsKnownAndWhatIsAnotherProgramsPasses(String name) {
    assertEquals(Optional.empty(), problem(name));
  }

  @ParameterizedTest
  @CsvSource({
    "countersign.promt-timeout, countersign.prompt-timeout",
    "countersign.promptTimeout, countersign.prompt-timeout",
    "countersign.sessions.max-below-roots, countersign.sessions.max-below-root",
    "COUNTERSIGN_PROMT_TIMEOUT, COUNTERSIGN_PROMPT_TIMEOUT",
    "COUNTERSIGN_TRUSTFILE, COUNTERSIGN_TRUST_FILE",
    "countersign_promt_timeout, COUNTERSIGN_PROMPT_TIMEOUT",
    "COUNTERSIGN_TOKENS, COUNTERSIGN_TRUST_FILE",
    "%prod.countersign.promt-timeout, countersign.prompt-timeout",
    "'%{prod,dev}.countersign.promt-timeout', countersign.prompt-timeout",
    "_PROD_COUNTERSIGN_PROMT_TIMEOUT, COUNTERSIGN_PROMPT_TIMEOUT",
    "_my_profile_countersign_promt_timeout, COUNTERSIGN_PROMPT_TIMEOUT",
    // Clients read variables alone.
    "countersign.url, countersign.trust-file",
    "countersign.agent-token, countersign.trust-file",
  })
  void whatMeansNothingIsNamedWithTheNearestThatDoes(String name, String nearest) {
    assertEquals(
        Optional.of(
            name
                + " is not one of its settings; the nearest is "
                + nearest
                + " (docs/operations.md lists them)"),
        problem("PATH", name, "countersign.trust-file"));
  }

  @Test
  void theFirstOfSeveralIsSaid() {
    assertEquals(
        problem("countersign.a"), problem("countersign.b", "countersign.a", "countersign.c"));
  }

  /** For each Service of a namespace, after its name, Kubernetes tells every pod these. */
  @Test
  void whatKubernetesSaysOfAServicePasses() {
    String[] links = {
      "COUNTERSIGN_KAFKA_BOOTSTRAP_SERVICE_HOST",
      "COUNTERSIGN_KAFKA_BOOTSTRAP_SERVICE_PORT",
      "COUNTERSIGN_KAFKA_BOOTSTRAP_SERVICE_PORT_TCP_CLIENTS",
      "COUNTERSIGN_KAFKA_BOOTSTRAP_PORT",
      "COUNTERSIGN_KAFKA_BOOTSTRAP_PORT_9093_TCP",
      "COUNTERSIGN_KAFKA_BOOTSTRAP_PORT_9093_TCP_ADDR"
    };
    assertEquals(Optional.empty(), problem(links));
    for (String link : List.of(links).subList(1, links.length)) {
      assertEquals(1, problem(link).stream().count(), link + " alone is no such word");
    }
    assertEquals(
        1,
        problem("COUNTERSIGN_A_SERVICE_HOST", "COUNTERSIGN_A_PROMPT_TIMEOUT").stream().count(),
        "nor is whatever else begins like it");
  }

  @Test
  void theDistanceCountsWhatIsAddedRemovedAndReplaced() {
    assertEquals(0, Settings.distance("abc", "abc"));
    assertEquals(3, Settings.distance("", "abc"));
    assertEquals(1, Settings.distance("abc", "abxc"));
    assertEquals(1, Settings.distance("abc", "ac"));
    assertEquals(3, Settings.distance("kitten", "sitting"));
  }
}
