package io.claviger.gateway.redact;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A secret to look for, prepared for the search of Knuth, Morris and Pratt and for that of
 * Horspool.
 */
final class Pattern {
  private static final int LONGEST_SHIFT = Byte.MAX_VALUE;

  private final byte[] bytes;

  /** Not all that a shift could be: a table this small costs less than long leaps would save. */
  private final byte[] shift;

  /** Made when it is needed first: most texts hold nothing like a secret. */
  private int @Nullable [] failure;

  /**
   * @param bytes taken over, at least one
   */
  Pattern(byte[] bytes) {
    this.bytes = bytes;
    this.shift = shifts(bytes);
  }

  int length() {
    return bytes.length;
  }

  /** Compared with what may be no byte at all: a decoded character beyond them never matches. */
  boolean is(int at, int character) {
    return (bytes[at] & 0xff) == character;
  }

  byte at(int index) {
    return bytes[index];
  }

  /** How much is still matched when this much was and the next character differs. */
  int fallback(int matched) {
    int[] known = failure;
    if (known == null) {
      known = failures(bytes);
      failure = known;
    }
    return known[matched];
  }

  /** How far a window moves on whose last byte is this; 0 when that is the pattern's last. */
  int shift(byte last) {
    return shift[last & 0xff];
  }

  void wipe() {
    Arrays.fill(bytes, (byte) 0);
  }

  private static int[] failures(byte[] bytes) {
    int[] failure = new int[bytes.length + 1];
    int matched = 0;
    for (int i = 1; i < bytes.length; i++) {
      while (matched > 0 && bytes[i] != bytes[matched]) {
        matched = failure[matched];
      }
      matched = bytes[i] == bytes[matched] ? matched + 1 : 0;
      failure[i + 1] = matched;
    }
    return failure;
  }

  private static byte[] shifts(byte[] bytes) {
    byte[] shift = new byte[256];
    Arrays.fill(shift, (byte) Math.min(bytes.length, LONGEST_SHIFT));
    for (int i = 0; i < bytes.length; i++) {
      shift[bytes[i] & 0xff] = (byte) Math.min(bytes.length - 1 - i, LONGEST_SHIFT);
    }
    return shift;
  }
}
