package dev.countersign.embedded;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Passwords that nobody types. */
final class Passwords {
  private static final SecureRandom RANDOM = new SecureRandom();

  private Passwords() {}

  /** 192 random bits, in lower-case hexadecimal digits. */
  static String fresh() {
    byte[] bytes = new byte[24];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
