package io.claviger.gateway.out;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponse;

/** Who a connection tells what the provider does. All on the connection's event loop. */
public interface ProviderListener {
  void answered(HttpResponse head);

  /**
   * @param content to be released by the receiver
   */
  void content(ByteBuf content);

  void answerEnded();

  /** All that has come by now was told. */
  void paused();

  /** More can be written again. */
  void writable();

  /** The provider took longer than it may. */
  void silent();

  /** The connection is of no more use; nothing more is told after this. */
  void broken();

  /** What came is no HTTP; nothing more is told after this. */
  void malformed();
}
