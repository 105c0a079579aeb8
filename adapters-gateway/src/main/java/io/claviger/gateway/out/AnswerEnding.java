package io.claviger.gateway.out;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponse;

/** Waits for the end of an answer whose caller has all of it. What still arrives is dropped. */
final class AnswerEnding implements ProviderListener {
  private final ProviderConnection connection;

  AnswerEnding(ProviderConnection connection) {
    this.connection = connection;
  }

  @Override
  public void answered(HttpResponse head) {}

  @Override
  public void content(ByteBuf content) {
    content.release();
  }

  @Override
  public void answerEnded() {
    connection.release();
  }

  @Override
  public void paused() {}

  @Override
  public void writable() {}

  @Override
  public void silent() {}

  @Override
  public void broken() {}

  @Override
  public void malformed() {}
}
