package io.claviger.web.server;

import java.util.UUID;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** The id of a request. The id appears in the answer, in the log and in the audit trail. */
final class RequestId {
  static final String HEADER = "X-Request-Id";

  static final String LOG_KEY = "request_id";

  private static final String ATTRIBUTE = "io.claviger.request_id";
  private static final Pattern SANE = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private RequestId() {}

  /**
   * Returns the id of a request. A valid id from the caller is kept; otherwise, an id is generated.
   * The id of a request never changes.
   */
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
