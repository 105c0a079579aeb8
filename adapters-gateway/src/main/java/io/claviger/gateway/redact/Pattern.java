package io.claviger.gateway.redact;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A secret to search for, prepared for two search algorithms: the algorithm of Knuth, Morris and
 * Pratt, and Horspool's algorithm.
 */
final class Pattern {
  private static final int LONGEST_SHIFT = Byte.MAX_VALUE;

  private final byte[] bytes;

  /**
   * For each value of the last byte, how far the search may shift. Created on first use, because
   * few searches need this table. Each shift has to fit into a byte: a table of larger numbers
   * would take more time than longer shifts would save.
   */
  private byte @Nullable [] shift;

  /**
   * For each number of matched characters, how many of them still match after a mismatch. The table
   * is created on first use, because most texts contain nothing that resembles a secret.
   */
  private int @Nullable [] failure;

  /**
   * @param bytes the secret, which has at least one byte; the caller must not use the array any
   *     more
   */
  Pattern(byte[] bytes) {
    this.bytes = bytes;
  }

  int length() {
    return bytes.length;
  }

  /**
   * Whether a decoded character equals the character of the secret at an index. A character that
   * does not fit into one byte never matches a character of the secret.
   */
  boolean is(int at, int character) {
    return (bytes[at] & 0xff) == character;
  }

  byte at(int index) {
    return bytes[index];
  }

  /**
   * Returns how many of the matched characters still match, at a later position, if the next
   * character differs.
   */
  int fallback(int matched) {
    int[] known = failure;
    if (known == null) {
      known = failures(bytes);
      failure = known;
    }
    return known[matched];
  }

  /**
   * Returns by how many bytes to move forward a window that ends with this byte; 0 if the byte is
   * the last byte of the pattern.
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
