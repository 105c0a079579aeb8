package io.claviger.gateway.redact;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A secret to search for, prepared for the Knuth-Morris-Pratt algorithm and for Horspool's
 * algorithm.
 */
final class Pattern {
  private static final int LONGEST_SHIFT = Byte.MAX_VALUE;

  private final byte[] bytes;

  /**
   * How far the search may shift. The index is the last byte of the window. Created on first use,
   * because few searches need it. Shifts are bytes: a table of larger numbers would cost more time
   * than longer shifts would save.
   */
  private byte @Nullable [] shift;

  /**
   * How many characters still match after a mismatch. The index is the number of characters that
   * matched before. Created on first use, because most texts contain nothing like a secret.
   */
  private int @Nullable [] failure;

  /**
   * @param bytes the secret, with at least one byte; the caller must no longer use the array
   */
  Pattern(byte[] bytes) {
    this.bytes = bytes;
  }

  int length() {
    return bytes.length;
  }

  /**
   * Whether a decoded character equals the secret's character at an index. A character that is not
   * a single byte never matches.
   */
  boolean is(int at, int character) {
    return (bytes[at] & 0xff) == character;
  }

  byte at(int index) {
    return bytes[index];
  }

  /** Returns how many of the matched characters still match if the next character differs. */
  int fallback(int matched) {
    int[] known = failure;
    if (known == null) {
      known = failures(bytes);
      failure = known;
    }
    return known[matched];
  }

  /**
   * Returns how many bytes to shift a window that ends with this byte; 0 if this is the last byte
   * of the pattern.
   */
  int shift(byte last) {
    byte[] known = shift;
    if (known == null) {
      known = shifts(bytes);
      shift = known;
    }
    return known[last & 0xff];
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
