package io.claviger.gateway.wire;

import io.claviger.domain.keys.Secret;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/**
 * Writes the head of an HTTP/1.1 message. What is given must hold no line breaks: names and values
 * come from Claviger itself or from a decoder that has refused those.
 *
 * <p>Going straight into a buffer leaves no copies of a key behind in strings and header maps.
 */
public final class HeadWriter {
  private final ByteBuf out;

  public HeadWriter(ByteBuf out) {
    this.out = out;
  }

  /** Characters up to U+00FF as one byte each, as the decoder read them. */
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

  /** A header's name and what stands between it and the value. */
  public HeadWriter name(CharSequence name) {
    ByteBufUtil.writeAscii(out, name);
    out.writeShort((':' << 8) | ' ');
    return this;
  }

  /** The end of a line; on an empty line the end of the head. */
  public HeadWriter endLine() {
    out.writeShort(('\r' << 8) | '\n');
    return this;
  }

  public ByteBuf buffer() {
    return out;
  }
}
