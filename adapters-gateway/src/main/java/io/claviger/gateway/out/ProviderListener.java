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
   * Called when the listener has received all bytes that have arrived. If the listener forwards
   * data, it can flush the data now. Not called if these bytes end the answer: {@link #answerEnded}
   * follows in the same turn of the event loop.
   */
  default void paused() {}

  /**
   * Called when the connection accepts bytes again. Only needed by listeners that had to stop
   * writing.
   */
  default void writable() {}

  /** Called when the provider has been silent for too long. The connection is already closed. */
  void silent();

  /** Called when the connection has been closed. No method is called afterwards. */
  void broken();

  /** Called when bytes have arrived that are no HTTP answer. No method is called afterwards. */
  void malformed();
}
