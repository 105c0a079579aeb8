package io.claviger.gateway.head;

import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;

/**
 * Ends loops in which a service's endpoint leads back to a gateway of Claviger. The rules for
 * addresses do not find such a loop if a name or a proxy hides where the endpoint leads. Each call
 * to a provider carries the header {@link #HOP}, and a gateway refuses requests with that header.
 * The header has the same value everywhere, so it reveals nothing about the deployment.
 */
public final class LoopGuard {
  /**
   * The header. Neither callers nor custom headers of services can set or remove a header whose
   * name begins with this prefix.
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
