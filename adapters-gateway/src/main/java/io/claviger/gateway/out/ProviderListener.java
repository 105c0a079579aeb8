package io.claviger.gateway.out;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponse;

/** Is told what a provider does, on the event loop of the connection. */
public interface ProviderListener {
  void answered(HttpResponse head);

  /**
   * @param content to be released by the receiver
   */
  void content(ByteBuf content);

  void answerEnded();

  /** All that has arrived so far was told. */
  void paused();

  /** More can be written again. */
  void writable();

  /** The provider was silent for too long. The connection is closed. */
  void silent();

  /** The connection is closed. Nothing more is told after this. */
  void broken();

  /** What arrived is not HTTP. Nothing more is told after this. */
  void malformed();
}
