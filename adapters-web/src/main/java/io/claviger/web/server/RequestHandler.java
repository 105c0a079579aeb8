package io.claviger.web.server;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.MDC;

/**
 * The outermost handler. This handler assigns the request id, sets the common headers of all
 * answers, and counts the in-flight requests.
 */
final class RequestHandler extends Handler.Wrapper {
  private final AtomicInteger underWay = new AtomicInteger();
  private final Object changed = new Object();
  private volatile boolean draining;

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    underWay.incrementAndGet();
    Completion completion = Completion.of(request);
    Request.addCompletionListener(request, failure -> completed(request, completion));
    String id = RequestId.of(request);
    setCommonHeaders(response.getHeaders(), id);
    if (draining) {
      response.getHeaders().put(HttpHeader.CONNECTION, "close");
    }
    MDC.put(RequestId.LOG_KEY, id);
    try {
      return super.handle(AmbiguousHeaders.filter(request), response, callback);
    } finally {
      MDC.remove(RequestId.LOG_KEY);
    }
  }

  /**
   * Sets the common headers of all answers, including answers from the lower layers of the server.
   */
  static void setCommonHeaders(HttpFields.Mutable headers, String requestId) {
    headers.put(RequestId.HEADER, requestId);
    headers.put("Cache-Control", "no-store");
    headers.put("X-Content-Type-Options", "nosniff");
  }

  /** Makes each answer close its connection from now on. */
  void beginDraining() {
    draining = true;
  }

  /**
   * Waits until no request is being processed.
   *
   * @param atMost the maximum time to wait
   * @return whether all requests ended within that time
   */
  boolean awaitIdle(Duration atMost) throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    synchronized (changed) {
      while (underWay.get() > 0) {
        long left = (end - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          return false;
        }
        changed.wait(left);
      }
      return true;
    }
  }

  private void completed(Request request, Completion completion) {
    completion.over();
    if (request.getConnectionMetaData().getConnection() instanceof BoundedConnection connection) {
      connection.answered();
    }
    if (underWay.decrementAndGet() == 0) {
      synchronized (changed) {
        changed.notifyAll();
      }
    }
  }

  /**
   * Removes headers that would make Javalin deviate from the request line.
   *
   * <p>A header that overrides the method could turn a GET into a DELETE. The access log, and a
   * proxy that filters requests by their method, would still see a {@code GET}.
   *
   * <p>Javalin would answer a conditional GET with status 304, although the answer depends on more
   * than the version in the entity tag.
   */
  private static final class AmbiguousHeaders extends Request.Wrapper {
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
}
