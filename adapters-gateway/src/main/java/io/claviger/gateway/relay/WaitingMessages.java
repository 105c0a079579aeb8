package io.claviger.gateway.relay;

import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The waiting messages of one side of a conversation. A single read can bring thousands of tiny
 * messages, so their memory is counted when they are added and removed.
 */
final class WaitingMessages {
  /** The approximate memory, in bytes, that a message takes besides its content. */
  static final int BYTES_OF_MESSAGE = 256;

  private final Deque<WebSocketFrame> messages = new ArrayDeque<>();
  private long bytes;

  /**
   * @param message the message; from now on, this object has to release it
   */
  void add(WebSocketFrame message) {
    messages.add(message);
    bytes += message.content().readableBytes();
  }

  /**
   * @return the first message, which the receiver has to release; null if no message is waiting
   */
  @Nullable WebSocketFrame poll() {
    WebSocketFrame next = messages.poll();
    if (next != null) {
      bytes -= next.content().readableBytes();
    }
    return next;
  }

  /**
   * @return the next message, which stays in the queue; null if no message is waiting
   */
  @Nullable WebSocketFrame peek() {
    return messages.peek();
  }

  boolean isEmpty() {
    return messages.isEmpty();
  }

  long held() {
    return bytes + (long) messages.size() * BYTES_OF_MESSAGE;
  }

  void release() {
    messages.forEach(WebSocketFrame::release);
    messages.clear();
    bytes = 0;
  }
}
