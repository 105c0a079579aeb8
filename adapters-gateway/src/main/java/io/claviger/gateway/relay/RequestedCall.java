package io.claviger.gateway.relay;

import io.claviger.application.gateway.CallTarget;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.CallerOrigin;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.events.CallTrace;
import io.claviger.gateway.events.GatewayEvents;
import io.claviger.gateway.head.RememberedRequest;
import io.claviger.gateway.head.RequestTarget;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway can read in the head of a request before it knows whether the request is a call.
 * Each method reads the head again.
 *
 * @param from the origin of the request, possibly as a trusted proxy stated it
 */
record RequestedCall(HttpRequest head, CallerOrigin from, String requestId) {
  private static final HexFormat HEX = HexFormat.of();

  /**
   * Makes the id that connects the answer, the log lines and the audit events of one request:
   * {@code req_} and 24 hexadecimal digits. The id is unique in practice, but it can be guessed and
   * is no secret.
   */
  static String newRequestId() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return "req_" + HEX.toHexDigits(random.nextLong()) + HEX.toHexDigits(random.nextInt());
  }

  /**
   * Begins the trace of a call.
   *
   * @return the trace; null if calls are not traced
   */
  static @Nullable CallTrace trace(GatewayEvents events, HttpRequest head) {
    return events.callBegun(() -> path(head), head.headers()::get);
  }

  /**
   * Returns the request to forward, in which the trace of the call replaces the caller's trace. The
   * caller's own head is unchanged, because the connection might remember this head for later
   * requests.
   */
  static HttpRequest traced(HttpRequest head, @Nullable CallTrace trace) {
    if (trace == null) {
      return head;
    }
    HttpHeaders headers = head.headers().copy().set("traceparent", trace.traceparent());
    return RememberedRequest.with(
        trace.tracestate().isPresent()
            ? headers.set("tracestate", trace.tracestate().get())
            : headers.remove("tracestate"),
        head);
  }

  /** The origin's address as text. */
  String address() {
    return from.address();
  }

  String method() {
    return head.method().name();
  }

  /**
   * Returns the part of the path after the name of the service or project. If the path names no
   * service and no project, returns the whole path.
   */
  String path() {
    return path(head);
  }

  private static String path(HttpRequest head) {
    return target(head)
        .filter(target -> target.path().startsWith("/"))
        .map(RequestTarget::below)
        .orElse("");
  }

  Optional<Instance.Ref> service() {
    return callee()
        .flatMap(
            callee ->
                callee instanceof CallTarget.Service service
                    ? Optional.of(service.ref())
                    : Optional.empty());
  }

  Optional<Project.Ref> project() {
    return callee()
        .flatMap(
            callee ->
                callee instanceof CallTarget.OfProject project
                    ? Optional.of(project.ref())
                    : Optional.empty());
  }

  private Optional<CallTarget> callee() {
    try {
      return target(head).filter(RequestTarget::namesCallee).map(RequestTarget::callee);
    } catch (InvalidValue e) {
      return Optional.empty();
    }
  }

  private static Optional<RequestTarget> target(HttpRequest head) {
    try {
      return Optional.of(RequestTarget.of(head.uri()));
    } catch (CallRefused malformed) {
      return Optional.empty();
    }
  }
}
