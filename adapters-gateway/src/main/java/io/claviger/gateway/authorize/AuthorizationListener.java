package io.claviger.gateway.authorize;

import io.claviger.application.budgets.CallSpending;
import io.claviger.application.gateway.CallAuthorization.KnownService;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.accounts.Handle;
import io.claviger.gateway.errors.CallError;

/** Is told on the event loop whether a request may be served. */
public interface AuthorizationListener {
  /** Whether the decision still matters. */
  boolean isDeciding();

  /** The request is framed in such a way that nobody can tell where the next one begins. */
  void unreadable(CallError why);

  /** The access token is valid, although the call is refused. The caller is told nothing of it. */
  void madeBy(Handle user);

  /** The caller may know the service, although the call is refused. */
  void mayKnow(KnownService service);

  void fail(CallError why);

  /**
   * The call may be made.
   *
   * @param call taken over
   */
  void authorized(AuthorizedCall call, CallAuthorizer by);

  /**
   * The call may be made with the model that the body asks for.
   *
   * @param call taken over; replaces the earlier one, since much may have changed while the body
   *     arrived
   */
  void modelPermitted(AuthorizedCall call, CallAuthorizer by);

  /**
   * The call may be made as it was authorized by its head.
   *
   * @param spending taken over
   */
  void bodyPermitted(CallSpending spending, CallAuthorizer by);

  /** An unexpected failure. */
  void broken(Throwable why);
}
