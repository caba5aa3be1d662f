package dev.countersign.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.embedded.MetricsTable;
import dev.countersign.protocol.DeadLetterCodes;
import dev.countersign.protocol.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Alerts and dashboard look at what the services show, and the runbook knows every alert. */
class MonitoringTest {
  private static final Path FOLDER = Launched.CHECKOUT.resolve("deploy/monitoring");
  private static final Path ALERTS = FOLDER.resolve("alerts.yaml");
  private static final Path DASHBOARD = FOLDER.resolve("dashboard.json");
  private static final Path RUNBOOK = Launched.CHECKOUT.resolve("docs/runbook.md");
  private static final Pattern ALERT = Pattern.compile("(?m)^ +- alert: (\\S+)$");
  private static final Pattern TESTED =
      Pattern.compile("(?m)^ +alertname: (\\S+)\\R +exp_alerts:\\R +- ");
  private static final Pattern LINK = Pattern.compile("(?m)^ +runbook: docs/runbook\\.md#(\\S+)$");
  private static final Pattern HEADING = Pattern.compile("(?m)^## (\\S+)$");
  private static final Pattern METRIC =
      Pattern.compile("\\b(?:countersign|kafka|sql|jvm|http|process|worker|netty)_[a-z0-9_]+");

  private static final Pattern CODE = Pattern.compile("`([a-z]+(?:_[a-z]+)*)`");

  /** What is told of an answer or a command that came to its end, and a field and a role. */
  private static final Set<String> NOT_DEAD =
      Set.of("ok", "accepted", "already_decided", "denied_by_policy", "field", "approver");

  private static List<String> all(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(match -> match.group(1)).toList();
  }

  private static SortedSet<String> unknownMetrics(String text) {
    SortedSet<String> names = new TreeSet<>();
    METRIC.matcher(text).results().forEach(match -> names.add(match.group()));
    assertFalse(names.isEmpty());
    names.removeAll(MetricsTable.all());
    return names;
  }

  @Test
  void everyAlertHasItsEntryInTheRunbookAndItsTest() throws IOException {
    String rules = Files.readString(ALERTS);
    List<String> alerts = all(ALERT, rules);
    assertEquals(alerts.size(), new HashSet<>(alerts).size());
    assertEquals(alerts, all(HEADING, Files.readString(RUNBOOK)));
    assertEquals(alerts.stream().map(String::toLowerCase).toList(), all(LINK, rules));
    assertEquals(alerts, all(TESTED, Files.readString(FOLDER.resolve("alerts.test.yaml"))));
  }

  @Test
  void alertsTheirTestsAndTheRunbookNameWhatTheServicesShow() throws IOException {
    for (Path file : List.of(ALERTS, FOLDER.resolve("alerts.test.yaml"))) {
      assertEquals(Set.of(), unknownMetrics(Files.readString(file)), file.toString());
    }
    SortedSet<String> ofTheJvm = unknownMetrics(Files.readString(RUNBOOK));
    assertEquals(Set.of("jvm_gc_pause_seconds"), ofTheJvm);
  }

  @Test
  void theDashboardShowsWhatTheServicesShowAndEveryPanelIsWhole() throws IOException {
    JsonNode dashboard = Json.readTree(Files.readAllBytes(DASHBOARD));
    List<String> queries = new ArrayList<>();
    Set<Integer> ids = new HashSet<>();
    for (JsonNode panel : dashboard.path("panels")) {
      String title = panel.path("title").asText();
      assertFalse(title.isBlank());
      assertEquals(true, ids.add(panel.path("id").asInt()), title);
      if (!panel.path("type").asText().equals("row")) {
        assertFalse(panel.path("targets").isEmpty(), title);
        panel.path("targets").forEach(target -> queries.add(target.path("expr").asText()));
      }
    }
    assertEquals(Set.of(), unknownMetrics(String.join("\n", queries)));
  }

  @Test
  void everyMetricOfOurOwnIsOnTheDashboard() throws IOException {
    String dashboard = Files.readString(DASHBOARD);
    SortedSet<String> missing = new TreeSet<>();
    MetricsTable.all().stream()
        .filter(name -> name.startsWith("countersign_"))
        .map(name -> name.replaceAll("_(bucket|sum|count|max)$", ""))
        .filter(name -> !dashboard.contains(name))
        .forEach(missing::add);
    assertEquals(Set.of(), missing);
  }

  private static String section(String page, String kind) {
    int from = page.indexOf("):", page.indexOf("**" + kind + "** ("));
    int next = page.indexOf("\n**", from);
    return page.substring(from, next < 0 ? page.indexOf("\nA refused override", from) : next);
  }

  /** A code that is not listed would be counted as another one. */
  @Test
  void everyCodeOfADeadLetterThatIsDocumentedIsALabelAndNoOther() throws IOException {
    String page = Files.readString(Launched.CHECKOUT.resolve("docs/protocol/README.md"));
    SortedSet<String> documented = new TreeSet<>();
    for (String kind :
        List.of("Answers", "Session commands", "Override commands", "Dead letters")) {
      documented.addAll(all(CODE, section(page, kind)));
    }
    documented.removeAll(NOT_DEAD);
    assertEquals(DeadLetterCodes.ALL, documented);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "check rules alerts.yaml",
        "test rules alerts.test.yaml",
        "check config prometheus.yaml"
      })
  void promtoolFindsNoFault(String command) throws Exception {
    assumeTrue(isInstalled(), "promtool (Debian: prometheus) is not installed: skipped");
    List<String> whole = new ArrayList<>(List.of("promtool"));
    whole.addAll(List.of(command.split(" ")));
    Process promtool =
        new ProcessBuilder(whole).directory(FOLDER.toFile()).redirectErrorStream(true).start();
    String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, promtool.waitFor(), said);
  }

  private static boolean isInstalled() throws InterruptedException {
    try {
      Process version =
          new ProcessBuilder("promtool", "--version").redirectErrorStream(true).start();
      version.getInputStream().transferTo(OutputStream.nullOutputStream());
      return version.waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
