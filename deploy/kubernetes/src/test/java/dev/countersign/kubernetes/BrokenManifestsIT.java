package dev.countersign.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong is found, and told with what would be right: the checks are checked. */
class BrokenManifestsIT {
  private static Tools tools;

  @BeforeAll
  static void findTools() {
    tools = Tools.orSkip();
  }

  static Stream<Breakage> breakages() {
    return Breakage.all().stream();
  }

  @ParameterizedTest
  @MethodSource("breakages")
  void isFound(Breakage breakage) {
    Manifests right = Overlays.render(tools, Overlays.PRODUCTION);
    List<Fault> found = faults(breakage.check(), breakage.of(right));
    assertTrue(
        found.stream()
            .anyMatch(
                fault ->
                    fault.object().startsWith(breakage.at())
                        && fault.wrong().contains(breakage.says())
                        && !fault.right().isBlank()),
        () -> "expected of " + breakage.at() + ": " + breakage.says() + "; found: " + found);
  }

  private static List<Fault> faults(String check, Manifests manifests) {
    Faults faults = new Faults();
    Checks.of(Overlays.PRODUCTION).get(check).run(manifests, faults);
    return faults.all();
  }

  @Test
  void everyCheckIsTried() {
    Set<String> tried = new TreeSet<>();
    breakages().forEach(breakage -> tried.add(breakage.check()));
    assertEquals(new TreeSet<>(Checks.of(Overlays.PRODUCTION).keySet()), tried);
  }

  @Test
  void aFieldThatNoTypeHasIsAnErrorOfTheCompiler() {
    Manifests broken = Overlays.render(tools, Overlays.PRODUCTION).copy();
    List<ObjectNode> changed =
        List.of(
            broken.get("Deployment", "agent-gateway"),
            broken.get("KafkaTopic", "permission.requests"),
            broken.get("Cluster", "countersign-postgres"),
            broken.get("ScaledObject", "approval-service"),
            broken.get("PodMonitor", "countersign"),
            broken.get("HTTPRoute", "agent-gateway"));
    changed.forEach(object -> ((ObjectNode) object.path("spec")).put("misspelt", 1));
    broken.objects().retainAll(changed);
    TypeCheck types = new TypeCheck(tools);
    types.add("broken", broken);
    List<String> errors = types.errors();
    for (ObjectNode object : changed) {
      String module =
          "broken." + object.path("kind").asText() + "." + Manifests.name(object) + ".ts";
      assertTrue(
          errors.stream()
              .anyMatch(error -> error.startsWith(module) && error.contains("\"misspelt\"")),
          () -> module + " in " + errors);
    }
  }

  @Test
  void aValueThatNoSchemaTakesIsFoundWhereTheCompilerSeesNoError() {
    Manifests broken = Overlays.render(tools, Overlays.PRODUCTION).copy();
    ObjectNode topic = broken.get("KafkaTopic", "permission.requests");
    ((ObjectNode) topic.path("spec")).put("partitions", 0);
    broken.objects().retainAll(List.of(topic));
    TypeCheck types = new TypeCheck(tools);
    types.add("broken", broken);
    List<String> errors = types.errors();
    assertFalse(errors.isEmpty());
    assertTrue(
        errors.get(0).startsWith("broken, KafkaTopic/permission.requests: "), errors::toString);
  }
}
