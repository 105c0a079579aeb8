package io.claviger.gateway.in;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Checks the first line of a request (RFC 9112, 3). Netty's decoder takes any run of white space
 * for a separator. A proxy in front of the gateway may split such a line at another place, and so
 * check another target than the gateway calls.
 */
final class RequestLine {
  private static final byte[] VERSION = "HTTP/".getBytes(StandardCharsets.US_ASCII);

  /** The length of {@code HTTP/1.1}. */
  private static final int VERSION_BYTES = 8;

  private static final String NO_LETTERS = "!#$%&'*+-.^_`|~";

  private RequestLine() {}

  /**
   * Whether the line is a method, one space, a target, one space, a version, and CR LF.
   *
   * @param head begins with the line
   */
  static boolean isWellFormed(ByteBuf head) {
    int from = head.readerIndex();
    int lineFeed = head.indexOf(from, head.writerIndex(), (byte) '\n');
    int end = lineFeed - 1;
    int version = end - VERSION_BYTES;
    if (version <= from || head.getByte(end) != '\r' || !isVersion(head, version)) {
      return false;
    }
    int afterMethod = head.indexOf(from, version, (byte) ' ');
    int afterTarget = version - 1;
    return afterMethod > from
        && afterTarget > afterMethod + 1
        && head.getByte(afterTarget) == ' '
        && isToken(head, from, afterMethod)
        && isVisible(head, afterMethod + 1, afterTarget);
  }

  private static boolean isVersion(ByteBuf head, int at) {
    for (int i = 0; i < VERSION.length; i++) {
      if (head.getByte(at + i) != VERSION[i]) {
        return false;
      }
    }
    return isDigit(head.getByte(at + 5))
        && head.getByte(at + 6) == '.'
        && isDigit(head.getByte(at + 7));
  }

  private static boolean isToken(ByteBuf head, int from, int to) {
    for (int i = from; i < to; i++) {
      byte b = head.getByte(i);
      boolean letter = (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
      if (!letter && !isDigit(b) && NO_LETTERS.indexOf(b) < 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether the target is visible ASCII. Bytes beyond ASCII pass here, because the path is checked
   * for them later.
   */
  private static boolean isVisible(ByteBuf head, int from, int to) {
    for (int i = from; i < to; i++) {
      int b = head.getByte(i) & 0xff;
      if (b <= ' ' || b == 0x7f) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }
}
