package io.claviger.gateway.relay;

import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.gateway.authorize.CallAuthorizer;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import java.util.List;

/**
 * Checks the permission of a call once more. This is needed in two cases: the call's budgets were
 * changed while the call waited for its turn; or the call is sent again after its reservation was
 * returned. The old reservation is returned before the new one is made, because the limits and
 * budgets may have room for only one reservation. This class need not check whether the permission
 * was withdrawn, because a withdrawal ends waiting calls in the same way as all other calls.
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
   * Continues a call that has waited for its turn. The permission of a call with budgets is checked
   * again unless the cache shows that the budgets are unchanged: a change empties the cache. A call
   * without budgets has reserved nothing, so it continues even while the database can't be reached.
   * The same is true for calls that were sent earlier.
   *
   * @param then continues the call; not called if the call's budgets have no room for the call any
   *     more
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

  /** Continues a call whose reservation was returned because another target was tried. */
  static void ifGivenBack(GatewayCall call, CallParts parts, Runnable then) {
    if (parts.permission().isGivenBack()) {
      ask(call, parts, then);
    } else {
      then.run();
    }
  }

  private static void ask(GatewayCall call, CallParts parts, Runnable then) {
    CallAuthorizer authorizer = parts.permission().authorizer();
    call.enter(CallPhase.AUTHORIZING);
    parts.permission().giveBack();
    authorizer.ask(new RenewedPermission(call, parts, authorizer, then));
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
   * Continues the call with the new permission. The body was read and its objects were checked when
   * the earlier permission was given.
   */
  private void authorized(AuthorizedCall now) {
    AuthorizedCall before = parts.permission().call();
    boolean isSame =
        before.basis().stillHoldsUnder(now.basis())
            && before.isolation().equals(now.isolation())
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
