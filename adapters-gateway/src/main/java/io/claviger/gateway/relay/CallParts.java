package io.claviger.gateway.relay;

import io.claviger.application.gateway.CallAuthorization;
import io.claviger.application.gateway.CallAuthorization.CallRequest;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.port.AuthorizedCall.AuthorizationBasis;
import io.claviger.gateway.authorize.Inquiry;
import io.claviger.gateway.authorize.Inquiry.InquiryTerms;
import io.claviger.gateway.errors.Continuation;
import io.claviger.gateway.in.CallerConnection;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The parts of a call that do not depend on whether the URL or the model selected the service.
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
  /** The longest time that a call waits for an answer from the database, in milliseconds. */
  private static final int MOST_MILLIS = 3_000;

  /**
   * Asks a question that the database might have to answer, such as what the ledger of objects
   * says. {@code then} may receive the answer before this method returns.
   *
   * @param atOnce a function that returns the answer without blocking; it returns empty if {@code
   *     blocking} has to be called
   * @param blocking a function that returns the answer, and may block; it is called on another
   *     thread
   */
  <T> void askInTime(Supplier<Optional<T>> atOnce, Supplier<T> blocking, Continuation<T> then) {
    Inquiry.ask(
        environment.authorization().executor(),
        new InquiryTerms(
            caller.channel().eventLoop(), requested.address(), requested.requestId(), MOST_MILLIS),
        atOnce,
        blocking,
        then);
  }

  /**
   * Checks again whether a call is permitted. {@code then} receives the reason if the call is no
   * longer permitted, and may receive the answer before this method returns.
   *
   * @param basis the basis of the call's permission
   */
  void checkPermissionAgain(
      CallRequest request, AuthorizationBasis basis, Continuation<Optional<CallRefusal>> then) {
    CallAuthorization authorize = environment.authorization().authorizeCall();
    askInTime(
        () ->
            authorize.basisAtOnce(request).filter(basis::stillHoldsUnder).isPresent()
                ? Optional.of(Optional.empty())
                : Optional.empty(),
        () -> authorize.lookAgain(request, basis),
        then);
  }
}
