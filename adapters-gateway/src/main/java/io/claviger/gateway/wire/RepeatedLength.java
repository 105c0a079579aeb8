package io.claviger.gateway.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpVersion;

/**
 * Finds heads that state several lengths for their body. Netty's decoder refuses such heads in
 * HTTP/1.1. In HTTP/1.0, Netty's decoder keeps only the first length, but other parsers use the
 * last one.
 */
public final class RepeatedLength {
  private static final byte[] NAME = "content-length:".getBytes(US_ASCII);

  private RepeatedLength() {}

  /**
   * Whether a head states several lengths for its body, but was not refused by the decoder.
   *
   * @param decoded a head in the form that the decoder produced
   * @param bytes the bytes that contain the head
   * @param from the index at which the head begins
   * @param length the length of the head, in bytes
   */
  public static boolean isIn(HttpMessage decoded, ByteBuf bytes, int from, int length) {
    return !decoded.protocolVersion().equals(HttpVersion.HTTP_1_1)
        && count(bytes, from, from + length) > 1;
  }

  private static int count(ByteBuf bytes, int from, int to) {
    int count = 0;
    int lineFeed = bytes.indexOf(from, to, (byte) '\n');
    while (lineFeed >= 0) {
      int line = lineFeed + 1;
      count += beginsWithName(bytes, line, to) ? 1 : 0;
      lineFeed = bytes.indexOf(line, to, (byte) '\n');
    }
    return count;
  }

  private static boolean beginsWithName(ByteBuf bytes, int line, int to) {
    if (to - line < NAME.length) {
      return false;
    }
    for (int i = 0; i < NAME.length; i++) {
      if (Character.toLowerCase(bytes.getByte(line + i)) != NAME[i]) {
        return false;
      }
    }
    return true;
  }
}
