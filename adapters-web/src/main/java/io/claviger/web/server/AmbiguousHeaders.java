package io.claviger.web.server;

import java.util.EnumSet;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/**
 * Removes headers that would make Javalin act differently from what the request line says.
 *
 * <p>A header that overrides the method could turn a GET into a DELETE. The access log, and any
 * filter of methods in a proxy, would still see a GET.
 *
 * <p>Javalin would answer a conditional GET with 304. But the version in an entity tag does not
 * cover everything that the answer depends on.
 */
final class AmbiguousHeaders extends Request.Wrapper {
  private static final Set<String> METHOD_OVERRIDES =
      Set.of("x-http-method-override", "x-http-method", "x-method-override");
  private static final Set<HttpHeader> CONDITIONS_OF_READING =
      EnumSet.of(HttpHeader.IF_NONE_MATCH, HttpHeader.IF_MODIFIED_SINCE);

  private final HttpFields headers;

  private AmbiguousHeaders(Request request, HttpFields headers) {
    super(request);
    this.headers = headers;
  }

  static Request filter(Request request) {
    boolean reads = request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
    HttpFields.Mutable kept = HttpFields.build();
    for (HttpField field : request.getHeaders()) {
      if (!isTakenOff(field, reads)) {
        kept.add(field);
      }
    }
    return kept.size() == request.getHeaders().size()
        ? request
        : new AmbiguousHeaders(request, kept);
  }

  private static boolean isTakenOff(HttpField field, boolean reads) {
    return METHOD_OVERRIDES.contains(field.getLowerCaseName())
        || (reads
            && field.getHeader() != null
            && CONDITIONS_OF_READING.contains(field.getHeader()));
  }

  @Override
  public HttpFields getHeaders() {
    return headers;
  }
}
