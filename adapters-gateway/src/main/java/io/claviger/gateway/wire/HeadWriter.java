package io.claviger.gateway.wire;

import io.claviger.domain.keys.Secret;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/**
 * Writes the head of an HTTP/1.1 message. Names and values must not contain line breaks: they come
 * from Claviger itself or from a decoder that refuses line breaks.
 *
 * <p>It writes straight into a buffer, so that no copy of a key stays in a string or a header map.
 */
public final class HeadWriter {
  private final ByteBuf out;

  public HeadWriter(ByteBuf out) {
    this.out = out;
  }

  /** Writes characters up to U+00FF as one byte each, as the decoder reads them. */
  public HeadWriter text(CharSequence text) {
    ByteBufUtil.writeAscii(out, text);
    return this;
  }

  public HeadWriter secret(Secret secret) {
    secret.lend(out::writeBytes);
    return this;
  }

  public HeadWriter header(CharSequence name, CharSequence value) {
    return name(name).text(value).endLine();
  }

  public HeadWriter header(CharSequence name, Secret value) {
    return name(name).secret(value).endLine();
  }

  /** Writes a header's name and the separator before its value. */
  public HeadWriter name(CharSequence name) {
    ByteBufUtil.writeAscii(out, name);
    out.writeShort((':' << 8) | ' ');
    return this;
  }

  /** Ends a line. An empty line ends the head. */
  public HeadWriter endLine() {
    out.writeShort(('\r' << 8) | '\n');
    return this;
  }

  public ByteBuf buffer() {
    return out;
  }
}
