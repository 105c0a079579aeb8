package io.claviger.gateway.relay;

import io.claviger.application.budgets.CallSpending;
import io.claviger.application.gateway.CallAuthorization.KnownService;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.accounts.Handle;
import io.claviger.gateway.authorize.AuthorizationListener;
import io.claviger.gateway.authorize.CallAuthorizer;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.head.HeadGuard;
import io.claviger.gateway.head.RequestTarget;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Optional;

/** The part of a call on a URL that names its service or project: whether it may be made. */
final class DirectCall implements ServiceChoice, AuthorizationListener {
  private final GatewayCall call;
  private final CallParts parts;

  DirectCall(GatewayCall call, CallParts parts) {
    this.call = call;
    this.parts = parts;
  }

  @Override
  public void begin() {
    if (isProbe()) {
      call.answer(GatewayCall.NOTHING);
      return;
    }
    CallAuthorizer.authorize(
        parts.requested().head(),
        parts.requested().requestId(),
        parts.requested().address(),
        parts.caller().eventLoop(),
        parts.environment().authorization(),
        this);
  }

  /**
   * Whether a client only looks if its base URL answers. That reveals nothing, not even whether
   * there is such a service.
   */
  private boolean isProbe() {
    try {
      HttpRequest request = parts.requested().head();
      HeadGuard.checkFraming(request);
      return HeadGuard.isRead(request) && RequestTarget.of(request.uri()).isBase();
    } catch (CallRefused unreadable) {
      return false;
    }
  }

  @Override
  public void authorized(AuthorizedCall given, CallAuthorizer authorizer) {
    parts.permission().accept(given, authorizer);
    boolean buffers;
    try {
      parts.provider().prepare(given, authorizer.parsed(), parts.body().length());
      buffers = parts.body().bufferIfReadFirst(given, authorizer.parsed(), parts.caller());
    } catch (CallRefused e) {
      fail(e.error());
      return;
    }
    if (buffers) {
      call.beginBuffering();
    } else if (given.isDecidedByBody()) {
      authorizer.bodyRead(given, parts.body().use());
    } else {
      call.connect(given, false);
    }
  }

  @Override
  public void bodyRead(Optional<CallError> why) {
    AuthorizedCall given = parts.permission().call();
    if (why.isPresent()) {
      fail(why.get());
    } else if (given.isDecidedByBody()) {
      parts.permission().authorizer().bodyRead(given, parts.body().use());
    } else {
      connectWithBody(given, parts.permission().authorizer());
    }
  }

  @Override
  public void modelPermitted(AuthorizedCall given, CallAuthorizer authorizer) {
    parts.permission().accept(given, authorizer);
    connectWithBody(given, authorizer);
  }

  @Override
  public void bodyPermitted(CallSpending spending, CallAuthorizer authorizer) {
    parts.permission().charge(spending, authorizer);
    AuthorizedCall given = parts.permission().call();
    if (parts.body().isEdited()) {
      connectWithBody(given, authorizer);
    } else {
      call.connect(given, false);
    }
  }

  /** Prepares the request again, now that it is known how its body will be sent. */
  private void connectWithBody(AuthorizedCall given, CallAuthorizer authorizer) {
    try {
      parts.provider().prepare(given, authorizer.parsed(), parts.body().length());
      parts.body().demandPermitted(given);
    } catch (CallRefused e) {
      fail(e.error());
      return;
    }
    call.connect(given, false);
  }

  @Override
  public boolean isDeciding() {
    return call.isDeciding();
  }

  @Override
  public void unreadable(CallError why) {
    call.unreadable(why);
  }

  @Override
  public void madeBy(Handle user) {
    parts.record().setCaller(user);
  }

  @Override
  public void mayKnow(KnownService service) {
    parts.permission().mayKnow(service);
  }

  @Override
  public void fail(CallError why) {
    call.fail(why);
  }

  @Override
  public void broken(Throwable why) {
    call.broken(why);
  }
}
