package io.claviger.gateway.head;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;

/**
 * The length of a request's body.
 *
 * @param bytes the number of bytes; -1 for the chunked transfer coding
 */
public record BodyLength(long bytes) {
  public static final BodyLength CHUNKED = new BodyLength(-1);

  /** Returns the length of the body of a request whose framing has already been checked. */
  public static BodyLength of(HttpRequest request) {
    return request instanceof RememberedRequest known ? known.length() : of(request.headers());
  }

  /**
   * Reads the length from the headers of a request whose framing has already been checked. This
   * method is for requests that are no {@link RememberedRequest}.
   */
  public static BodyLength of(HttpHeaders headers) {
    if (headers.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
      return CHUNKED;
    }
    String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
    return new BodyLength(length == null ? 0 : Long.parseLong(length));
  }

  /** Returns the length of the body after the given number of bytes has been added to it. */
  public BodyLength plus(long more) {
    return isChunked() || more == 0 ? this : new BodyLength(bytes + more);
  }

  public boolean isChunked() {
    return bytes < 0;
  }
}
