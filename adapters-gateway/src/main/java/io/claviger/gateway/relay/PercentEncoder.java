package io.claviger.gateway.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.function.IntConsumer;

/** Percent-encodes all characters except the unreserved characters (RFC 3986, 2.1). */
final class PercentEncoder {
  private static final byte[] DIGITS = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'
  };

  private PercentEncoder() {}

  /**
   * @param out an action that receives the encoded text byte by byte
   * @return the length of the encoded text in bytes
   */
  static int write(byte[] bytes, IntConsumer out) {
    int encoded = 0;
    for (byte b : bytes) {
      if (isUnreserved(b)) {
        out.accept(b);
        encoded++;
      } else {
        out.accept('%');
        out.accept(DIGITS[(b >> 4) & 0xf]);
        out.accept(DIGITS[b & 0xf]);
        encoded += 3;
      }
    }
    return encoded;
  }

  /** Encodes a text of printable ASCII characters for a query. */
  static String text(String ascii) {
    ByteBuf encoded = Unpooled.buffer(3 * ascii.length());
    int length = write(ascii.getBytes(StandardCharsets.US_ASCII), encoded::writeByte);
    return encoded.toString(0, length, StandardCharsets.US_ASCII);
  }

  private static boolean isUnreserved(byte b) {
    return (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || (b >= '0' && b <= '9')
        || b == '-'
        || b == '.'
        || b == '_'
        || b == '~';
  }
}
