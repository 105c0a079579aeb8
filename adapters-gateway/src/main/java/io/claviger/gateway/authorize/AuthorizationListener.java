package io.claviger.gateway.authorize;

import io.claviger.application.budgets.CallSpending;
import io.claviger.application.gateway.CallAuthorization.KnownService;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.accounts.Handle;
import io.claviger.gateway.errors.CallError;

/**
 * Receives the decision whether a request may be served. Its methods are called on the event loop.
 */
public interface AuthorizationListener {
  /** Whether the decision still matters. */
  boolean isDeciding();

  /** The request is framed in such a way that nobody can tell where the next one begins. */
  void unreadable(CallError why);

  /**
   * The access token is valid, although the call is refused. The answer to the caller does not say
   * so.
   */
  void madeBy(Handle user);

  /** The caller may know the service, although the call is refused. */
  void mayKnow(KnownService service);

  void fail(CallError why);

  /**
   * The call may be made.
   *
   * @param call owned by the callee from now on
   */
  void authorized(AuthorizedCall call, CallAuthorizer authorizer);

  /**
   * The call may be made with the model that the body asks for.
   *
   * @param call owned by the callee from now on; replaces the earlier one, since much may have
   *     changed while the body arrived
   */
  void modelPermitted(AuthorizedCall call, CallAuthorizer authorizer);

  /**
   * The call may be made as it was authorized by its head.
   *
   * @param spending owned by the callee from now on
   */
  void bodyPermitted(CallSpending spending, CallAuthorizer authorizer);

  /** An unexpected failure. */
  void broken(Throwable why);
}
