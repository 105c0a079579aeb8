package io.claviger.gateway.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Searches for a few given characters, and for one word. The search compares eight bytes in one
 * step.
 */
public final class ByteSearch {
  private static final long EACH = 0x0101_0101_0101_0101L;

  /** A mask of each byte's highest bit; if all these bits are zero, the bytes are ASCII. */
  public static final long HIGHEST_BITS = 0x8080_8080_8080_8080L;

  private static final long QUOTES = EACH * '"';
  private static final long BACKSLASHES = EACH * '\\';
  private static final long LINE_FEEDS = EACH * '\n';
  private static final long RETURNS = EACH * '\r';

  /**
   * A mask of bits. A bracket or brace becomes DEL if these bits of its byte are set. The only
   * other bytes that become DEL are {@code Y}, {@code y}, {@code _} and DEL itself.
   */
  private static final long ONLY_BETWEEN_BRACKETS = EACH * 0x26;

  private static final long DELS = EACH * 0x7f;

  private static final long LETTERS_E = EACH * 'e';

  private static final byte[] ERROR = "\"error\"".getBytes(US_ASCII);

  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private ByteSearch() {}

  /** Returns the position of the next quotation mark or backslash. */
  public static int endOfPlainText(byte[] bytes, int from, int to) {
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
  public static int nextOfStructure(byte[] bytes, int from, int to) {
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
  public static int endOfLine(byte[] bytes, int from, int to) {
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
   * Whether a buffer contains the word {@code "error"} in quotation marks. Texts in JSON have many
   * quotation marks, but few are followed by an {@code e}, so most steps of this search skip seven
   * bytes.
   */
  public static boolean hasError(ByteBuf buffer) {
    int end = buffer.writerIndex();
    int i = buffer.readerIndex();
    while (i + ERROR.length <= end) {
      if (i + Long.BYTES <= end) {
        long eight = buffer.getLongLE(i);
        long found = zeros(eight ^ QUOTES) & zeros(eight ^ LETTERS_E) >>> Byte.SIZE;
        if (found == 0) {
          i += Long.BYTES - 1;
          continue;
        }
        i += Long.numberOfTrailingZeros(found) >>> 3;
      }
      if (isErrorAt(buffer, i, end)) {
        return true;
      }
      i++;
    }
    return false;
  }

  private static boolean isErrorAt(ByteBuf buffer, int at, int end) {
    int n = 0;
    while (n < ERROR.length && at + n < end && buffer.getByte(at + n) == ERROR[n]) {
      n++;
    }
    return n == ERROR.length;
  }

  /**
   * Marks the zero bytes among eight bytes. The lowest marked byte is always zero. Higher bytes can
   * be marked without being zero.
   */
  private static long zeros(long eight) {
    return (eight - EACH) & ~eight & HIGHEST_BITS;
  }
}
