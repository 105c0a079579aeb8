package io.claviger.gateway.relay;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds the next occurrence of a few given characters. The search compares eight bytes in one step.
 */
final class ByteSearch {
  private static final long EACH = 0x0101_0101_0101_0101L;

  /** A mask of each byte's highest bit; if all these bits are zero, the bytes are ASCII. */
  static final long HIGHEST_BITS = 0x8080_8080_8080_8080L;

  private static final long QUOTES = EACH * '"';
  private static final long BACKSLASHES = EACH * '\\';
  private static final long LINE_FEEDS = EACH * '\n';
  private static final long RETURNS = EACH * '\r';

  /**
   * A mask of bits: setting them turns every bracket and brace into DEL, and also a few other
   * bytes.
   */
  private static final long ONLY_BETWEEN_BRACKETS = EACH * 0x26;

  private static final long DELS = EACH * 0x7f;

  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private ByteSearch() {}

  /** Returns the position of the next quotation mark or backslash. */
  static int endOfPlainText(byte[] bytes, int from, int to) {
    int i = from;
    for (; i + Long.BYTES <= to; i += Long.BYTES) {
      long eight = (long) EIGHT_BYTES.get(bytes, i);
      long found = zeros(eight ^ QUOTES) | zeros(eight ^ BACKSLASHES);
      if (found != 0) {
        return i + (Long.numberOfTrailingZeros(found) >>> 3);
      }
    }
    while (i < to && bytes[i] != '"' && bytes[i] != '\\') {
      i++;
    }
    return i;
  }

  /**
   * Returns the position of the next quotation mark, bracket or brace, or of one of a few rare
   * bytes.
   */
  static int nextOfStructure(byte[] bytes, int from, int to) {
    int i = from;
    for (; i + Long.BYTES <= to; i += Long.BYTES) {
      long eight = (long) EIGHT_BYTES.get(bytes, i);
      long found = zeros(eight ^ QUOTES) | zeros((eight | ONLY_BETWEEN_BRACKETS) ^ DELS);
      if (found != 0) {
        return i + (Long.numberOfTrailingZeros(found) >>> 3);
      }
    }
    while (i < to && bytes[i] != '"' && (bytes[i] | 0x26) != 0x7f) {
      i++;
    }
    return i;
  }

  /** Returns the position of the next line feed or carriage return; {@code to} if there is none. */
  static int endOfLine(byte[] bytes, int from, int to) {
    int i = from;
    for (; i + Long.BYTES <= to; i += Long.BYTES) {
      long eight = (long) EIGHT_BYTES.get(bytes, i);
      long found = zeros(eight ^ LINE_FEEDS) | zeros(eight ^ RETURNS);
      if (found != 0) {
        return i + (Long.numberOfTrailingZeros(found) >>> 3);
      }
    }
    while (i < to && bytes[i] != '\n' && bytes[i] != '\r') {
      i++;
    }
    return i;
  }

  /**
   * Marks the zero bytes among eight bytes. The lowest marked byte is always zero. Higher bytes can
   * be marked without being zero.
   */
  private static long zeros(long eight) {
    return (eight - EACH) & ~eight & HIGHEST_BITS;
  }
}
