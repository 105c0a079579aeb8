package io.claviger.web.server;

import java.util.UUID;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** The id by which a request is found again in the answer, the log and the audit trail. */
final class RequestId {
  static final String HEADER = "X-Request-Id";

  /** Under which the log knows it. */
  static final String LOG_KEY = "request_id";

  private static final String ATTRIBUTE = "io.claviger.request_id";
  private static final Pattern SANE = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private RequestId() {}

  /** The id of a request: the caller's where it is sane, else one made up; the same every time. */
  static String of(Request request) {
    if (request.getAttribute(ATTRIBUTE) instanceof String known) {
      return known;
    }
    String id = sane(request.getHeaders().get(HEADER));
    request.setAttribute(ATTRIBUTE, id);
    return id;
  }

  private static String sane(@Nullable String given) {
    return given != null && SANE.matcher(given).matches() ? given : UUID.randomUUID().toString();
  }
}
