package io.claviger.gateway.relay;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;

/**
 * Tells whether a stream of server-sent events is between two events. Only there can another event
 * be inserted.
 */
final class EventStreamBoundary {
  private boolean atLineStart = true;
  private boolean atEventStart = true;
  private boolean afterReturn;

  /** Whether an answer with these headers is a stream of server-sent events. */
  static boolean isIn(HttpHeaders headers) {
    String type = headers.get(HttpHeaderNames.CONTENT_TYPE, "");
    return type.regionMatches(true, 0, "text/event-stream", 0, 17);
  }

  void follow(ByteBuf data) {
    // Only the end matters: an empty line and the line end before it are four bytes at most.
    int from = Math.max(data.readerIndex(), data.writerIndex() - 4);
    for (int i = from; i < data.writerIndex(); i++) {
      follow(data.getByte(i));
    }
  }

  boolean isBetweenEvents() {
    return atEventStart;
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
