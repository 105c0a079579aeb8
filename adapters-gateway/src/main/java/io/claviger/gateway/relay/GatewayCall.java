package io.claviger.gateway.relay;

import io.claviger.application.gateway.CallAuthorization.CallRequest;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.head.ParsedCall;
import io.claviger.gateway.head.RequestIds;
import io.claviger.gateway.in.CallerConnection;
import io.claviger.gateway.in.IncomingCall;
import io.claviger.gateway.out.ConnectionWaiter;
import io.claviger.gateway.out.ProviderConnection;
import io.claviger.gateway.wire.GuardedTask;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call, from the head of its request to the last byte of its answer. Confined to the event loop
 * of the caller's connection, on which the provider's connection runs too.
 */
public final class GatewayCall implements IncomingCall, ConnectionWaiter {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayCall.class);

  private final CallerConnection caller;
  private final HttpRequest request;
  private final CallHeaders headers;
  private final CallerResponse response;
  private final CallRecord record;
  private final RequestBody requestBody;
  private final ProviderExchange provider;
  private final CallPermission permission;
  private final ServiceChoice service;

  private CallPhase phase = CallPhase.AUTHORIZING;

  /** Null unless the caller has left, and the rest of the answer is read for its usage. */
  private @Nullable ReadingOn readingOn;

  /** The body of an answer that reveals nothing. */
  static final byte[] NOTHING = {};

  /** Makes the calls of one event loop. */
  public static IncomingCall.Factory factory(CallEnvironment environment) {
    return (caller, request) -> new GatewayCall(caller, environment, request);
  }

  private GatewayCall(CallerConnection caller, CallEnvironment environment, HttpRequest request) {
    this.caller = caller;
    this.request = request;
    this.headers = new CallHeaders(RequestIds.next(), () -> ParsedCall.guessFormat(request));
    RequestedCall requested =
        new RequestedCall(request, caller.addressOf(request), headers.requestId());
    this.record = new CallRecord(environment.events(), requested);
    this.requestBody = new RequestBody(request, environment);
    this.provider = new ProviderExchange(environment, request, caller.channel());
    boolean keepAlive = HttpUtil.isKeepAlive(request) && !environment.leaving().get();
    this.response = new CallerResponse(caller.channel(), request, headers, keepAlive);
    this.permission = new CallPermission(record, headers, environment.links());
    CallParts parts =
        new CallParts(
            environment,
            requested,
            caller.channel(),
            headers,
            record,
            permission,
            requestBody,
            provider);
    RoutedCall routed = RoutedCall.ifNamesNoService(this, parts);
    this.service = routed == null ? new DirectCall(this, parts) : routed;
  }

  @Override
  public void start() {
    service.begin();
  }

  boolean isDeciding() {
    return phase.isDeciding();
  }

  void unreadable(CallError why) {
    refuse(why, false);
  }

  void beginBuffering() {
    phase = CallPhase.BUFFERING;
    requestBody.sendContinueIfExpected(response);
    caller.advance();
  }

  @Override
  public @Nullable CallRequest request() {
    return phase.isAnswered() ? null : permission.request();
  }

  @Override
  public AuthorizedCall.@Nullable AuthorizationBasis basis() {
    return phase.isAnswered() ? null : permission.basis();
  }

  void enter(CallPhase next) {
    phase = next;
  }

  @Override
  public void revoked(CallRefusal why) {
    fail(CallError.of(why));
  }

  void connect(AuthorizedCall authorized, boolean fresh) {
    phase = CallPhase.CONNECTING;
    provider.connect(authorized, fresh, this);
  }

  @Override
  public void notConnected(CallError why) {
    if (phase == CallPhase.CONNECTING && !service.isTakenOver(why)) {
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
    if (phase != CallPhase.CONNECTING) {
      opened.abort();
      return;
    }
    phase = CallPhase.FORWARDING;
    AuthorizedCall given = permission.call();
    String path = permission.authorizer().parsed().path(request, given.standard());
    provider.begin(opened, this, given, path, response, requestBody.asksForUsage(), service);
    record.markSent();
    requestBody.beginMeasuring();
    provider.start(opened, GuardedTask.of(() -> headNotSent(opened), this::broken));
    requestBody.sendContinueIfExpected(response);
    requestBody.sendBuffered(provider, opened);
    caller.advance();
  }

  /** Nothing of the request was sent. If the connection had died in the pool, another is tried. */
  private void headNotSent(ProviderConnection dead) {
    if (provider.isOn(dead) && dead.wasUsed() && !response.isBegun()) {
      provider.drop();
      record.markUnsent();
      connect(permission.call(), true);
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
      connect(permission.call(), false);
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
    if (phase == CallPhase.CHECKING) {
      service.bodyRead(why);
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

  /** The provider rejected the key that the call was sent with. */
  void keyRejected(int status) {
    record.reportRejectedKey(status);
  }

  void answerBegun() {
    record.markAnswerBegun();
  }

  void answerEnded() {
    record.markAnswered();
    if (phase == CallPhase.READING_ON) {
      stopReadingOn(true);
    } else if (requestBody.isComplete()) {
      end();
    } else {
      provider.drop(); // it answered before the request was complete and does not want the rest
      discardRest(requestBody.canBeDiscarded());
    }
  }

  /** Answers with an error, or breaks off the answer that has begun. */
  void fail(CallError why) {
    if (phase == CallPhase.READING_ON) {
      stopReadingOn(false);
      return;
    }
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
      record.setFailure(why.code());
      response.breakOff(why);
      over();
      caller.brokenOff();
    } else {
      refuse(why, true);
    }
  }

  private void refuse(CallError why, boolean restCanBeToldFromNextRequest) {
    record.setFailure(why.code());
    permission.linkRequest(why);
    boolean discards = restCanBeToldFromNextRequest && requestBody.canBeDiscarded();
    response.error(why, discards);
    discardRest(discards);
  }

  /** Answers with what the gateway itself knows. */
  void answer(byte[] json) {
    boolean discards = requestBody.canBeDiscarded();
    response.own(json, discards);
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
      record.setFailure("caller_gone");
      if (readsOn()) {
        return;
      }
      provider.drop();
    }
    over();
    if (ending != null) {
      ending.releaseOnceEnded();
    }
  }

  /**
   * Begins to read on where a strict budget counts the call.
   *
   * @return whether the call goes on for that
   */
  private boolean readsOn() {
    if (phase != CallPhase.FORWARDING
        || !requestBody.isComplete()
        || !provider.isConnected()
        || !permission.call().spending().isStrict()) {
      return false;
    }
    ReadingOn begun =
        ReadingOn.ifCounted(
            caller, provider, GuardedTask.of(() -> stopReadingOn(false), this::broken));
    if (begun == null) {
      return false;
    }
    phase = CallPhase.READING_ON;
    response.forget();
    readingOn = begun;
    begun.begin();
    return true;
  }

  /**
   * @param whole whether the answer is complete
   */
  private void stopReadingOn(boolean whole) {
    ReadingOn was = readingOn;
    if (was == null) {
      return;
    }
    readingOn = null;
    if (whole) {
      was.complete(requestBody.isBufferEmpty());
    } else {
      was.giveUp();
    }
    over();
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
    if (phase == CallPhase.READING_ON) {
      stopReadingOn(false);
    } else if (phase.isAnswered()) {
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
      record.finish(response.status(), requestBody, provider.answer());
    }
  }

  /**
   * Charges the call, wipes the secrets and frees the buffers, once nothing is sent any more. Can
   * be repeated.
   */
  private void release() {
    try {
      permission.settle(requestBody, provider.answer());
    } finally {
      forget();
    }
  }

  /** Takes every step, even if one fails. */
  private void forget() {
    try {
      permission.close();
    } finally {
      try {
        provider.forgetRequest();
      } finally {
        try {
          requestBody.close();
        } finally {
          provider.detachAnswer();
        }
      }
    }
  }
}
