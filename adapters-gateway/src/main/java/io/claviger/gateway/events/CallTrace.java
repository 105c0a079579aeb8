package io.claviger.gateway.events;

import io.claviger.gateway.events.GatewayEvents.FinishedCall;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The trace of one call, as W3C Trace Context defines it. The methods are called on the event loop
 * of the call, so an implementation must not block.
 */
public interface CallTrace {
  /** The value of the header {@code traceparent} in the request to the provider. */
  String traceparent();

  /** The value of the header {@code tracestate} in the request to the provider. */
  Optional<String> tracestate();

  /**
   * Ends the trace. Called once, when the call has ended.
   *
   * @param call a function that returns a description of the call. The function is called only if
   *     the trace needs the description, because describing a call takes time
   */
  void over(Supplier<CallDescription> call, FinishedCall result);
}
