package io.claviger.gateway.usage;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Optional;

/**
 * Finds the boundaries between events in a stream of server-sent events, of JSON lines or of
 * Amazon's frames. Only at a boundary can the gateway insert an event.
 */
public final class EventStreamBoundary {
  private enum Kind {
    EVENTS,
    LINES,
    FRAMES
  }

  /** The number of bytes at the beginning of a frame that contain its length. */
  private static final int LENGTH = 4;

  private final Kind kind;
  private boolean atLineStart = true;
  private boolean atEventStart = true;
  private boolean afterReturn;

  /** The number of bytes that have been read of the current frame. */
  private long passed;

  private long length;

  private EventStreamBoundary(Kind kind) {
    this.kind = kind;
  }

  /**
   * Returns the finder of boundaries for an answer with these headers; empty if the answer is not a
   * stream of events.
   */
  public static Optional<EventStreamBoundary> of(HttpHeaders headers) {
    if (isEventStream(headers)) {
      return Optional.of(new EventStreamBoundary(Kind.EVENTS));
    }
    if (EventFrames.are(headers)) {
      return Optional.of(new EventStreamBoundary(Kind.FRAMES));
    }
    return hasLines(headers) ? Optional.of(new EventStreamBoundary(Kind.LINES)) : Optional.empty();
  }

  /** Whether an answer with these headers is a stream of server-sent events. */
  public static boolean isEventStream(HttpHeaders headers) {
    return isOfType(headers, "text/event-stream");
  }

  /** Whether an answer with these headers is a stream with one JSON object per line. */
  static boolean hasLines(HttpHeaders headers) {
    return isOfType(headers, "application/x-ndjson")
        || isOfType(headers, "application/stream+json");
  }

  private static boolean isOfType(HttpHeaders headers, String type) {
    String given = headers.get(HttpHeaderNames.CONTENT_TYPE, "");
    return given.regionMatches(true, 0, type, 0, type.length());
  }

  public boolean isOfFrames() {
    return kind == Kind.FRAMES;
  }

  public void follow(ByteBuf data) {
    if (kind == Kind.FRAMES) {
      followFrames(data);
      return;
    }
    // Only the last bytes matter: the empty line at the end of an event, and the line end before
    // this line, are four bytes at most.
    int from = Math.max(data.readerIndex(), data.writerIndex() - 4);
    for (int i = from; i < data.writerIndex(); i++) {
      follow(data.getByte(i));
    }
  }

  public boolean isBetweenEvents() {
    return switch (kind) {
      case EVENTS -> atEventStart;
      case LINES -> atLineStart;
      case FRAMES -> passed == 0;
    };
  }

  private void followFrames(ByteBuf data) {
    int i = data.readerIndex();
    while (i < data.writerIndex()) {
      if (passed < LENGTH) {
        length = passed == 0 ? 0 : length;
        length = length << 8 | data.getUnsignedByte(i++);
        passed++;
      } else {
        long step = Math.min(Math.max(1, length - passed), data.writerIndex() - i);
        i += (int) step;
        passed += step;
      }
      // A frame that states an impossibly small length never ends.
      if (passed == length && passed > LENGTH) {
        passed = 0;
      }
    }
  }

  private void follow(byte next) {
    if (next == '\n' && afterReturn) {
      afterReturn = false; // the second half of a line end
    } else if (next == '\n' || next == '\r') {
      atEventStart = atLineStart;
      atLineStart = true;
      afterReturn = next == '\r';
    } else {
      atLineStart = false;
      atEventStart = false;
      afterReturn = false;
    }
  }
}
