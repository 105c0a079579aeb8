package io.claviger.gateway.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Locale;

/**
 * Removes all occurrences of one field from a form ({@code application/x-www-form-urlencoded})
 * while the gateway forwards the form. The filter recognizes the field in any encoding of its name.
 * Each forwarded pair begins with a separator, because the gateway sends the key before the first
 * pair.
 *
 * <p>A semicolon counts as a separator, too, because some parsers treat it as a separator.
 */
final class FormFilter {
  private final byte[] field;
  private final ByteBufAllocator buffers;

  /**
   * The encoded name of the current pair. The name's bytes are forwarded as soon as they can't be
   * the name of the removed field.
   */
  private final ByteBuf name;

  private boolean inName = true;
  private boolean dropping;
  private byte separator = '&';

  FormFilter(String field, ByteBufAllocator buffers) {
    this.field = field.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    this.buffers = buffers;
    // Each character of the field's name can take three bytes. A name with more bytes is the name
    // of another field.
    this.name = Unpooled.buffer(this.field.length * 3 + 1);
  }

  /** Whether this class can read a body with these headers. */
  static boolean reads(HttpHeaders headers) {
    String type = headers.get(HttpHeaderNames.CONTENT_TYPE, "");
    int parameters = type.indexOf(';');
    String bare = (parameters < 0 ? type : type.substring(0, parameters)).strip();
    String encoding = headers.get(HttpHeaderNames.CONTENT_ENCODING, "identity");
    return bare.toLowerCase(Locale.ROOT).equals("application/x-www-form-urlencoded")
        && encoding.equalsIgnoreCase("identity");
  }

  /**
   * @param part the next part; the callee has to release it
   */
  ByteBuf pass(ByteBuf part) {
    ByteBuf out = buffers.ioBuffer(part.readableBytes() + name.capacity() + 1);
    while (part.isReadable()) {
      read(part.readByte(), out);
    }
    part.release();
    return out;
  }

  /** Ends the form, and returns the bytes that have neither been forwarded nor removed. */
  ByteBuf end() {
    ByteBuf out = buffers.ioBuffer(name.capacity() + 1);
    endPair(out);
    return out;
  }

  private void read(byte next, ByteBuf out) {
    if (next == '&' || next == ';') {
      endPair(out);
      inName = true;
      dropping = false;
      separator = next;
    } else if (!inName) {
      if (!dropping) {
        out.writeByte(next);
      }
    } else if (next == '=') {
      dropping = isField();
      if (!dropping) {
        passName(out);
        out.writeByte(next);
      }
      name.clear();
      inName = false;
    } else {
      name.writeByte(next);
      if (!name.isWritable()) {
        passName(out);
      }
    }
  }

  /**
   * Ends a pair of name and value. A name without a value counts as a pair, unless the name is
   * empty.
   */
  private void endPair(ByteBuf out) {
    if (inName && name.isReadable() && !isField()) {
      passName(out);
    }
    name.clear();
  }

  private void passName(ByteBuf out) {
    out.writeByte(separator).writeBytes(name);
    name.clear();
    inName = false;
  }

  private boolean isField() {
    int at = name.readerIndex();
    for (byte expected : field) {
      if (at >= name.writerIndex()) {
        return false;
      }
      int character = name.getByte(at++);
      if (character == '%' && at + 1 < name.writerIndex()) {
        int high = Character.digit(name.getByte(at), 16);
        int low = Character.digit(name.getByte(at + 1), 16);
        character = high < 0 || low < 0 ? -1 : high * 16 + low;
        at += 2;
      }
      if (character != expected) {
        return false;
      }
    }
    return at == name.writerIndex();
  }
}
