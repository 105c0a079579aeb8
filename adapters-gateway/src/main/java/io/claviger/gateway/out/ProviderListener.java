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
   * Called when the listener has received everything that has arrived on the connection so far.
   * Listeners that write the data to somebody else can flush it now.
   */
  default void paused() {}

  /** Called when more can be written again. Only listeners that had to stop writing need this. */
  default void writable() {}

  /** Called when the provider has sent nothing for too long. The connection is closed. */
  void silent();

  /** Called when the connection is closed. After this, no method is called. */
  void broken();

  /** Called when the bytes that arrived are not HTTP. After this, no method is called. */
  void malformed();
}
