package io.claviger.gateway.redaction;

import java.util.Arrays;

/**
 * A secret to look for, prepared for the search of Knuth, Morris and Pratt and for that of
 * Horspool.
 */
final class Pattern {
  private final byte[] bytes;
  private final int[] failure;
  private final int[] shift;

  /**
   * @param bytes taken over, at least one
   */
  Pattern(byte[] bytes) {
    this.bytes = bytes;
    this.failure = failures(bytes);
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
    return failure[matched];
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

  private static int[] shifts(byte[] bytes) {
    int[] shift = new int[256];
    Arrays.fill(shift, bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      shift[bytes[i] & 0xff] = bytes.length - 1 - i;
    }
    return shift;
  }
}
