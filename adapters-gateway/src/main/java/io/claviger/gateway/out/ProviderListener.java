package io.claviger.gateway.out;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponse;

/**
 * Receives the events of a connection to a provider. The methods are called on the event loop of
 * the connection.
 */
public interface ProviderListener {
  void answered(HttpResponse head);

  /**
   * @param content to be released by the receiver
   */
  void content(ByteBuf content);

  void answerEnded();

  /**
   * Called when the listener has received everything that has arrived so far. Listeners that write
   * the data to somebody else can flush it now.
   */
  default void paused() {}

  /** Called when more can be written again. Needed by listeners that had to stop writing. */
  default void writable() {}

  /** Called when the provider was silent for too long. The connection is closed. */
  void silent();

  /** Called when the connection is closed. No method is called after this. */
  void broken();

  /** Called when the bytes that arrived are not HTTP. No method is called after this. */
  void malformed();
}
