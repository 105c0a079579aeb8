package io.claviger.gateway.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Forwards a stream of server-sent events in parts. A subclass finds the events that it removes or
 * replaces, and holds back the bytes of an event until it has decided about the event. At most
 * {@value #LONGEST} bytes of an event are held back. A part of the stream is copied only if bytes
 * are held back, removed or replaced.
 */
abstract class EventFilter {
  static final int LONGEST = 64 << 10;

  private final ByteBufAllocator buffers;

  /**
   * The bytes of earlier parts of the stream that belong to an event about which nothing has been
   * decided yet.
   */
  private ByteBuf held = Unpooled.EMPTY_BUFFER;

  /** The current part of the stream. */
  private ByteBuf part = Unpooled.EMPTY_BUFFER;

  /**
   * The number of bytes of the current part that have been written to {@link #out}, removed or
   * replaced.
   */
  private int settled;

  /** The bytes to forward before the rest of the current part; null if there are none. */
  private @Nullable ByteBuf out;

  EventFilter(ByteBufAllocator buffers) {
    this.buffers = buffers;
  }

  /**
   * Reads a part of the stream. Positions in the part are counted from its first readable byte.
   *
   * @return the position before which all bytes can be forwarded, or have already been written or
   *     removed; later bytes are held back
   */
  abstract int read(ByteBuf next);

  /**
   * Called at the end of the stream.
   *
   * @return the remaining bytes to forward, which the receiver has to release
   */
  abstract ByteBuf end();

  /**
   * @param next the next part of the stream; the callee has to release it
   * @return the bytes to forward now, which the receiver has to release
   */
  final ByteBuf pass(ByteBuf next) {
    part = next;
    settled = 0;
    out = null;
    try {
      return forwarded(read(next));
    } catch (Throwable e) {
      if (out != null) {
        out.release();
      }
      throw e;
    } finally {
      part.release();
      part = Unpooled.EMPTY_BUFFER;
      out = null;
    }
  }

  private ByteBuf forwarded(int end) {
    int length = part.readableBytes();
    if (end < length) {
      hold(end, length);
    }
    if (out == null && settled == 0 && end == length) {
      return part.retain();
    }
    if (out == null) {
      return part.retainedSlice(part.readerIndex() + settled, end - settled);
    }
    settle(end);
    return out;
  }

  /** Returns the bytes that are held back. */
  final ByteBuf held() {
    return held;
  }

  /** Holds back a range of bytes of the current part. */
  final void hold(int from, int to) {
    if (!held.isReadable()) {
      held.release();
      held = buffers.buffer(to - from);
    }
    held.writeBytes(part, part.readerIndex() + from, to - from);
  }

  /** Forwards the bytes that are held back. */
  final void forwardHeld() {
    if (held.isReadable()) {
      out().writeBytes(held);
      close();
    }
  }

  /** Removes a range of bytes from the current part, and forwards everything before the range. */
  final void remove(int from, int to) {
    settle(from);
    settled = to;
  }

  /** Writes those bytes before a position that have not been written or removed yet. */
  private void settle(int end) {
    if (end > settled) {
      out().writeBytes(part, part.readerIndex() + settled, end - settled);
      settled = end;
    }
  }

  /** Returns the buffer for the bytes that are forwarded before the rest of the current part. */
  final ByteBuf out() {
    ByteBuf known = out == null ? buffers.buffer(held.readableBytes() + part.readableBytes()) : out;
    out = known;
    return known;
  }

  /** Drops the bytes that are held back. This method can be called repeatedly. */
  final void close() {
    held.release();
    held = Unpooled.EMPTY_BUFFER;
  }
}
