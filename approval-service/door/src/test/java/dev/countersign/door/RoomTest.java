package dev.countersign.door;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class RoomTest {
  private final Room room = new Room(new Room.Limits(2, 3, 100));

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
    assertEquals(503, status(() -> room.open("c")));
    assertEquals(3, room.requests());
  }

  @Test
  void oneCallerGetsHalfOfTheBytes() {
    Room.Share one = room.open("a");
    one.grow(50);
    assertEquals(429, status(() -> one.grow(1)));
    Room.Share other = room.open("b");
    other.grow(49);
    assertEquals(503, status(() -> room.open("c").grow(2)));
    assertEquals(99, room.bytes());
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
