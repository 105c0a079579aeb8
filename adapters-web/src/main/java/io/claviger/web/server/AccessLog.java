package io.claviger.web.server;

import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.event.Level;

/**
 * Writes one line to the log for each request. The line states the request, its result, its
 * duration and the caller. The line never contains the query, a header, the body, or the part of
 * the path after {@link #SECRET_FOLLOWS}, because these parts of a request could contain keys and
 * tokens. At level {@code info}, only requests within a rate limit are logged.
 */
final class AccessLog implements RequestLog {
  /** The part of a one-time link's path that precedes the secret. */
  private static final String SECRET_FOLLOWS = "/console/sign-in/link/";

  private static final Logger LOG = LoggerFactory.getLogger("io.claviger.access");

  @Override
  public void log(Request request, Response response) {
    Level level =
        isProbe(request.getHttpURI().getPath()) || !isCounted(request) ? Level.DEBUG : Level.INFO;
    if (!LOG.isEnabledForLevel(level)) {
      return;
    }
    String path = printable(withoutSecret(request.getHttpURI()));
    String id = RequestId.of(request);
    Object user = request.getAttribute(Caller.ATTRIBUTE);
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - request.getBeginNanoTime());
    MDC.put(RequestId.LOG_KEY, id);
    try {
      LOG.atLevel(level)
          .addKeyValue("caller", user == null ? null : user.toString())
          .addKeyValue("method", request.getMethod())
          .addKeyValue("path", path)
          .addKeyValue("status", response.getStatus())
          .addKeyValue("milliseconds", millis)
          .log(
              "{} {} {} {} ms request={} user={}",
              request.getMethod(),
              path,
              response.getStatus(),
              millis,
              id,
              user == null ? "-" : user);
    } finally {
      MDC.remove(RequestId.LOG_KEY);
    }
  }

  /**
   * Whether the request was counted against a rate limit and did not exceed it. Requests that
   * exceed a rate limit are not logged, because such requests could fill the log.
   */
  private static boolean isCounted(Request request) {
    return request.getAttribute(Caller.COUNTED) != null;
  }

  private static boolean isProbe(@Nullable String path) {
    return path != null && (path.startsWith("/health/") || path.equals("/metrics"));
  }

  private static @Nullable String withoutSecret(HttpURI uri) {
    String decoded = uri.getCanonicalPath();
    boolean secret = decoded != null && decoded.replaceAll("/{2,}", "/").contains(SECRET_FOLLOWS);
    return secret ? SECRET_FOLLOWS + "…" : uri.getPath();
  }

  private static String printable(@Nullable String path) {
    if (path == null) {
      return "-";
    }
    String shown = path.length() > 300 ? path.substring(0, 300) + "…" : path;
    return shown.replaceAll("[^!-~…]", "?");
  }
}
