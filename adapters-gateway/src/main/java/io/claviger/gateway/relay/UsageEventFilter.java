package io.claviger.gateway.relay;

import io.claviger.gateway.model.UsageChunk;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Removes the events with the usage ({@link UsageChunk}) from a stream of server-sent events. All
 * other bytes are forwarded as soon as they can't belong to such an event. In an event with text,
 * this is certain where the first choice begins. At most {@value #LONGEST} bytes of an event are
 * buffered; longer events are forwarded. A part of the stream is copied only if something is
 * removed.
 */
final class UsageEventFilter {
  static final int LONGEST = 64 << 10;

  private static final byte[] FIELD = {'d', 'a', 't', 'a', ':'};

  private enum At {
    /** Between two events. */
    START,
    /** In the name of an event's first field. */
    FIELD,
    /** In the data of an event that may contain the usage. */
    DATA,
    /**
     * After a line with the usage. If an empty line follows, the event consists only of this line.
     */
    END,
    /** In an event that is forwarded. */
    PASSING
  }

  private final ByteBufAllocator buffers;

  /** The bytes of earlier parts of the stream, from an event that may have to be removed. */
  private ByteBuf held = Unpooled.EMPTY_BUFFER;

  private At at = At.START;
  private UsageChunk chunk = new UsageChunk();

  /** How many bytes of the field's name have matched. */
  private int matched;

  private boolean atLineStart;
  private boolean afterReturn;

  /**
   * Whether a removed event ended with a carriage return, so that a line feed behind it has to be
   * removed too.
   */
  private boolean dropsLineFeed;

  /** The current part of the stream. */
  private ByteBuf part = Unpooled.EMPTY_BUFFER;

  /** How many bytes of this part have been read. */
  private int position;

  /** How many bytes of this part have been written to {@link #out} or removed. */
  private int settled;

  /** The index in this part at which the event that may have to be removed begins. */
  private int begun;

  /** The bytes to forward before the rest of this part; null if there are none. */
  private @Nullable ByteBuf out;

  UsageEventFilter(ByteBufAllocator buffers) {
    this.buffers = buffers;
  }

  /**
   * @param next the next part of the stream; the callee has to release it
   * @return the bytes to forward now, which the receiver has to release
   */
  ByteBuf pass(ByteBuf next) {
    part = next;
    position = 0;
    settled = 0;
    begun = 0;
    out = null;
    try {
      ByteBlocks.read(next, this::read);
      return forwarded();
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

  /** Holds back the event that may have to be removed, and returns everything before the event. */
  private ByteBuf forwarded() {
    int length = part.readableBytes();
    int end = at == At.START || at == At.PASSING ? length : begun;
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

  private void hold(int from, int to) {
    if (held.readableBytes() == 0) {
      held.release();
      held = buffers.buffer(to - from);
    }
    held.writeBytes(part, part.readerIndex() + from, to - from);
  }

  /** Writes the bytes before a position that have been neither written nor removed. */
  private void settle(int end) {
    if (end > settled) {
      out().writeBytes(part, part.readerIndex() + settled, end - settled);
      settled = end;
    }
  }

  private ByteBuf out() {
    ByteBuf known = out == null ? buffers.buffer(held.readableBytes() + part.readableBytes()) : out;
    out = known;
    return known;
  }

  /**
   * Called at the end of the stream.
   *
   * @return the remaining bytes to forward, which the receiver has to release
   */
  ByteBuf end() {
    boolean usage = at == At.END || (at == At.DATA && chunk.isUsage());
    ByteBuf rest = usage ? Unpooled.EMPTY_BUFFER : held.retain();
    close();
    return rest;
  }

  /** Drops the bytes that are held back. This method can be called repeatedly. */
  void close() {
    held.release();
    held = Unpooled.EMPTY_BUFFER;
  }

  private void read(byte[] bytes, int from, int to) {
    int before = position - from;
    int i = from;
    while (i < to) {
      position = before + i;
      i =
          switch (at) {
            case START -> start(bytes, i);
            case FIELD -> field(bytes, i, to);
            case DATA -> data(bytes, i, to);
            case END -> endOfEvent(bytes, i);
            case PASSING -> passing(bytes, i, to);
          };
    }
    position = before + to;
  }

  private int start(byte[] bytes, int from) {
    boolean dropped = dropsLineFeed && bytes[from] == '\n';
    dropsLineFeed = false;
    if (dropped) {
      remove(position, position + 1);
    } else if (!isLineEnd(bytes[from])) {
      at = At.FIELD;
      matched = 0;
      begun = position;
      return from;
    }
    return from + 1;
  }

  private int field(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to && matched < FIELD.length && bytes[i] == FIELD[matched]) {
      i++;
      matched++;
    }
    if (matched == FIELD.length) {
      at = At.DATA;
      chunk = new UsageChunk();
    } else if (i < to) {
      letPass();
    }
    return i;
  }

  private int data(byte[] bytes, int from, int to) {
    int end = ByteSearch.endOfLine(bytes, from, to);
    if (end > from) {
      chunk.read(bytes, from, end);
      boolean isTooLong = held.readableBytes() + position + end - from - begun > LONGEST;
      if (chunk.isRuledOut() || isTooLong) {
        letPass();
      }
      return end;
    }
    if (chunk.isUsage()) {
      at = At.END;
      afterReturn = bytes[from] == '\r';
      return from + 1;
    }
    letPass();
    return from;
  }

  private int endOfEvent(byte[] bytes, int from) {
    byte next = bytes[from];
    if (next == '\n' && afterReturn) {
      afterReturn = false; // the second half of a line end
    } else if (isLineEnd(next)) {
      dropsLineFeed = next == '\r';
      close();
      remove(begun, position + 1);
      at = At.START;
    } else {
      letPass();
      return from;
    }
    return from + 1;
  }

  /** Removes a range of bytes from this part, and forwards everything before the range. */
  private void remove(int from, int to) {
    settle(from);
    settled = to;
  }

  private void letPass() {
    atLineStart = at == At.END;
    afterReturn = false;
    if (held.isReadable()) {
      out().writeBytes(held);
      close();
    }
    at = At.PASSING;
  }

  private int passing(byte[] bytes, int from, int to) {
    byte next = bytes[from];
    if (next == '\n' && afterReturn) {
      afterReturn = false; // the second half of a line end
    } else if (isLineEnd(next)) {
      afterReturn = next == '\r';
      at = atLineStart ? At.START : At.PASSING;
      atLineStart = true;
    } else {
      atLineStart = false;
      afterReturn = false;
      return ByteSearch.endOfLine(bytes, from, to);
    }
    return from + 1;
  }

  private static boolean isLineEnd(byte next) {
    return next == '\n' || next == '\r';
  }
}
