package io.claviger.gateway.relay;

import io.claviger.application.gateway.AuthorizedCall;
import io.claviger.application.gateway.CallAuthorization.CallRequest;
import io.claviger.application.gateway.CallAuthorization.KnownService;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.domain.usage.TokenCounting;
import io.claviger.gateway.authorize.AuthorizationListener;
import io.claviger.gateway.authorize.CallAuthorizer;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.errors.GuardedTask;
import io.claviger.gateway.in.BodyLength;
import io.claviger.gateway.in.BodyTimeouts;
import io.claviger.gateway.in.CallerConnection;
import io.claviger.gateway.in.IncomingCall;
import io.claviger.gateway.in.MinimumBodyRate;
import io.claviger.gateway.in.ParsedCall;
import io.claviger.gateway.in.RequestIds;
import io.claviger.gateway.model.ModelListing;
import io.claviger.gateway.out.Connecting;
import io.claviger.gateway.out.ConnectionWaiter;
import io.claviger.gateway.out.ProviderAddress;
import io.claviger.gateway.out.ProviderConnection;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call, from the head of its request to the last byte of its answer. Confined to the event loop
 * of the caller's connection, on which the provider's connection runs too.
 */
final class GatewayCall implements IncomingCall, AuthorizationListener, ConnectionWaiter {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayCall.class);

  private enum Phase {
    AUTHORIZING,
    /** The body is buffered, because it says which model is asked for. */
    BUFFERING,
    /** The body is complete and is read for its model. */
    CHECKING,
    CONNECTING,
    FORWARDING,
    /** The answer is complete. The rest of the request is read and dropped. */
    DISCARDING,
    OVER
  }

  /** The rest of a request is read up to this length, so that the connection can stay open. */
  private static final int MOST_DISCARDED = 64 << 10;

  private static final long MOST_DISCARDING_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final CallerConnection caller;
  private final CallEnvironment environment;
  private final HttpRequest request;
  private final CallHeaders headers;
  private final CallerResponse response;
  private final CallRecord record;

  private Phase phase = Phase.AUTHORIZING;
  private @Nullable AuthorizedCall authorized;
  private @Nullable CallAuthorizer authorizer;
  private @Nullable BufferedUpload buffered;
  private @Nullable RequestRelay requestRelay;
  private @Nullable ResponseRelay responseRelay;
  private @Nullable Connecting connecting;
  private @Nullable ProviderConnection connection;
  private boolean continueExpected;
  private boolean restLost;
  private boolean requestComplete;
  private long bodyBytes;
  private final MinimumBodyRate bodyRate;
  private long discardingSince;

  GatewayCall(CallerConnection caller, CallEnvironment environment, HttpRequest request) {
    this.caller = caller;
    this.environment = environment;
    this.request = request;
    this.record = new CallRecord(environment.events());
    this.headers = new CallHeaders(RequestIds.next(), () -> ParsedCall.guessFormat(request));
    this.continueExpected = HttpUtil.is100ContinueExpected(request);
    boolean keepAlive = HttpUtil.isKeepAlive(request) && !environment.leaving().get();
    this.response = new CallerResponse(caller.channel(), request, headers, keepAlive);
    BodyTimeouts timeouts = environment.bodyTimeouts();
    this.bodyRate = new MinimumBodyRate(timeouts.window(), timeouts.least());
  }

  @Override
  public void start() {
    CallAuthorizer.authorize(
        request, headers.requestId(), caller, environment.authorization(), this);
  }

  @Override
  public boolean isDeciding() {
    return phase == Phase.AUTHORIZING || phase == Phase.CHECKING;
  }

  @Override
  public void unreadable(CallError why) {
    refuse(why, false);
  }

  @Override
  public void mayKnow(KnownService service) {
    record.entitled(service.format());
    record.madeBy(service.caller());
    headers.entitled(service.name(), service.format());
  }

  @Override
  public void authorized(AuthorizedCall given, CallAuthorizer by) {
    accept(given, by);
    try {
      requestRelay = newRelay(given, by);
      buffered =
          BufferedUpload.ifModelsAreLimited(
              given, request, by.parsed(), environment, caller.channel());
    } catch (CallRefused e) {
      fail(e.error());
      return;
    }
    if (buffered != null) {
      phase = Phase.BUFFERING;
      sendContinueIfExpected();
      caller.advance();
    } else if (given.models().isPresent()) {
      by.modelKnown();
    } else {
      connect(given, false);
    }
  }

  @Override
  public void modelPermitted(AuthorizedCall given, CallAuthorizer by) {
    AuthorizedCall before = authorized;
    accept(given, by);
    if (before != null) {
      before.close();
    }
    try {
      if (requestRelay != null) {
        requestRelay.forget();
      }
      requestRelay = newRelay(given, by);
      if (buffered != null) {
        buffered.demandPermitted(given);
      }
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

  private RequestRelay newRelay(AuthorizedCall given, CallAuthorizer by) {
    return RequestRelay.of(request, given, by.parsed(), caller.channel().alloc());
  }

  private void sendContinueIfExpected() {
    if (continueExpected) {
      continueExpected = false;
      response.sendContinue();
    }
  }

  @Override
  public @Nullable CallRequest request() {
    return authorizer == null || isAnswered() ? null : authorizer.request();
  }

  @Override
  public AuthorizedCall.@Nullable AuthorizationBasis basis() {
    return authorized == null || isAnswered() ? null : authorized.basis();
  }

  private boolean isAnswered() {
    return phase == Phase.DISCARDING || phase == Phase.OVER;
  }

  @Override
  public void revoked(CallRefusal why) {
    fail(CallError.of(why));
  }

  private void connect(AuthorizedCall by, boolean fresh) {
    phase = Phase.CONNECTING;
    ProviderAddress target = ProviderAddress.of(by);
    int timeout = by.timeout().millis();
    connecting =
        fresh
            ? environment.pool().acquireFresh(target, by.owner(), timeout, this)
            : environment.pool().acquire(target, by.owner(), timeout, this);
  }

  @Override
  public void notConnected(CallError why) {
    if (phase == Phase.CONNECTING) {
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
    if (phase != Phase.CONNECTING || authorized == null || requestRelay == null) {
      opened.abort();
      return;
    }
    phase = Phase.FORWARDING;
    connection = opened;
    responseRelay = newResponseRelay(opened, authorized);
    opened.begin(responseRelay, authorized.timeout().millis());
    record.sent();
    bodyRate.begin(System.nanoTime(), bodyBytes);
    requestRelay.start(opened, GuardedTask.of(() -> headNotSent(opened), this::broken));
    sendContinueIfExpected();
    if (buffered != null) {
      buffered.sendOnce(requestRelay, opened);
    }
    caller.advance();
  }

  private ResponseRelay newResponseRelay(ProviderConnection opened, AuthorizedCall by) {
    String path = Objects.requireNonNull(authorizer).parsed().path(request, by.standard());
    return new ResponseRelay(
        this,
        by,
        opened,
        caller.channel(),
        response,
        !TokenCounting.is(path),
        ModelListing.ifModelsAreLimited(
            by, request.method().name(), path, environment.bufferBudget()));
  }

  /** Nothing of the request was sent. If the connection had died in the pool, another is tried. */
  private void headNotSent(ProviderConnection dead) {
    if (connection == dead && authorized != null && dead.wasUsed() && !response.isBegun()) {
      dropConnection();
      connect(authorized, true);
    }
  }

  @Override
  public boolean takesBody() {
    return switch (phase) {
      case AUTHORIZING, CHECKING, CONNECTING, OVER -> false;
      case FORWARDING -> !requestComplete && connection != null && connection.isWritable();
      case BUFFERING, DISCARDING -> !requestComplete;
    };
  }

  @Override
  public void body(HttpContent part) {
    boolean last = part instanceof LastHttpContent;
    if (part.decoderResult().isFailure()) {
      part.release();
      restLost = true;
      fail(CallError.badRequest("The body is malformed."));
      return;
    }
    requestComplete = last;
    if (phase == Phase.DISCARDING) {
      part.release();
    } else if (phase == Phase.BUFFERING) {
      buffer(part.content(), last);
    } else {
      forward(part.content(), last);
    }
    if (requestComplete && phase == Phase.DISCARDING) {
      end();
    }
  }

  private void buffer(ByteBuf part, boolean last) {
    bodyBytes += part.readableBytes();
    BufferedUpload upload = Objects.requireNonNull(buffered);
    try {
      upload.add(part);
    } catch (CallRefused e) {
      fail(e.error());
      return;
    }
    if (last) {
      phase = Phase.CHECKING;
      upload.read(this::modelRead, this::broken);
    }
  }

  private void modelRead(Optional<CallError> why) {
    if (phase == Phase.CHECKING) {
      why.ifPresentOrElse(this::fail, Objects.requireNonNull(authorizer)::modelKnown);
    }
  }

  private void forward(ByteBuf part, boolean last) {
    bodyBytes += part.readableBytes();
    if (requestRelay == null || connection == null || bodyBytes > environment.maxBodyBytes()) {
      part.release();
      fail(CallError.BODY_TOO_LARGE);
      return;
    }
    requestRelay.body(connection, part);
    if (last) {
      requestRelay.end(connection);
    }
  }

  @Override
  public void flushBody() {
    if (phase == Phase.FORWARDING && connection != null && requestRelay != null) {
      requestRelay.flush(connection);
    }
  }

  void providerWritable() {
    bodyRate.begin(System.nanoTime(), bodyBytes);
    caller.advance();
  }

  @Override
  public void callerWritable() {
    if (responseRelay != null) {
      responseRelay.callerWritable();
    }
  }

  void answerBegun() {
    record.answerBegun();
  }

  void answerEnded() {
    record.answered();
    if (requestComplete) {
      end();
      return;
    }
    // The provider answered before the request was complete, so it does not want the rest.
    dropConnection();
    discardRest(canDiscardRest());
  }

  /** Answers with an error, or breaks off the answer that has begun. */
  @Override
  public void fail(CallError why) {
    if (isAnswered()) {
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
    dropConnection();
    if (response.isBegun()) {
      record.failed(why.code());
      response.breakOff(why);
      over();
      caller.brokenOff();
    } else {
      refuse(why, true);
    }
  }

  /**
   * @param readable whether the rest of the request can be told from the next request
   */
  private void refuse(CallError why, boolean readable) {
    record.failed(why.code());
    boolean discards = readable && canDiscardRest();
    response.error(why, discards);
    discardRest(discards);
  }

  private void discardRest(boolean discards) {
    phase = Phase.DISCARDING;
    discardingSince = System.nanoTime();
    release();
    if (requestComplete || !discards || !response.keepsAlive()) {
      end();
    } else {
      caller.advance();
    }
  }

  private boolean canDiscardRest() {
    BodyLength length = BodyLength.of(request.headers());
    return requestComplete
        || (!restLost
            && !continueExpected
            && !length.isChunked()
            && length.bytes() <= MOST_DISCARDED);
  }

  @Override
  public void callerGone() {
    if (phase == Phase.OVER) {
      return;
    }
    ProviderConnection ending = endingConnection();
    if (ending == null) {
      record.failed("caller_gone");
      dropConnection();
    }
    connection = null;
    over();
    if (ending != null) {
      ending.releaseOnceEnded();
    }
  }

  /** The connection, where all that is missing of a stream is the end of the answer. */
  private @Nullable ProviderConnection endingConnection() {
    boolean ending =
        requestComplete
            && responseRelay != null
            && responseRelay.isStreamComplete()
            && (buffered == null || buffered.isClosed());
    return ending ? connection : null;
  }

  @Override
  public void callerStalled() {
    restLost = true;
    if (phase == Phase.DISCARDING) {
      end();
    } else {
      fail(CallError.REQUEST_INCOMPLETE);
    }
  }

  @Override
  public boolean isBodyLate(long now) {
    return switch (phase) {
      case AUTHORIZING, CHECKING, CONNECTING, OVER -> false;
      case BUFFERING -> buffered != null && buffered.isLate(now, environment.bodyTimeouts());
      case DISCARDING -> now - discardingSince > MOST_DISCARDING_NANOS;
      case FORWARDING -> !requestComplete && isBodyTooSlow(now);
    };
  }

  private boolean isBodyTooSlow(long now) {
    if (connection == null || !connection.isWritable()) {
      bodyRate.begin(now, bodyBytes);
      return false;
    }
    return bodyRate.isTooSlow(now, bodyBytes);
  }

  @Override
  public void broken(Throwable why) {
    LOG.error("{}: the call failed in the gateway itself", headers.requestId(), why);
    if (isAnswered()) {
      cutOff();
    } else {
      fail(CallError.INTERNAL);
    }
  }

  private void dropConnection() {
    if (connecting != null) {
      connecting.abandon();
      connecting = null;
    }
    if (responseRelay != null) {
      responseRelay.detach();
    }
    if (connection != null) {
      ProviderConnection dropped = connection;
      connection = null;
      dropped.abort();
    }
  }

  private void end() {
    if (connection != null) {
      giveBack(connection);
    }
    boolean whole = requestComplete;
    try {
      over();
    } finally {
      caller.finished(response.keepsAlive() && whole);
    }
  }

  /** An idle connection must not hold unsent parts of a body that no longer counts as buffered. */
  private void giveBack(ProviderConnection used) {
    if (buffered == null || buffered.isClosed()) {
      used.release();
    } else {
      used.abort();
    }
  }

  private void over() {
    phase = Phase.OVER;
    try {
      release();
    } finally {
      response.forget();
      record.over(response.status(), bodyBytes, Optional.ofNullable(responseRelay));
      describe();
    }
  }

  private void describe() {
    if (record.isToBeDescribed(response.status())) {
      record.describe(
          new RequestedCall(request, caller, headers.requestId()),
          response.status(),
          Optional.ofNullable(buffered).flatMap(BufferedUpload::models),
          bodyBytes,
          Optional.ofNullable(responseRelay));
    }
  }

  /** Wipes the secrets and frees the buffers, once nothing is sent any more. Can be repeated. */
  private void release() {
    try {
      if (authorized != null) {
        authorized.close();
      }
      if (requestRelay != null) {
        requestRelay.forget();
      }
    } finally {
      if (buffered != null) {
        buffered.close();
      }
      if (responseRelay != null) {
        responseRelay.detach();
      }
    }
  }
}
