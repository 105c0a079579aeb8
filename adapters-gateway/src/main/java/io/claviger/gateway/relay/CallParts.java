package io.claviger.gateway.relay;

import io.claviger.gateway.authorize.Inquiry;
import io.claviger.gateway.authorize.Inquiry.InquiryTerms;
import io.claviger.gateway.errors.Continuation;
import io.claviger.gateway.in.CallerConnection;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The parts of one call that do not depend on how its service was found.
 *
 * @param caller the caller's connection
 * @param response the response to the caller
 */
record CallParts(
    CallEnvironment environment,
    RequestedCall requested,
    CallerConnection caller,
    CallHeaders headers,
    CallRecord record,
    CallPermission permission,
    RequestBody body,
    ProviderExchange provider,
    CallerResponse response) {
  /** How long a call waits at most for the ledger of objects. */
  private static final int MOST_MILLIS = 3_000;

  /**
   * Asks the ledger of objects. The answer may come before this method returns.
   *
   * @param atOnce gets the answer without blocking; returns empty if {@code blocking} has to be
   *     called
   * @param blocking gets the answer on another thread, where it may block
   */
  <T> void askLedger(Supplier<Optional<T>> atOnce, Supplier<T> blocking, Continuation<T> then) {
    Inquiry.ask(
        environment.authorization().executor(),
        new InquiryTerms(
            caller.channel().eventLoop(), requested.address(), requested.requestId(), MOST_MILLIS),
        atOnce,
        blocking,
        then);
  }
}
