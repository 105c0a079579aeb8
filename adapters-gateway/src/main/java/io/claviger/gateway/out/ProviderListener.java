package io.claviger.gateway.out;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponse;

/** Receives what a provider does. Its methods are called on the event loop of the connection. */
public interface ProviderListener {
  void answered(HttpResponse head);

  /**
   * @param content to be released by the receiver
   */
  void content(ByteBuf content);

  void answerEnded();

  /**
   * Everything that has arrived so far was passed on. Matters to those who pass it on themselves.
   */
  default void paused() {}

  /** More can be written again. Matters to those who had to stop writing. */
  default void writable() {}

  /** The provider was silent for too long. The connection is closed. */
  void silent();

  /** The connection is closed. No method is called after this. */
  void broken();

  /** What arrived is not HTTP. No method is called after this. */
  void malformed();
}
