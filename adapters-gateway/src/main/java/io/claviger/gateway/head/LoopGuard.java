package io.claviger.gateway.head;

import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;

/**
 * Prevents endless loops of calls: the endpoint of a service can lead back to a Claviger gateway.
 * The rules for addresses do not detect such an endpoint behind another name or a proxy. The
 * gateway adds the header {@link #HOP} to each call to a provider, and refuses requests with that
 * header. The header has the same value everywhere, so it reveals nothing about the deployment.
 */
public final class LoopGuard {
  /**
   * The header that marks calls from a gateway. Neither callers nor custom headers of services can
   * set or remove a header whose name begins with {@code X-Claviger-}.
   */
  public static final AsciiString HOP = AsciiString.cached("X-Claviger-Hop");

  public static final AsciiString MARK = AsciiString.cached("1");

  private LoopGuard() {}

  /**
   * @throws CallRefused if the request came from a gateway
   */
  public static void check(HttpHeaders headers) {
    if (headers.contains(HOP)) {
      throw new CallRefused(CallError.LOOP_DETECTED);
    }
  }
}
