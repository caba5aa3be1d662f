package dev.countersign.door;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RoomTest {
  private final Room room = new Room(new Room.Limits(2, 4, 100));

  private static int status(Runnable refused) {
    RefusedException e = assertThrows(RefusedException.class, refused::run);
    assertEquals("1", e.headers().get("Retry-After"));
    return e.problem().status();
  }

  @Test
  void oneCallerLeavesRoomForOthers() {
    room.open("a");
    room.open("a");
    assertEquals(429, status(() -> room.open("a")));
    room.open("b");
    assertEquals(503, status(() -> room.open("b")));
    room.open("c");
    assertEquals(503, status(() -> room.open("d")));
    assertEquals(4, room.requests());
  }

  @Test
  void oneCallerGetsHalfOfTheBytes() {
    Room.Share one = room.open("a");
    one.grow(50);
    assertEquals(429, status(() -> one.grow(1)));
    Room.Share other = room.open("b");
    other.grow(25);
    assertEquals(503, status(() -> other.grow(1)));
    assertEquals(75, room.bytes());
  }

  @Test
  void howeverManyTakeAllTheyCanSomethingIsLeft() {
    Room large = new Room(new Room.Limits(100, 400, 1 << 20));
    for (int caller = 0; caller < 10; caller++) {
      String name = "c" + caller;
      try {
        while (true) {
          large.open(name).grow(1 << 12);
        }
      } catch (RefusedException e) {
        assertTrue(e.problem().status() == 429 || e.problem().status() == 503);
      }
    }
    large.open("late").grow(1 << 10);
    assertTrue(large.requests() <= 400 && large.bytes() <= 1 << 20);
  }

  @Test
  void whatMustBeSaidIsSaidWhereThereIsNoRoom() {
    Room.Share one = room.open("a");
    one.growAnyway(500);
    assertEquals(500, room.bytes());
    one.release();
    room.open("a").grow(50);
    assertEquals(50, room.bytes());
  }

  @Test
  void whatWasGivenBackIsGivenBackOnce() {
    Room.Share first = room.open("a");
    Room.Share second = room.open("a");
    first.grow(20);
    second.grow(30);
    first.release();
    first.release();
    first.grow(40);
    assertEquals(30, room.bytes());
    assertEquals(1, room.requests());
    second.release();
    assertEquals(0, room.bytes());
    assertEquals(0, room.requests());
  }

  @Test
  void aRoomForNobodyIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Room.Limits(2, 1, 100));
    assertThrows(IllegalArgumentException.class, () -> new Room.Limits(0, 1, 100));
  }
}
