package dev.countersign.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every overlay is what the code needs, and every object is of its type. */
class ManifestsIT {
  private static Tools tools;

  @BeforeAll
  static void findTools() {
    tools = Tools.orSkip();
  }

  @TestFactory
  Stream<DynamicNode> everyOverlayIsAsTheCodeNeedsIt() {
    return Overlays.all().stream()
        .flatMap(
            overlay ->
                Checks.of(overlay).entrySet().stream()
                    .map(
                        check ->
                            DynamicTest.dynamicTest(
                                overlay + ": " + check.getKey(),
                                () -> assertNoFault(overlay, check.getValue()))));
  }

  private static void assertNoFault(String overlay, Check check) {
    Faults faults = new Faults();
    check.run(Overlays.render(tools, overlay), faults);
    assertEquals(List.of(), faults.all());
  }

  @Test
  void everyObjectIsOfItsType() {
    TypeCheck types = new TypeCheck(tools);
    Overlays.all().forEach(overlay -> types.add(overlay, Overlays.render(tools, overlay)));
    assertEquals(List.of(), types.errors());
  }

  @Test
  void everySecretAndConfigMapOfTheTableIsReferredTo() {
    Set<String> unused = new TreeSet<>(Documented.all());
    for (String overlay : Overlays.all()) {
      ReferenceCheck.all(Overlays.render(tools, overlay))
          .forEach(reference -> unused.remove(reference.target()));
    }
    assertEquals(Set.of(), unused, "rows of the table in " + Documented.PAGE);
  }

  @Test
  void thereIsAnOverlayForProduction() {
    assertFalse(Overlays.render(tools, Overlays.PRODUCTION).objects().isEmpty());
  }
}
