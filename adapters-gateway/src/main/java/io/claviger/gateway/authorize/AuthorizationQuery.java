package io.claviger.gateway.authorize;

import io.claviger.application.budgets.CallSpending;
import io.claviger.application.gateway.CallAuthorization;
import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.gateway.errors.CallError;
import io.netty.channel.EventLoop;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks whether a call is authorized. The asker is called with the outcome on the event loop. */
final class AuthorizationQuery implements Inquiry.Asker<AuthorizationOutcome> {
  private static final long MOST_MILLIS = 3_000;

  /** Called on the event loop. */
  interface Asker {
    /**
     * @param call owned by the callee from now on, to be closed even if it is no longer needed
     */
    void authorized(AuthorizedCall call);

    /**
     * @param spending owned by the callee from now on, to be closed even if it is no longer needed
     */
    void admitted(CallSpending spending);

    void refused(AuthorizationOutcome.Refused refused);

    /** Nothing could be decided. */
    void undecided(CallError why);

    /** An unexpected failure. The call must end, and its secrets be wiped. */
    void failed(Throwable why);
  }

  private final AuthorizationContext context;
  private final CallAuthorization.CallRequest call;
  private final AuthorizedCall.@Nullable AuthorizationBasis byHead;
  private final EventLoop loop;
  private final Asker asker;

  /**
   * @param byHead the basis on which the head of the call was authorized; null before that
   */
  AuthorizationQuery(
      AuthorizationContext context,
      CallAuthorization.CallRequest call,
      AuthorizedCall.@Nullable AuthorizationBasis byHead,
      EventLoop loop,
      Asker asker) {
    this.context = context;
    this.call = call;
    this.byHead = byHead;
    this.loop = loop;
    this.asker = asker;
  }

  /** Calls the asker or {@code then}, before this returns or later. */
  void begin() {
    new Inquiry<>(
            context.executor(),
            new Inquiry.InquiryTerms(loop, call.address(), call.requestId(), MOST_MILLIS),
            this)
        .begin();
  }

  @Override
  public Optional<AuthorizationOutcome> askAtOnce() {
    return byHead == null
        ? context.authorizeCall().authorizeAtOnce(call)
        : context.authorizeCall().authorizeAtOnce(call, byHead);
  }

  @Override
  public AuthorizationOutcome ask() {
    return context.authorizeCall().authorize(call);
  }

  @Override
  public void answered(AuthorizationOutcome outcome) {
    switch (outcome) {
      case AuthorizationOutcome.Authorized authorized -> asker.authorized(authorized.call());
      case AuthorizationOutcome.Admitted admitted -> asker.admitted(admitted.spending());
      case AuthorizationOutcome.Refused refused -> asker.refused(refused);
    }
  }

  @Override
  public void discard(AuthorizationOutcome outcome) {
    switch (outcome) {
      case AuthorizationOutcome.Authorized authorized -> authorized.call().close();
      case AuthorizationOutcome.Admitted admitted -> admitted.spending().close();
      case AuthorizationOutcome.Refused refused -> {}
    }
  }

  @Override
  public void refused(CallError why) {
    asker.undecided(why);
  }

  @Override
  public void failed(Throwable why) {
    asker.failed(why);
  }
}
