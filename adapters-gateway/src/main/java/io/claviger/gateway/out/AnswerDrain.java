package io.claviger.gateway.out;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponse;

/** Waits for the end of an answer whose caller has all of it. What still arrives is dropped. */
final class AnswerDrain implements ProviderListener {
  private final ProviderConnection connection;
  private boolean over;

  AnswerDrain(ProviderConnection connection) {
    this.connection = connection;
  }

  /** Closes the connection unless the answer has ended. */
  void giveUp() {
    if (!over) {
      connection.abort();
    }
  }

  @Override
  public void answered(HttpResponse head) {}

  @Override
  public void content(ByteBuf content) {
    content.release();
  }

  @Override
  public void answerEnded() {
    over = true;
    connection.release();
  }

  @Override
  public void paused() {}

  @Override
  public void writable() {}

  @Override
  public void silent() {}

  @Override
  public void broken() {
    over = true;
  }

  @Override
  public void malformed() {
    over = true;
  }
}
