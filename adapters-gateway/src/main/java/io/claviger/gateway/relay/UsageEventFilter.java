package io.claviger.gateway.relay;

import io.claviger.gateway.model.UsageChunk;
import io.claviger.gateway.wire.ByteBlocks;
import io.claviger.gateway.wire.ByteSearch;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

/**
 * Removes the events with the usage ({@link UsageChunk}) from a stream of server-sent events. All
 * other bytes are forwarded as soon as it is certain that they belong to no such event. As soon as
 * the first element of an event's member {@code choices} begins, the event is known to contain text
 * and is forwarded. Events of more than {@value #LONGEST} bytes are forwarded.
 */
final class UsageEventFilter extends EventFilter {
  private static final byte[] FIELD = {'d', 'a', 't', 'a', ':'};

  private enum At {
    /** Between two events. */
    START,
    /** In the name of an event's first field. */
    FIELD,
    /** In the data of an event that might contain the usage. */
    DATA,
    /**
     * After a line with the usage. If the next line is empty, the event consists only of the line
     * with the usage.
     */
    END,
    /** In an event that is forwarded. */
    PASSING
  }

  private At at = At.START;
  private final UsageChunk chunk = new UsageChunk();

  /** The number of bytes of the field's name that have matched. */
  private int matched;

  private boolean atLineStart;
  private boolean afterReturn;

  /**
   * Whether a removed event ended with a carriage return, so that a line feed behind it has to be
   * removed too.
   */
  private boolean dropsLineFeed;

  /** The number of bytes that have been read in the current part of the stream. */
  private int position;

  /**
   * The index in the current part of the stream at which an event begins that might have to be
   * removed.
   */
  private int begun;

  UsageEventFilter(ByteBufAllocator buffers) {
    super(buffers);
  }

  @Override
  int read(ByteBuf next) {
    position = 0;
    begun = 0;
    ByteBlocks.read(next, this::read);
    return at == At.START || at == At.PASSING ? next.readableBytes() : begun;
  }

  @Override
  ByteBuf end() {
    boolean usage = at == At.END || (at == At.DATA && chunk.isUsage());
    ByteBuf rest = usage ? Unpooled.EMPTY_BUFFER : held().retain();
    close();
    return rest;
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
      chunk.begin();
    } else if (i < to) {
      letPass();
    }
    return i;
  }

  private int data(byte[] bytes, int from, int to) {
    int end = ByteSearch.endOfLine(bytes, from, to);
    if (end > from) {
      chunk.read(bytes, from, end);
      boolean isTooLong = held().readableBytes() + position + end - from - begun > LONGEST;
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

  private void letPass() {
    atLineStart = at == At.END;
    afterReturn = false;
    forwardHeld();
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
