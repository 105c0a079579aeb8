package io.claviger.gateway.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.function.Consumer;

/** Writes the chunked transfer coding (RFC 9112, 7.1), without extensions and trailers. */
public final class ChunkedFraming {
  /** The largest number of bytes that {@link #chunk} adds to the data. */
  public static final int MOST_ADDED = 12;

  private static final ByteBuf LINE_END = constant("\r\n");
  private static final ByteBuf LAST_CHUNK = constant("0\r\n\r\n");

  private ChunkedFraming() {}

  /**
   * Writes one chunk.
   *
   * @param data the data of the chunk, which the callee has to release. If there is no data, writes
   *     nothing: an empty chunk would end the body
   */
  public static void chunk(ByteBufAllocator buffers, ByteBuf data, Consumer<ByteBuf> out) {
    if (!data.isReadable()) {
      data.release();
      return;
    }
    ByteBuf size = buffers.ioBuffer(10);
    ByteBufUtil.writeAscii(size, Integer.toHexString(data.readableBytes()));
    size.writeShort(('\r' << 8) | '\n');
    out.accept(size);
    out.accept(data);
    out.accept(LINE_END.duplicate());
  }

  /** Returns the bytes that end a complete body. */
  public static ByteBuf end() {
    return LAST_CHUNK.duplicate();
  }

  private static ByteBuf constant(String text) {
    byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    return Unpooled.unreleasableBuffer(
        Unpooled.directBuffer(bytes.length).writeBytes(bytes).asReadOnly());
  }
}
