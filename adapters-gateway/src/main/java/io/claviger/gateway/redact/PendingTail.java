package io.claviger.gateway.redact;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * The last bytes of the text so far. These bytes are kept because a secret might begin in them.
 *
 * <p>Small chunks are appended to one buffer, which doubles when it is full. So even if bytes
 * arrive one by one, each byte is copied only a few times.
 */
final class PendingTail implements AutoCloseable {
  private @Nullable ByteBuf bytes;

  int length() {
    return bytes == null ? 0 : bytes.readableBytes();
  }

  /**
   * Joins the kept bytes and the next chunk into one writable text.
   *
   * @param chunk the next chunk; the callee has to release it
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
   * Keeps the last bytes of a text for the next call of {@link #joinedWith}.
   *
   * @param text the text from {@link #joinedWith}
   * @return the text before the kept bytes; the receiver has to release this text
   */
  // The buffers are compared by identity, because another buffer with equal content is another
  // text.
  @SuppressWarnings("ReferenceEquality")
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

  /** Returns all kept bytes, which the receiver has to release. */
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
