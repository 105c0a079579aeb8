package io.claviger.gateway.relay;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Optional;

/**
 * Finds the boundaries between the events of a stream of server-sent events or lines of JSON. Only
 * there can another event be inserted.
 */
final class EventStreamBoundary {
  private final boolean lines;
  private boolean atLineStart = true;
  private boolean atEventStart = true;
  private boolean afterReturn;

  private EventStreamBoundary(boolean lines) {
    this.lines = lines;
  }

  /**
   * Returns the boundary finder for an answer with these headers; empty if the answer is no such
   * stream.
   */
  static Optional<EventStreamBoundary> of(HttpHeaders headers) {
    if (isEventStream(headers)) {
      return Optional.of(new EventStreamBoundary(false));
    }
    return hasLines(headers) ? Optional.of(new EventStreamBoundary(true)) : Optional.empty();
  }

  /** Whether an answer with these headers is a stream of server-sent events. */
  static boolean isEventStream(HttpHeaders headers) {
    return isOfType(headers, "text/event-stream");
  }

  /** Whether an answer with these headers is a stream of objects in JSON, one on each line. */
  static boolean hasLines(HttpHeaders headers) {
    return isOfType(headers, "application/x-ndjson")
        || isOfType(headers, "application/stream+json");
  }

  private static boolean isOfType(HttpHeaders headers, String type) {
    String given = headers.get(HttpHeaderNames.CONTENT_TYPE, "");
    return given.regionMatches(true, 0, type, 0, type.length());
  }

  void follow(ByteBuf data) {
    // Only the end matters: an empty line and the line end before it are four bytes at most.
    int from = Math.max(data.readerIndex(), data.writerIndex() - 4);
    for (int i = from; i < data.writerIndex(); i++) {
      follow(data.getByte(i));
    }
  }

  boolean isBetweenEvents() {
    return lines ? atLineStart : atEventStart;
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
