package io.claviger.gateway.relay;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * Reads the bytes of a buffer by way of arrays, because access to a single byte outside of the heap
 * takes several times as long as access to a byte of an array.
 */
final class ByteBlocks {
  private static final int LARGEST_COPY = 8 << 10;

  /** An array for the bytes of a buffer that has no array of its own. */
  private static final FastThreadLocal<byte[]> COPY =
      new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
          return new byte[LARGEST_COPY];
        }
      };

  /** Receives the bytes of a buffer in the order of the buffer. */
  interface Reader {
    /**
     * @param bytes valid only until this method returns; the reader must not change the bytes
     */
    void read(byte[] bytes, int from, int to);
  }

  private ByteBlocks() {}

  /**
   * Reads all readable bytes.
   *
   * @param buffer the buffer, which is not changed
   * @param reader receives the bytes. While the reader receives bytes, it must not use this class
   *     to read another buffer
   */
  static void read(ByteBuf buffer, Reader reader) {
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
