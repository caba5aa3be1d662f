package dev.countersign.gateway.bodies;

import java.io.InputStream;
import java.util.Arrays;

/** Bytes that are handed out once and then no longer kept. Never blocks. */
final class OnceRead extends InputStream {
  private static final byte[] NOTHING = {};

  private byte[] bytes;
  private int next;

  OnceRead(byte[] bytes) {
    this.bytes = bytes;
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int at, int length) {
    int read = Math.min(length, available());
    if (read == 0) {
      return length == 0 ? 0 : -1;
    }
    System.arraycopy(bytes, next, into, at, read);
    next += read;
    forget();
    return read;
  }

  @Override
  public byte[] readAllBytes() {
    byte[] rest = next == 0 ? bytes : Arrays.copyOfRange(bytes, next, bytes.length);
    next = bytes.length;
    forget();
    return rest;
  }

  @Override
  public int available() {
    return bytes.length - next;
  }

  private void forget() {
    if (next == bytes.length) {
      bytes = NOTHING;
      next = 0;
    }
  }
}
