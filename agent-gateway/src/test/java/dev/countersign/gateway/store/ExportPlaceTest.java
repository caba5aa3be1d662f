package dev.countersign.gateway.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ExportPlaceTest {
  private final AtomicInteger given = new AtomicInteger();
  private final ExportPlace place = new ExportPlace(given::incrementAndGet);

  @Test
  void itIsHeldUntilTheResponseHasEnded() {
    assertEquals(Optional.of(1), place.whileHeld(() -> 1));
    assertEquals(0, given.get());
    place.end();
    place.end();
    assertEquals(1, given.get());
  }

  @Test
  void whoWorksOnKeepsItThoughNobodyIsLeftToRead() {
    place.whileHeld(
        () -> {
          place.end();
          assertEquals(0, given.get());
          return null;
        });
    assertEquals(1, given.get());
  }

  @Test
  void nothingIsDoneForWhoHasLeft() {
    place.end();
    assertTrue(place.whileHeld(() -> 1).isEmpty());
    assertEquals(1, given.get());
  }

  @Test
  void workThatFailsIsOver() {
    assertThrows(
        IllegalStateException.class,
        () ->
            place.whileHeld(
                () -> {
                  place.end();
                  throw new IllegalStateException();
                }));
    assertEquals(1, given.get());
  }
}
