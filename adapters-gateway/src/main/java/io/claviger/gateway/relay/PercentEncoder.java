package io.claviger.gateway.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** Percent-encodes everything but unreserved characters (RFC 3986, 2.1). */
final class PercentEncoder {
  private static final byte[] DIGITS = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'
  };

  private PercentEncoder() {}

  static ByteBuf write(byte[] bytes, ByteBuf out) {
    for (byte b : bytes) {
      if (isUnreserved(b)) {
        out.writeByte(b);
      } else {
        out.writeByte('%').writeByte(DIGITS[(b >> 4) & 0xf]).writeByte(DIGITS[b & 0xf]);
      }
    }
    return out;
  }

  /** Returns printable ASCII as it stands in a query. */
  static String text(String ascii) {
    ByteBuf encoded = Unpooled.buffer(3 * ascii.length());
    return write(ascii.getBytes(StandardCharsets.US_ASCII), encoded)
        .toString(StandardCharsets.US_ASCII);
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
