package io.claviger.gateway.authorize;

import io.claviger.application.budgets.CallSpending;
import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.CallAuthorization.CallRequest;
import io.claviger.application.gateway.CallAuthorization.KnownService;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.errors.Continuation;
import io.claviger.gateway.errors.OperationRefusal;
import io.claviger.gateway.head.HeadGuard;
import io.claviger.gateway.head.ParsedCall;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a request is a call that may be made. Where it depends on the body, it asks
 * twice: once the head has been read, and again once the body has been read.
 */
public final class CallAuthorizer implements Continuation<AuthorizationOutcome> {
  private final AuthorizationContext context;
  private final EventLoop loop;
  private final AuthorizationListener listener;
  private final ParsedCall parsed;
  private final CallRequest request;

  /** The basis on which the head of the call was authorized; null before that. */
  private final AuthorizedCall.@Nullable AuthorizationBasis byHead;

  private CallAuthorizer(
      AuthorizationContext context,
      EventLoop loop,
      AuthorizationListener listener,
      ParsedCall parsed,
      CallRequest request,
      AuthorizedCall.@Nullable AuthorizationBasis byHead) {
    this.context = context;
    this.loop = loop;
    this.listener = listener;
    this.parsed = parsed;
    this.request = request;
    this.byHead = byHead;
  }

  /**
   * Tells the listener, before it returns or later, that the call is authorized or fails.
   *
   * @param address where the request comes from
   * @param loop the event loop of the call
   */
  public static void authorize(
      HttpRequest head,
      String requestId,
      String address,
      EventLoop loop,
      AuthorizationContext context,
      AuthorizationListener listener) {
    try {
      HeadGuard.checkFraming(head);
    } catch (CallRefused e) {
      listener.unreadable(e.error());
      return;
    }
    ParsedCall parsed;
    try {
      parsed = ParsedCall.of(head, context.maxBodyBytes());
    } catch (CallRefused e) {
      listener.fail(e.error());
      return;
    }
    CallRequest request =
        CallRequest.ofHead(
            parsed.credential().token(),
            parsed.callee(),
            head.method().name(),
            parsed.below(),
            address,
            requestId);
    new CallAuthorizer(context, loop, listener, parsed, request, null).ask();
  }

  /**
   * Does the same for a call of which all is known, its model too. A permission goes to {@link
   * AuthorizationListener#modelPermitted}.
   */
  public static void authorizeKnown(
      ParsedCall parsed,
      CallRequest request,
      EventLoop loop,
      AuthorizationContext context,
      AuthorizationListener listener) {
    new CallAuthorizer(context, loop, listener, parsed, request, null).ask();
  }

  /**
   * Asks again, now that the body has been read. From here on the call counts against its limits.
   *
   * @param authorized what the call was authorized as by its head
   * @param use what the body asks for; empty where that can't be read
   */
  public void bodyRead(AuthorizedCall authorized, Optional<RequestedUse> use) {
    CallRequest whole = request.withBodyRead(use);
    new CallAuthorizer(context, loop, listener, parsed, whole, authorized.basis()).ask();
  }

  private void ask() {
    new AuthorizationQuery(context, request, byHead, loop, this).begin();
  }

  public ParsedCall parsed() {
    return parsed;
  }

  public CallRequest request() {
    return request;
  }

  @Override
  public void done(AuthorizationOutcome outcome) {
    switch (outcome) {
      case AuthorizationOutcome.Authorized authorized -> authorized(authorized.call());
      case AuthorizationOutcome.Admitted admitted -> admitted(admitted.spending());
      case AuthorizationOutcome.Refused refused -> refused(refused);
    }
  }

  private void refused(AuthorizationOutcome.Refused refused) {
    if (listener.isDeciding()) {
      CallError why = CallError.of(refused);
      refused.caller().ifPresent(listener::madeBy);
      refused.service().ifPresent(listener::mayKnow);
      listener.fail(refused.service().map(known -> explained(why, known)).orElse(why));
    }
  }

  @Override
  public void refused(CallError why) {
    if (listener.isDeciding()) {
      listener.fail(why);
    }
  }

  private CallError explained(CallError why, KnownService service) {
    return why.equals(CallError.of(CallRefusal.OPERATION_NOT_ALLOWED))
        ? OperationRefusal.of(service.format(), request.method(), request.path())
        : why;
  }

  private void authorized(AuthorizedCall call) {
    if (!listener.isDeciding()) {
      call.close(); // the caller has gone in the meantime
    } else if (request.stage() == CallRequest.Stage.HEAD) {
      listener.authorized(call, this);
    } else {
      listener.modelPermitted(call, this);
    }
  }

  private void admitted(CallSpending spending) {
    if (listener.isDeciding()) {
      listener.bodyPermitted(spending, this);
    } else {
      spending.close(); // the caller has gone in the meantime
    }
  }

  @Override
  public void failed(Throwable why) {
    listener.broken(why);
  }
}
