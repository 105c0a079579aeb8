package io.claviger.gateway.authorize;

import io.claviger.application.gateway.CallAuthorization;
import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.Continuation;
import io.netty.channel.EventLoop;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks whether a call is authorized. */
final class AuthorizationQuery implements Inquiry.Asker<AuthorizationOutcome> {
  private static final long MOST_MILLIS = 3_000;

  private final AuthorizationContext context;
  private final CallAuthorization.CallRequest call;
  private final AuthorizedCall.@Nullable AuthorizationBasis byHead;
  private final EventLoop loop;
  private final Continuation<AuthorizationOutcome> then;

  /**
   * @param byHead the basis on which the head of the call was authorized; null before that
   * @param then closes a permission that is no longer needed
   */
  AuthorizationQuery(
      AuthorizationContext context,
      CallAuthorization.CallRequest call,
      AuthorizedCall.@Nullable AuthorizationBasis byHead,
      EventLoop loop,
      Continuation<AuthorizationOutcome> then) {
    this.context = context;
    this.call = call;
    this.byHead = byHead;
    this.loop = loop;
    this.then = then;
  }

  /** The answer may come before this returns. */
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
  public void done(AuthorizationOutcome outcome) {
    then.done(outcome);
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
    then.refused(why);
  }

  @Override
  public void failed(Throwable why) {
    then.failed(why);
  }
}
