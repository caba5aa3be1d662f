package dev.countersign.gateway.bodies;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class OnceReadTest {
  private final OnceRead body = new OnceRead(new byte[] {1, (byte) 200, 3, 4});

  @Test
  void everyByteIsHandedOutOnce() throws IOException {
    assertEquals(1, body.read());
    assertEquals(200, body.read());
    assertEquals(2, body.available());
    assertArrayEquals(new byte[] {3, 4}, body.readAllBytes());
    assertEquals(0, body.available());
    assertEquals(-1, body.read());
    assertArrayEquals(new byte[0], body.readAllBytes());
  }

  @Test
  void readingInPiecesEndsWithTheLast() throws IOException {
    byte[] into = new byte[3];
    assertEquals(3, body.read(into, 0, 3));
    assertEquals(1, body.read(into, 1, 2));
    assertArrayEquals(new byte[] {1, 4, 3}, into);
    assertEquals(-1, body.read(into, 0, 3));
  }
}
