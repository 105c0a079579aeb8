package io.claviger.web.server;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.MDC;

/**
 * The outermost handler. It assigns the request id, sets the headers that all answers have, and
 * counts the requests under way.
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

  /** Sets the headers of every answer, from any layer. */
  static void setCommonHeaders(HttpFields.Mutable headers, String requestId) {
    headers.put(RequestId.HEADER, requestId);
    headers.put("Cache-Control", "no-store");
    headers.put("X-Content-Type-Options", "nosniff");
  }

  /** Makes every answer from now on end its connection. */
  void beginDraining() {
    draining = true;
  }

  /**
   * Waits until no request is under way.
   *
   * @param atMost how long to wait
   * @return whether all requests ended in time
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
}
