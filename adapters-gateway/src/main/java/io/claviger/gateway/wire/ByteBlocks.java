package io.claviger.gateway.wire;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * Reads a buffer through arrays: reading a single byte outside of the heap takes several times as
 * long as reading it from an array.
 */
public final class ByteBlocks {
  private static final int LARGEST_COPY = 8 << 10;

  /** An array for the bytes of buffers that have no array. */
  private static final FastThreadLocal<byte[]> COPY =
      new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
          return new byte[LARGEST_COPY];
        }
      };

  /** Receives the bytes of a buffer in their order. */
  public interface Reader {
    /**
     * @param bytes the bytes; they are valid only until this method returns, and must not be
     *     changed
     */
    void read(byte[] bytes, int from, int to);
  }

  private ByteBlocks() {}

  /**
   * Reads all readable bytes.
   *
   * @param buffer the buffer, which is not changed
   * @param reader the object that receives the bytes. While it receives bytes, the reader must not
   *     use this class for another buffer
   */
  public static void read(ByteBuf buffer, Reader reader) {
    if (buffer.hasArray()) {
      int from = buffer.arrayOffset() + buffer.readerIndex();
      reader.read(buffer.array(), from, from + buffer.readableBytes());
      return;
    }
    byte[] copy = COPY.get();
    for (int i = buffer.readerIndex(); i < buffer.writerIndex(); i += copy.length) {
      int count = Math.min(copy.length, buffer.writerIndex() - i);
      buffer.getBytes(i, copy, 0, count);
      reader.read(copy, 0, count);
    }
  }
}
