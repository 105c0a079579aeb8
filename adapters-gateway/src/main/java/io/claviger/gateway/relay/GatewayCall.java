package io.claviger.gateway.relay;

import io.claviger.application.gateway.AuthorizedCall;
import io.claviger.application.gateway.CallAuthorization.CallRequest;
import io.claviger.application.gateway.CallAuthorization.KnownService;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.domain.accounts.Handle;
import io.claviger.gateway.authorize.AuthorizationListener;
import io.claviger.gateway.authorize.CallAuthorizer;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.errors.GuardedTask;
import io.claviger.gateway.in.CallerConnection;
import io.claviger.gateway.in.IncomingCall;
import io.claviger.gateway.in.ParsedCall;
import io.claviger.gateway.in.RequestIds;
import io.claviger.gateway.out.ConnectionWaiter;
import io.claviger.gateway.out.ProviderConnection;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call, from the head of its request to the last byte of its answer. Confined to the event loop
 * of the caller's connection, on which the provider's connection runs too.
 */
final class GatewayCall implements IncomingCall, AuthorizationListener, ConnectionWaiter {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayCall.class);
  private final CallerConnection caller;
  private final CallEnvironment environment;
  private final HttpRequest request;
  private final CallHeaders headers;
  private final CallerResponse response;
  private final CallRecord record;
  private final RequestBody requestBody;
  private final ProviderExchange provider;
  private CallPhase phase = CallPhase.AUTHORIZING;
  private @Nullable AuthorizedCall authorized;
  private @Nullable CallAuthorizer authorizer;

  GatewayCall(CallerConnection caller, CallEnvironment environment, HttpRequest request) {
    this.caller = caller;
    this.environment = environment;
    this.request = request;
    this.headers = new CallHeaders(RequestIds.next(), () -> ParsedCall.guessFormat(request));
    this.record =
        new CallRecord(
            environment.events(), new RequestedCall(request, caller, headers.requestId()));
    this.requestBody = new RequestBody(request, environment);
    this.provider = new ProviderExchange(environment, request, caller.channel());
    boolean keepAlive = HttpUtil.isKeepAlive(request) && !environment.leaving().get();
    this.response = new CallerResponse(caller.channel(), request, headers, keepAlive);
  }

  @Override
  public void start() {
    CallAuthorizer.authorize(
        request, headers.requestId(), caller, environment.authorization(), this);
  }

  @Override
  public boolean isDeciding() {
    return phase.isDeciding();
  }

  @Override
  public void unreadable(CallError why) {
    refuse(why, false);
  }

  @Override
  public void madeBy(Handle user) {
    record.madeBy(user);
  }

  @Override
  public void mayKnow(KnownService service) {
    record.entitled(service.format());
    headers.entitled(service.name(), service.format());
  }

  @Override
  public void authorized(AuthorizedCall given, CallAuthorizer by) {
    accept(given, by);
    boolean buffers;
    try {
      provider.prepare(given, by.parsed(), requestBody.length());
      buffers = requestBody.bufferIfReadFirst(given, by.parsed(), caller.channel());
    } catch (CallRefused e) {
      fail(e.error());
      return;
    }
    if (buffers) {
      phase = CallPhase.BUFFERING;
      requestBody.sendContinueIfExpected(response);
      caller.advance();
    } else if (given.models().isPresent()) {
      by.modelKnown();
    } else {
      connect(given, false);
    }
  }

  @Override
  public void modelPermitted(AuthorizedCall given, CallAuthorizer by) {
    if (authorized != null) {
      authorized.close();
    }
    accept(given, by);
    connectWithBody(given, by);
  }

  /** Prepares the request again, now that it is known how its body will be sent. */
  private void connectWithBody(AuthorizedCall given, CallAuthorizer by) {
    try {
      provider.prepare(given, by.parsed(), requestBody.length());
      requestBody.demandPermitted(given);
    } catch (CallRefused e) {
      fail(e.error());
      return;
    }
    connect(given, false);
  }

  private void accept(AuthorizedCall given, CallAuthorizer by) {
    record.authorized(given);
    headers.entitled(given.service(), given.standard().format());
    headers.keySource(given.source());
    authorized = given;
    authorizer = by;
  }

  @Override
  public @Nullable CallRequest request() {
    return authorizer == null || phase.isAnswered() ? null : authorizer.request();
  }

  @Override
  public AuthorizedCall.@Nullable AuthorizationBasis basis() {
    return authorized == null || phase.isAnswered() ? null : authorized.basis();
  }

  @Override
  public void revoked(CallRefusal why) {
    fail(CallError.of(why));
  }

  private void connect(AuthorizedCall by, boolean fresh) {
    phase = CallPhase.CONNECTING;
    provider.connect(by, fresh, this);
  }

  @Override
  public void notConnected(CallError why) {
    if (phase == CallPhase.CONNECTING) {
      fail(why);
    }
  }

  @Override
  public void connected(ProviderConnection opened) {
    try {
      forwardTo(opened);
    } catch (Throwable e) {
      opened.abort();
      broken(e);
    }
  }

  private void forwardTo(ProviderConnection opened) {
    if (phase != CallPhase.CONNECTING || authorized == null || authorizer == null) {
      opened.abort();
      return;
    }
    phase = CallPhase.FORWARDING;
    String path = authorizer.parsed().path(request, authorized.standard());
    provider.begin(opened, this, authorized, path, response, requestBody.asksForUsage());
    record.sent();
    requestBody.beginMeasuring();
    provider.start(opened, GuardedTask.of(() -> headNotSent(opened), this::broken));
    requestBody.sendContinueIfExpected(response);
    requestBody.sendBuffered(provider, opened);
    caller.advance();
  }

  /** Nothing of the request was sent. If the connection had died in the pool, another is tried. */
  private void headNotSent(ProviderConnection dead) {
    if (provider.isOn(dead) && authorized != null && dead.wasUsed() && !response.isBegun()) {
      provider.drop();
      connect(authorized, true);
    }
  }

  @Override
  public boolean takesBody() {
    return requestBody.isWanted(phase, provider.isWritable());
  }

  @Override
  public void body(HttpContent part) {
    try {
      requestBody.receive(part, phase, provider);
    } catch (CallRefused e) {
      fail(e.error());
      return;
    }
    if (phase == CallPhase.BUFFERING && requestBody.isGivenUp()) {
      connect(Objects.requireNonNull(authorized), false);
    } else if (requestBody.isComplete()) {
      bodyComplete();
    }
  }

  private void bodyComplete() {
    if (phase == CallPhase.BUFFERING) {
      phase = CallPhase.CHECKING;
      requestBody.read(this::bodyRead, this::broken);
    } else if (phase == CallPhase.DISCARDING) {
      end();
    }
  }

  private void bodyRead(Optional<CallError> why) {
    if (phase != CallPhase.CHECKING || authorized == null || authorizer == null) {
      return;
    }
    if (why.isPresent()) {
      fail(why.get());
    } else if (authorized.models().isPresent()) {
      authorizer.modelKnown();
    } else {
      connectWithBody(authorized, authorizer);
    }
  }

  @Override
  public void flushBody() {
    if (phase == CallPhase.FORWARDING) {
      provider.flush();
    }
  }

  void providerWritable() {
    requestBody.beginMeasuring();
    caller.advance();
  }

  @Override
  public void callerWritable() {
    provider.callerWritable();
  }

  void answerBegun() {
    record.answerBegun();
  }

  void answerEnded() {
    record.answered();
    if (requestBody.isComplete()) {
      end();
    } else {
      provider.drop(); // it answered before the request was complete and does not want the rest
      discardRest(requestBody.canBeDiscarded());
    }
  }

  /** Answers with an error, or breaks off the answer that has begun. */
  @Override
  public void fail(CallError why) {
    if (phase.isAnswered()) {
      return;
    }
    try {
      answerInstead(why);
    } catch (Throwable e) {
      LOG.error("{}: the call could not be ended properly", headers.requestId(), e);
      cutOff();
    }
  }

  /** The last resort: closes the caller's connection. */
  @SuppressWarnings("FutureReturnValueIgnored") // closing can't fail in a way that matters
  private void cutOff() {
    try {
      release();
    } finally {
      caller.channel().close();
    }
  }

  private void answerInstead(CallError why) {
    provider.drop();
    if (response.isBegun()) {
      record.failed(why.code());
      response.breakOff(why);
      over();
      caller.brokenOff();
    } else {
      refuse(why, true);
    }
  }

  private void refuse(CallError why, boolean restCanBeToldFromNextRequest) {
    record.failed(why.code());
    boolean discards = restCanBeToldFromNextRequest && requestBody.canBeDiscarded();
    response.error(why, discards);
    discardRest(discards);
  }

  private void discardRest(boolean discards) {
    phase = CallPhase.DISCARDING;
    requestBody.beginDiscarding();
    release();
    if (requestBody.isComplete() || !discards || !response.keepsAlive()) {
      end();
    } else {
      caller.advance();
    }
  }

  @Override
  public void callerGone() {
    if (phase == CallPhase.OVER) {
      return;
    }
    ProviderConnection ending = provider.takeIfOnlyEndIsMissing(requestBody);
    if (ending == null) {
      record.failed("caller_gone");
      provider.drop();
    }
    over();
    if (ending != null) {
      ending.releaseOnceEnded();
    }
  }

  @Override
  public void callerStalled() {
    requestBody.loseRest();
    if (phase == CallPhase.DISCARDING) {
      end();
    } else {
      fail(CallError.REQUEST_INCOMPLETE);
    }
  }

  @Override
  public boolean isBodyLate(long now) {
    return requestBody.isLate(phase, now, provider.isWritable());
  }

  @Override
  public void broken(Throwable why) {
    LOG.error("{}: the call failed in the gateway itself", headers.requestId(), why);
    if (phase.isAnswered()) {
      cutOff();
    } else {
      fail(CallError.INTERNAL);
    }
  }

  private void end() {
    // An idle connection must not hold unsent parts of a body that no longer counts as buffered.
    provider.end(requestBody.isBufferEmpty());
    boolean whole = requestBody.isComplete();
    try {
      over();
    } finally {
      caller.finished(response.keepsAlive() && whole);
    }
  }

  private void over() {
    phase = CallPhase.OVER;
    try {
      release();
    } finally {
      response.forget();
      record.over(response.status(), requestBody, provider.answer());
    }
  }

  /** Wipes the secrets and frees the buffers, once nothing is sent any more. Can be repeated. */
  private void release() {
    try {
      if (authorized != null) {
        authorized.close();
      }
      provider.forgetRequest();
    } finally {
      requestBody.close();
      provider.detachAnswer();
    }
  }
}
