package io.claviger.gateway.relay;

import io.claviger.gateway.model.UsageChunk;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.ByteProcessor;

/**
 * Removes the events that state the usage ({@link UsageChunk}) from a stream of server-sent events.
 * All other bytes are forwarded as soon as they can't belong to such an event: an event with text
 * is forwarded when its first choice begins. At most {@value #LONGEST} bytes of an event are
 * buffered; a longer event passes.
 */
final class UsageEventFilter {
  static final int LONGEST = 64 << 10;

  private static final byte[] FIELD = {'d', 'a', 't', 'a', ':'};
  private static final int READ_AT_ONCE = 8 << 10;

  private enum At {
    /** The filter is between two events. */
    START,
    /** The filter is in the name of an event's first field. */
    FIELD,
    /** The filter is in the event's data, which may turn out to be the usage. */
    DATA,
    /**
     * The filter is after a line whose data is the usage. If an empty line follows, that line was
     * the whole event.
     */
    END,
    /** The filter is in an event that is forwarded. */
    PASSING
  }

  private final ByteBufAllocator buffers;

  /** The bytes of an event that may have to be removed. */
  private ByteBuf held = Unpooled.EMPTY_BUFFER;

  private At at = At.START;
  private UsageChunk chunk = new UsageChunk();

  /** How much of the field's name has been read. */
  private int matched;

  private boolean atLineStart;
  private boolean afterReturn;

  /**
   * Whether an event that was removed ended with a carriage return, after which a line feed may
   * follow.
   */
  private boolean dropsLineFeed;

  UsageEventFilter(ByteBufAllocator buffers) {
    this.buffers = buffers;
  }

  /**
   * @param part owned by the callee from now on
   * @return the bytes to forward now, for the receiver to release
   */
  ByteBuf pass(ByteBuf part) {
    ByteBuf out = buffers.buffer(held.readableBytes() + part.readableBytes());
    try {
      while (part.isReadable()) {
        step(part, out);
      }
      return out;
    } catch (Throwable e) {
      out.release();
      throw e;
    } finally {
      part.release();
    }
  }

  /**
   * Called when the stream has ended.
   *
   * @return the remaining bytes to forward, for the receiver to release
   */
  ByteBuf end() {
    boolean usage = at == At.END || (at == At.DATA && chunk.isUsage());
    ByteBuf rest = usage ? Unpooled.EMPTY_BUFFER : held.retain();
    close();
    return rest;
  }

  /** Drops the answer that is kept back. Can be called repeatedly. */
  void close() {
    held.release();
    held = Unpooled.EMPTY_BUFFER;
  }

  private void step(ByteBuf part, ByteBuf out) {
    switch (at) {
      case START -> start(part, out);
      case FIELD -> field(part, out);
      case DATA -> data(part, out);
      case END -> endOfEvent(part, out);
      case PASSING -> passing(part, out);
    }
  }

  private void start(ByteBuf part, ByteBuf out) {
    byte next = part.getByte(part.readerIndex());
    boolean dropped = dropsLineFeed && next == '\n';
    dropsLineFeed = false;
    if (dropped) {
      part.skipBytes(1);
    } else if (isLineEnd(next)) {
      out.writeByte(part.readByte());
    } else {
      at = At.FIELD;
      matched = 0;
      chunk = new UsageChunk();
    }
  }

  private void field(ByteBuf part, ByteBuf out) {
    if (part.getByte(part.readerIndex()) != FIELD[matched]) {
      passHeld(out);
      return;
    }
    hold(part, 1, out);
    matched++;
    if (matched == FIELD.length) {
      at = At.DATA;
    }
  }

  private void data(ByteBuf part, ByteBuf out) {
    int lineEnd = part.forEachByte(UsageEventFilter::isNoLineEnd);
    if (lineEnd == part.readerIndex()) {
      if (chunk.isUsage()) {
        at = At.END;
        endLine(part);
      } else {
        passHeld(out);
      }
      return;
    }
    int length = (lineEnd < 0 ? part.writerIndex() : lineEnd) - part.readerIndex();
    byte[] read = new byte[Math.min(length, READ_AT_ONCE)];
    part.getBytes(part.readerIndex(), read);
    chunk.read(read, 0, read.length);
    if (chunk.isRuledOut()) {
      passHeld(out);
    } else {
      hold(part, read.length, out);
    }
  }

  private void endOfEvent(ByteBuf part, ByteBuf out) {
    byte next = part.getByte(part.readerIndex());
    if (next == '\n' && afterReturn) {
      endLine(part);
    } else if (isLineEnd(next)) {
      part.skipBytes(1);
      dropsLineFeed = next == '\r';
      close();
      at = At.START;
    } else {
      passHeld(out);
    }
  }

  private void endLine(ByteBuf part) {
    afterReturn = part.getByte(part.readerIndex()) == '\r';
    held.writeByte(part.readByte());
  }

  /** Keeps the next bytes back. Lets the event pass if it has become too long. */
  private void hold(ByteBuf part, int length, ByteBuf out) {
    if (held.readableBytes() + length > LONGEST) {
      passHeld(out);
      return;
    }
    if (held.readableBytes() == 0) {
      held.release();
      held = buffers.buffer(length);
    }
    held.writeBytes(part, length);
  }

  private void passHeld(ByteBuf out) {
    atLineStart = at == At.END;
    afterReturn = false;
    out.writeBytes(held);
    close();
    at = At.PASSING;
  }

  private void passing(ByteBuf part, ByteBuf out) {
    byte next = part.readByte();
    out.writeByte(next);
    if (next == '\n' && afterReturn) {
      afterReturn = false; // the second half of a line end
    } else if (isLineEnd(next)) {
      afterReturn = next == '\r';
      at = atLineStart ? At.START : At.PASSING;
      atLineStart = true;
    } else {
      atLineStart = false;
      afterReturn = false;
    }
  }

  private static boolean isLineEnd(byte next) {
    return next == '\n' || next == '\r';
  }

  /**
   * Returns false for the bytes that end a line, because a {@link ByteProcessor} stops at false.
   */
  private static boolean isNoLineEnd(byte next) {
    return !isLineEnd(next);
  }
}
