package io.claviger.gateway.in;

import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;

/**
 * Ends loops: a service whose endpoint leads back to a gateway, by a name or a proxy that no rule
 * on addresses knows. Each call to a provider carries a header that no gateway of Claviger's
 * accepts. It is the same everywhere and says nothing of the deployment.
 */
public final class LoopGuard {
  /** Neither a caller nor a service's custom headers can set or take off what begins so. */
  public static final AsciiString HOP = AsciiString.cached("X-Claviger-Hop");

  public static final AsciiString MARK = AsciiString.cached("1");

  private LoopGuard() {}

  /**
   * @throws CallRefused when the request came from a gateway
   */
  public static void check(HttpHeaders headers) {
    if (headers.contains(HOP)) {
      throw new CallRefused(CallError.LOOP_DETECTED);
    }
  }
}
