package io.claviger.gateway.redact;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * The bytes at the end of the text that has arrived so far. These bytes are kept because they may
 * contain the beginning of a secret.
 *
 * <p>Small chunks are appended to the same buffer, whose size doubles when it is full. So each byte
 * is copied only a limited number of times, even if the bytes arrive one by one.
 */
final class PendingTail implements AutoCloseable {
  private @Nullable ByteBuf bytes;

  int length() {
    return bytes == null ? 0 : bytes.readableBytes();
  }

  /**
   * Joins these bytes and the chunk that follows them into one writable text.
   *
   * @param chunk the next chunk of the text; from now on, the callee has to release it
   */
  ByteBuf joinedWith(ByteBuf chunk) {
    ByteBuf before = bytes;
    if (before == null) {
      return chunk.isReadOnly() ? copied(chunk) : chunk;
    }
    int length = chunk.readableBytes();
    if (length < before.readableBytes()) {
      ByteBuf joined = withRoom(before, length);
      joined.writeBytes(chunk);
      chunk.release();
      bytes = joined;
      return joined;
    }
    ByteBuf joined = chunk.alloc().ioBuffer(before.readableBytes() + length);
    joined.writeBytes(before).writeBytes(chunk);
    chunk.release();
    close();
    return joined;
  }

  /**
   * Keeps the last bytes of a text for the next call.
   *
   * @param text the text that {@link #joinedWith} returned
   * @return the part of the text before the bytes that are kept, for the receiver to release
   */
  @SuppressWarnings("ReferenceEquality") // another buffer of the same content is another text
  ByteBuf holdLast(int count, ByteBuf text) {
    if (text != bytes) {
      if (count > 0) {
        int from = text.writerIndex() - count;
        bytes = Unpooled.buffer(count).writeBytes(text, from, count);
        text.writerIndex(from);
      }
      return text;
    }
    int going = text.readableBytes() - count;
    ByteBuf rest =
        going == 0 ? Unpooled.EMPTY_BUFFER : text.alloc().ioBuffer(going).writeBytes(text, going);
    if (count == 0) {
      close();
    }
    return rest;
  }

  /** Returns all kept bytes; the receiver has to release the result. */
  ByteBuf takeAll() {
    ByteBuf all = bytes == null ? Unpooled.EMPTY_BUFFER : bytes;
    bytes = null;
    return all;
  }

  @Override
  public void close() {
    if (bytes != null) {
      wipe(bytes);
      bytes = null;
    }
  }

  private static ByteBuf withRoom(ByteBuf bytes, int more) {
    if (bytes.writableBytes() >= more) {
      return bytes;
    }
    ByteBuf larger = bytes.alloc().heapBuffer(2 * (bytes.readableBytes() + more));
    larger.writeBytes(bytes);
    wipe(bytes);
    return larger;
  }

  private static ByteBuf copied(ByteBuf chunk) {
    ByteBuf copy = chunk.copy();
    chunk.release();
    return copy;
  }

  private static void wipe(ByteBuf bytes) {
    bytes.setZero(0, bytes.capacity()).release();
  }
}
