package io.claviger.gateway.wire;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import org.jspecify.annotations.Nullable;

/** Counts trailers and discards them, because trailers are never forwarded. */
public final class DroppedTrailers implements HttpHeadersFactory {
  private final int most;

  /**
   * @param most the largest number of trailer fields in a message; a message with more is malformed
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

  /**
   * The trailers of one message. Takes no memory before the first trailer, because most messages
   * have none.
   */
  private static final class Counted extends EmptyHttpHeaders {
    private final int most;
    private int count;
    private @Nullable HttpHeaders checked;

    Counted(int most) {
      this.most = most;
    }

    @Override
    public HttpHeaders add(CharSequence name, Object value) {
      return drop(checking().add(name, value)); // refuses malformed trailers
    }

    @Override
    public HttpHeaders add(String name, Object value) {
      return drop(checking().add(name, value));
    }

    private HttpHeaders checking() {
      HttpHeaders known = checked == null ? new DefaultHttpHeaders() : checked;
      checked = known;
      return known;
    }

    private HttpHeaders drop(HttpHeaders added) {
      added.clear();
      if (++count > most) {
        throw new TooLongHttpHeaderException("more trailers than " + most);
      }
      return this;
    }
  }
}
