package io.claviger.gateway.relay;

import io.netty.buffer.ByteBuf;

/**
 * Whether a stream of server-sent events stands between two of them: only there can another be put
 * in without spoiling one.
 */
final class EventStreamBoundary {
  private boolean atLineStart = true;
  private boolean atEventStart = true;
  private boolean afterReturn;

  void follow(ByteBuf data) {
    // Only the end matters, of which an empty line and what is before it are four bytes at most.
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
