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
   * @param content the next part of the answer; the receiver has to release it
   */
  void content(ByteBuf content);

  void answerEnded();

  /**
   * Called when the listener has received everything that has arrived on the connection so far. A
   * listener that writes the data to somebody else can flush them now.
   */
  default void paused() {}

  /**
   * Called when the connection accepts more bytes again. Only listeners that had to stop writing
   * need this.
   */
  default void writable() {}

  /**
   * Called when the provider has sent nothing for too long. The connection has been closed for this
   * reason.
   */
  void silent();

  /** Called when the connection has been closed. After this, no method is called. */
  void broken();

  /** Called when bytes arrived that are not an answer in HTTP. After this, no method is called. */
  void malformed();
}
