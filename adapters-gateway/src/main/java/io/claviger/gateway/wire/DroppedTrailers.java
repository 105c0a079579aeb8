package io.claviger.gateway.wire;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.TooLongHttpHeaderException;

/** Counts trailers and drops them, because they are never passed on. */
public final class DroppedTrailers implements HttpHeadersFactory {
  private final int most;

  /**
   * @param most the most fields in the trailers of one message; a message with more is malformed
   */
  public DroppedTrailers(int most) {
    this.most = most;
  }

  @Override
  public HttpHeaders newHeaders() {
    return new Counted(most);
  }

  @Override
  public HttpHeaders newEmptyHeaders() {
    return newHeaders();
  }

  private static final class Counted extends DefaultHttpHeaders {
    private final int most;
    private int count;

    Counted(int most) {
      this.most = most;
    }

    @Override
    public HttpHeaders add(CharSequence name, Object value) {
      super.add(name, value); // refuses what is malformed
      return drop();
    }

    @Override
    public HttpHeaders add(String name, Object value) {
      super.add(name, value);
      return drop();
    }

    private HttpHeaders drop() {
      clear();
      if (++count > most) {
        throw new TooLongHttpHeaderException("more trailers than " + most);
      }
      return this;
    }
  }
}
