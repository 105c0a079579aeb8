package io.claviger.gateway.relay;

import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.gateway.authorize.CallAuthorizer;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import java.util.List;
import java.util.Set;

/**
 * Authorizes a call again. A new permission is necessary in two cases. Either the call's budgets
 * changed while the call waited for its turn, or the call is sent again although its reservation
 * was returned. The old reservation is returned first, because the limits and budgets might have
 * room for only one reservation. Only permits of rates are kept, and not taken again. This class
 * need not check for a withdrawn permission, because a withdrawal ends waiting calls like all other
 * calls.
 */
final class RenewedPermission extends CallStep<AuthorizationOutcome> {
  private final GatewayCall call;
  private final CallParts parts;
  private final CallAuthorizer authorizer;
  private final Runnable then;

  private RenewedPermission(
      GatewayCall call, CallParts parts, CallAuthorizer authorizer, Runnable then) {
    super(call);
    this.call = call;
    this.parts = parts;
    this.authorizer = authorizer;
    this.then = then;
  }

  /**
   * Continues a call after its wait for a turn. If the call has budgets, its permission is checked
   * again, unless the cache shows that the budgets are unchanged. (A change of a budget removes the
   * call's entry from the cache.) A call without budgets has no reservation, so it continues even
   * if the database is unreachable. A call that has already been sent to a target also continues
   * without the check.
   *
   * @param then an action that continues the call; it is not called if the budgets no longer have
   *     room
   */
  static void ifBudgetsChanged(GatewayCall call, CallParts parts, Runnable then) {
    CallAuthorizer authorizer = parts.permission().authorizer();
    List<BudgetMeter> reserved = parts.permission().call().basis().charging().budgets();
    boolean changed =
        call.batch().isEmpty()
            && parts
                .environment()
                .authorization()
                .authorizeCall()
                .basisAtOnce(authorizer.request())
                .map(now -> !reserved.equals(now.charging().budgets()))
                .orElse(!reserved.isEmpty());
    if (changed) {
      ask(call, parts, then);
    } else {
      then.run();
    }
  }

  /**
   * Continues a call with another target. If the call's reservation was returned after the last
   * attempt, a new permission is requested first.
   */
  static void ifGivenBack(GatewayCall call, CallParts parts, Runnable then) {
    if (parts.permission().isGivenBack()) {
      ask(call, parts, then);
    } else {
      then.run();
    }
  }

  private static void ask(GatewayCall call, CallParts parts, Runnable then) {
    CallAuthorizer authorizer = parts.permission().authorizer();
    List<String> rates = parts.permission().call().basis().charging().rates();
    call.enter(CallPhase.AUTHORIZING);
    parts.permission().giveBack();
    authorizer.askAgain(Set.copyOf(rates), new RenewedPermission(call, parts, authorizer, then));
  }

  @Override
  void next(AuthorizationOutcome outcome) {
    switch (outcome) {
      case AuthorizationOutcome.Authorized whole -> authorized(whole.call());
      case AuthorizationOutcome.Admitted admitted -> {
        parts.permission().charge(admitted.spending(), authorizer);
        then.run();
      }
      case AuthorizationOutcome.Refused refused ->
          call.fail(parts.permission().refused(refused, authorizer));
    }
  }

  /**
   * Continues the call with the new permission. The body has been read and its objects have been
   * checked under the earlier permission.
   */
  private void authorized(AuthorizedCall now) {
    AuthorizedCall before = parts.permission().call();
    boolean isSame =
        call.usedBasis().stillHoldsUnder(now.basis())
            && call.usedBasis().isCheckedFor(now.basis())
            && before.models().equals(now.models())
            && before.readsUse() == now.readsUse();
    parts.permission().accept(now, authorizer);
    if (!isSame) {
      call.fail(CallError.of(CallRefusal.SERVICE_CHANGED));
      return;
    }
    try {
      parts.provider().prepare(now, authorizer.parsed(), parts.body().length());
    } catch (CallRefused e) {
      call.fail(e.error());
      return;
    }
    then.run();
  }

  @Override
  void drop(AuthorizationOutcome late) {
    late.close();
  }
}
