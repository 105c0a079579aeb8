package io.claviger.web.server;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/**
 * A reading request without its condition. Javalin would answer 304 to one; what a caller sees
 * depends on more than the version that a tag counts, so there is none here.
 */
final class Unconditional extends Request.Wrapper {
  private final HttpFields headers;

  private Unconditional(Request request) {
    super(request);
    this.headers = HttpFields.build(request.getHeaders()).remove(HttpHeader.IF_NONE_MATCH);
  }

  static Request of(Request request) {
    boolean reads = request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
    return reads && request.getHeaders().contains(HttpHeader.IF_NONE_MATCH)
        ? new Unconditional(request)
        : request;
  }

  @Override
  public HttpFields getHeaders() {
    return headers;
  }
}
