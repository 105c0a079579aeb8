package io.claviger.web.server;

import io.claviger.web.problems.Problem;
import java.nio.ByteBuffer;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Answers errors that the server itself finds, such as an invalid request line, with problems.
 * Jetty's own message is not passed on, since it may repeat what was sent.
 */
final class ProblemPages extends ErrorHandler {
  private static final Map<Integer, Problem> KNOWN =
      Map.of(
          400, new Problem(400, "bad_request", "This is not a valid HTTP request."),
          408, new Problem(408, "request_timeout", "The request did not arrive in time."),
          414, new Problem(414, "uri_too_long", "Send a shorter URI."),
          417, new Problem(417, "expectation_failed", "Only Expect: 100-continue is understood."),
          426, new Problem(426, "upgrade_required", "Speak HTTP/1.1."),
          431, new Problem(431, "headers_too_large", "Send fewer or shorter header fields."),
          505, new Problem(505, "version_not_supported", "Speak HTTP/1.1."));

  @Override
  protected void generateResponse(
      Request request,
      Response response,
      int status,
      @Nullable String message,
      @Nullable Throwable cause,
      Callback callback) {
    String id = RequestId.of(request);
    RequestHandler.setCommonHeaders(response.getHeaders(), id);
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);
    if (status == 400) {
      // The end of a malformed request is uncertain, and so is the beginning of the next one.
      response.getHeaders().put(HttpHeader.CONNECTION, "close");
    }
    response.write(true, ByteBuffer.wrap(of(status).json(id)), callback);
  }

  @Override
  public boolean errorPageForMethod(@Nullable String method) {
    return true;
  }

  private static Problem of(int status) {
    Problem known = KNOWN.get(status);
    if (known != null) {
      return known;
    }
    return status < 500
        ? new Problem(status, "request_failed", "The server can't take this request.")
        : new Problem(status, "internal_error", "Something went wrong here.");
  }
}
