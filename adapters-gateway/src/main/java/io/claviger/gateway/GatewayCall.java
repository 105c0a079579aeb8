package io.claviger.gateway;

import io.claviger.application.gateway.AuthorizedCall;
import io.claviger.application.gateway.CallAuthorization.CallRequest;
import io.claviger.application.gateway.CallAuthorization.KnownService;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.errors.GuardedTask;
import io.claviger.gateway.provider.Connecting;
import io.claviger.gateway.provider.ConnectionWaiter;
import io.claviger.gateway.provider.ProviderAddress;
import io.claviger.gateway.provider.ProviderConnection;
import io.claviger.gateway.request.BodyLength;
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
 * One call, from its head to the last byte of its answer. Confined to the event loop of the
 * caller's connection, which is the provider's too.
 */
final class GatewayCall implements IncomingCall, AuthorizationListener, ConnectionWaiter {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayCall.class);

  private enum Phase {
    DECIDING,
    /** The body is read first, since it says which model is asked for. */
    READING,
    /** The body is there and read for its model. */
    CHECKING,
    CONNECTING,
    FORWARDING,
    /** All is answered; the rest of the request is read and dropped. */
    REFUSED,
    OVER
  }

  /** A refused request's body up to this is read, so that the connection can stay. */
  private static final int WORTH_READING = 64 << 10;

  /** How long that may take. */
  private static final long REST_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final CallerConnection caller;
  private final CallEnvironment environment;
  private final HttpRequest request;
  private final CallHeaders receipts;
  private final CallerResponse answer;
  private final CallRecord record;

  private Phase phase = Phase.DECIDING;
  private @Nullable AuthorizedCall passage;
  private @Nullable CallAuthorizer authorizer;
  private @Nullable BufferedBody held;
  private @Nullable RequestRelay upload;
  private @Nullable ResponseRelay download;
  private @Nullable Connecting connecting;
  private @Nullable ProviderConnection connection;
  private boolean continueExpected;
  private boolean restLost;
  private boolean requestComplete;
  private long bodyBytes;
  private final MinimumBodyRate pace;

  /** When the body began to be held, or its rest to be dropped. */
  private long bodySince;

  GatewayCall(CallerConnection caller, CallEnvironment environment, HttpRequest request) {
    this.caller = caller;
    this.environment = environment;
    this.request = request;
    this.record = new CallRecord(environment.events());
    this.receipts = new CallHeaders(RequestIds.next(), () -> ParsedCall.look(request));
    this.continueExpected = HttpUtil.is100ContinueExpected(request);
    boolean keepAlive = HttpUtil.isKeepAlive(request) && !environment.draining().get();
    this.answer = new CallerResponse(caller.channel(), request, receipts, keepAlive);
    BodyTimeouts patience = environment.bodyTimeouts();
    this.pace = new MinimumBodyRate(patience.window(), patience.least());
  }

  @Override
  public void start() {
    CallAuthorizer.authorize(
        request, receipts.requestId(), caller, environment.authorization(), this);
  }

  /** Where the next request would begin is anyone's guess. */
  @Override
  public void unreadable(CallError why) {
    refuse(why, false);
  }

  @Override
  public void mayKnow(KnownService service) {
    record.entitled(service.format());
    receipts.entitled(service.name(), service.format());
  }

  private void tellOf(AuthorizedCall given) {
    record.authorized(given);
    receipts.entitled(given.service(), given.standard().format());
    receipts.pays(given.source());
  }

  @Override
  public void authorized(AuthorizedCall given, CallAuthorizer by) {
    tellOf(given);
    passage = given;
    authorizer = by;
    try {
      upload = upload(given, by);
      held =
          BufferedBody.where(
              given,
              request,
              by.parsed(),
              environment.heldBytes(),
              environment.maxBodyBytes(),
              caller.channel().alloc());
    } catch (CallRefused e) {
      fail(e.error());
      return;
    }
    if (held != null) {
      phase = Phase.READING;
      bodySince = System.nanoTime();
      goOnWhereExpected();
      caller.advance();
    } else if (given.models().isPresent()) {
      by.modelKnown();
    } else {
      connect(given, false);
    }
  }

  @Override
  public void modelPermitted(AuthorizedCall given, CallAuthorizer by) {
    tellOf(given);
    AuthorizedCall before = passage;
    passage = given;
    authorizer = by;
    if (before != null) {
      before.close();
    }
    try {
      if (upload != null) {
        upload.forget();
      }
      upload = upload(given, by);
      if (held != null) {
        held.demandOnly(given.models());
      }
    } catch (CallRefused e) {
      fail(e.error());
      return;
    }
    connect(given, false);
  }

  private RequestRelay upload(AuthorizedCall by, CallAuthorizer asked) {
    return RequestRelay.of(request, by, asked.parsed(), caller.channel().alloc());
  }

  private void goOnWhereExpected() {
    if (continueExpected) {
      continueExpected = false;
      answer.goOn();
    }
  }

  @Override
  public @Nullable CallRequest request() {
    return authorizer == null || isAnswered() ? null : authorizer.request();
  }

  @Override
  public AuthorizedCall.@Nullable AuthorizationBasis basis() {
    return passage == null || isAnswered() ? null : passage.ground();
  }

  private boolean isAnswered() {
    return phase == Phase.REFUSED || phase == Phase.OVER;
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
    if (phase != Phase.CONNECTING || passage == null || upload == null) {
      opened.abort();
      return;
    }
    phase = Phase.FORWARDING;
    connection = opened;
    download = new ResponseRelay(this, passage, opened, caller.channel(), answer);
    opened.begin(download, passage.timeout().millis());
    record.sent();
    pace.begin(System.nanoTime(), bodyBytes);
    upload.start(opened, GuardedTask.of(() -> headNotSent(opened), this::broken));
    goOnWhereExpected();
    sendHeld(upload, opened);
    caller.advance();
  }

  /** Once: on another connection the upload itself sends again what has not left. */
  private void sendHeld(RequestRelay to, ProviderConnection opened) {
    BufferedBody body = held;
    if (body != null && !body.isTaken()) {
      body.take().forEach(segment -> to.body(opened, segment));
      to.end(opened);
      to.flush(opened);
      to.whenSent(opened, body::close);
    }
  }

  /** Nothing of the request has left: on a connection that had died in the pool, try another. */
  private void headNotSent(ProviderConnection dead) {
    if (connection == dead && passage != null && dead.wasUsed() && !answer.isBegun()) {
      dropConnection();
      connect(passage, true);
    }
  }

  @Override
  public boolean takesBody() {
    return switch (phase) {
      case DECIDING, CHECKING, CONNECTING, OVER -> false;
      case FORWARDING -> !requestComplete && connection != null && connection.isWritable();
      case READING, REFUSED -> !requestComplete;
    };
  }

  @Override
  public boolean isDeciding() {
    return phase == Phase.DECIDING || phase == Phase.CHECKING;
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
    if (phase == Phase.REFUSED) {
      part.release();
    } else if (phase == Phase.READING) {
      hold(part.content(), last);
    } else {
      forward(part.content(), last);
    }
    if (requestComplete && phase == Phase.REFUSED) {
      end();
    }
  }

  private void hold(ByteBuf part, boolean last) {
    bodyBytes += part.readableBytes();
    BufferedBody body = Objects.requireNonNull(held);
    try {
      body.add(part);
    } catch (CallRefused e) {
      fail(e.error());
      return;
    }
    if (last) {
      phase = Phase.CHECKING;
      environment
          .bodyReaders()
          .read(
              body,
              caller.channel().eventLoop(),
              why -> GuardedTask.of(() -> modelRead(why), this::broken).run());
    }
  }

  private void modelRead(Optional<CallError> why) {
    if (phase == Phase.CHECKING) {
      why.ifPresentOrElse(this::fail, Objects.requireNonNull(authorizer)::modelKnown);
    }
  }

  private void forward(ByteBuf part, boolean last) {
    bodyBytes += part.readableBytes();
    if (upload == null || connection == null || bodyBytes > environment.maxBodyBytes()) {
      part.release();
      fail(CallError.BODY_TOO_LARGE);
      return;
    }
    upload.body(connection, part);
    if (last) {
      upload.end(connection);
    }
  }

  @Override
  public void flushBody() {
    if (phase == Phase.FORWARDING && connection != null && upload != null) {
      upload.flush(connection);
    }
  }

  void providerWritable() {
    pace.begin(System.nanoTime(), bodyBytes);
    caller.advance();
  }

  @Override
  public void callerWritable() {
    if (download != null) {
      download.callerWritable();
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
    // Answered before all was said: the provider does not want the rest, and nobody else does.
    dropConnection();
    dropRest(isRestWorthReading());
  }

  /** Answers with an error, or breaks off the answer that is under way. */
  @Override
  public void fail(CallError why) {
    if (isAnswered()) {
      return;
    }
    try {
      answerInstead(why);
    } catch (Throwable e) {
      LOG.error("{}: the call could not be ended properly", receipts.requestId(), e);
      cutOff();
    }
  }

  /** The last resort: the caller sees the connection end. */
  @SuppressWarnings("FutureReturnValueIgnored") // closing can't fail in a way that matters
  private void cutOff() {
    try {
      letGo();
    } finally {
      caller.channel().close();
    }
  }

  private void answerInstead(CallError why) {
    dropConnection();
    if (answer.isBegun()) {
      record.failed(why.code());
      answer.breakOff(why);
      over();
      caller.brokenOff();
    } else {
      refuse(why, true);
    }
  }

  private void refuse(CallError why, boolean readable) {
    record.failed(why.code());
    boolean reading = readable && isRestWorthReading();
    answer.error(why, reading);
    dropRest(reading);
  }

  private void dropRest(boolean reading) {
    phase = Phase.REFUSED;
    bodySince = System.nanoTime();
    letGo();
    if (requestComplete || !reading || !answer.keepsAlive()) {
      end();
    } else {
      caller.advance();
    }
  }

  private boolean isRestWorthReading() {
    BodyLength length = BodyLength.of(request.headers());
    return requestComplete
        || (!restLost
            && !continueExpected
            && !length.isChunked()
            && length.bytes() <= WORTH_READING);
  }

  @Override
  public void callerGone() {
    if (phase != Phase.OVER) {
      record.failed("caller_gone");
      dropConnection();
      over();
    }
  }

  @Override
  public void callerStalled() {
    restLost = true;
    if (phase == Phase.REFUSED) {
      end();
    } else {
      fail(CallError.REQUEST_INCOMPLETE);
    }
  }

  @Override
  public boolean isBodyLate(long now) {
    return switch (phase) {
      case DECIDING, CHECKING, CONNECTING, OVER -> false;
      case READING -> now - bodySince > environment.bodyTimeouts().held().toNanos();
      case REFUSED -> now - bodySince > REST_WITHIN_NANOS;
      case FORWARDING -> !requestComplete && isPaceTooSlow(now);
    };
  }

  private boolean isPaceTooSlow(long now) {
    if (connection == null || !connection.isWritable()) {
      pace.begin(now, bodyBytes);
      return false;
    }
    return pace.isTooSlow(now, bodyBytes);
  }

  @Override
  public void broken(Throwable why) {
    LOG.error("{}: the call failed in the gateway itself", receipts.requestId(), why);
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
    if (download != null) {
      download.detach();
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
      caller.finished(answer.keepsAlive() && whole);
    }
  }

  /** Nobody would account for a held body that waits on an idle connection to be sent. */
  private void giveBack(ProviderConnection used) {
    if (held == null || held.isClosed()) {
      used.release();
    } else {
      used.abort();
    }
  }

  private void over() {
    phase = Phase.OVER;
    try {
      letGo();
    } finally {
      answer.forget();
      record.over(answer.status(), bodyBytes, Optional.ofNullable(download));
    }
  }

  /** Wipes the secrets and frees the body, once nothing is sent any more. Can be called again. */
  private void letGo() {
    try {
      if (passage != null) {
        passage.close();
      }
      if (upload != null) {
        upload.forget();
      }
    } finally {
      if (held != null) {
        held.close();
      }
      if (download != null) {
        download.detach();
      }
    }
  }
}
