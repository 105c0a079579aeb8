package io.claviger.gateway.redact;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Writes a secret as in JSON where slashes are escaped too. */
final class JsonForm {
  private JsonForm() {}

  static byte[] of(byte[] secret) {
    ByteBuf out = Unpooled.wrappedBuffer(new byte[secret.length * 2]).clear();
    for (byte b : secret) {
      if (b == '/' || b == '"' || b == '\\') {
        out.writeByte('\\');
      }
      out.writeByte(b);
    }
    byte[] form = new byte[out.readableBytes()];
    out.readBytes(form);
    java.util.Arrays.fill(out.array(), (byte) 0);
    return form;
  }
}
