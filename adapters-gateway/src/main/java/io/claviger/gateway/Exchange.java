package io.claviger.gateway;

import io.claviger.application.gateway.AuthorizeCall.Call;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.Passage;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.provider.Connecting;
import io.claviger.gateway.provider.ConnectionWaiter;
import io.claviger.gateway.provider.ProviderConnection;
import io.claviger.gateway.provider.Target;
import io.claviger.gateway.request.BodyLength;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One call, from its head to the last byte of its answer. Confined to the event loop of the
 * caller's connection, which is the provider's too.
 */
final class Exchange implements ConnectionWaiter {
  private enum Phase {
    DECIDING,
    /** The body is read first, since it says which model is asked for. */
    READING,
    CONNECTING,
    FORWARDING,
    /** All is answered; the rest of the request is read and dropped. */
    REFUSED,
    OVER
  }

  /** A refused request's body up to this is read, so that the connection can stay. */
  private static final int WORTH_READING = 64 << 10;

  private final CallerConnection caller;
  private final CallEnvironment environment;
  private final HttpRequest request;
  private final Receipts receipts;
  private final Answer answer;
  private final CallRecord record;

  private Phase phase = Phase.DECIDING;
  private @Nullable Passage passage;
  private @Nullable Call call;
  private @Nullable HeldBody held;
  private @Nullable Upload upload;
  private @Nullable Download download;
  private @Nullable Connecting connecting;
  private @Nullable ProviderConnection connection;
  private boolean continueExpected;
  private boolean restLost;
  private boolean requestComplete;
  private long bodyBytes;

  Exchange(CallerConnection caller, CallEnvironment environment, HttpRequest request) {
    this.caller = caller;
    this.environment = environment;
    this.request = request;
    this.record = new CallRecord(environment.events());
    this.receipts = new Receipts(RequestIds.next(), () -> Admission.look(request));
    this.continueExpected = HttpUtil.is100ContinueExpected(request);
    boolean keepAlive = HttpUtil.isKeepAlive(request) && !environment.draining().get();
    this.answer = new Answer(caller.channel(), request, receipts, keepAlive);
  }

  void start() {
    Entrance.at(request, environment, receipts, record, caller, this);
  }

  /** Where the next request would begin is anyone's guess. */
  void unreadable(CallError why) {
    refuse(why, false);
  }

  /**
   * The call may be made.
   *
   * @param given taken over
   */
  void entered(Passage given, Admission admission, Call asked) {
    passage = given;
    call = asked;
    try {
      upload = Upload.of(request, given, admission, caller.channel().alloc());
      held =
          HeldBody.where(
              given,
              request,
              admission,
              environment.heldBytes(),
              environment.settings().maxBodyBytes(),
              caller.channel().alloc());
    } catch (CallRefused e) {
      fail(e.error());
      return;
    }
    if (held == null) {
      connect(given, false);
    } else {
      phase = Phase.READING;
      goOnWhereExpected();
      caller.advance();
    }
  }

  private void goOnWhereExpected() {
    if (continueExpected) {
      continueExpected = false;
      answer.goOn();
    }
  }

  /** The call, once it is known to be one; for who looks again whether it may go on. */
  @Nullable Call call() {
    return phase == Phase.OVER ? null : call;
  }

  Passage.@Nullable Ground ground() {
    return passage == null ? null : passage.ground();
  }

  /** What it rests on is no more. */
  void revoked(CallRefusal why) {
    fail(CallError.of(why));
  }

  private void connect(Passage by, boolean fresh) {
    phase = Phase.CONNECTING;
    Target target = Target.of(by);
    int timeout = by.timeout().millis();
    connecting =
        fresh
            ? caller.pool().acquireFresh(target, by.owner(), timeout, this)
            : caller.pool().acquire(target, by.owner(), timeout, this);
  }

  @Override
  public void notConnected(CallError why) {
    if (phase == Phase.CONNECTING) {
      fail(why);
    }
  }

  @Override
  public void connected(ProviderConnection opened) {
    if (phase != Phase.CONNECTING || passage == null || upload == null) {
      opened.abort();
      return;
    }
    phase = Phase.FORWARDING;
    connection = opened;
    download = new Download(this, passage, opened, caller.channel(), answer);
    opened.begin(download, passage.timeout().millis());
    record.sent();
    upload.start(opened, () -> headNotSent(opened));
    goOnWhereExpected();
    sendHeld(upload, opened);
    caller.advance();
  }

  /** Once: on another connection the upload itself sends again what has not left. */
  private void sendHeld(Upload to, ProviderConnection opened) {
    if (held != null && !held.isTaken()) {
      to.body(opened, held.take());
      to.end(opened);
      to.flush(opened);
    }
  }

  /** Nothing of the request has left: on a connection that had died in the pool, try another. */
  private void headNotSent(ProviderConnection dead) {
    if (connection == dead && passage != null && dead.wasUsed() && !answer.isBegun()) {
      dropConnection();
      connect(passage, true);
    }
  }

  /** Whether the next part of the body can be taken now. */
  boolean takesBody() {
    return switch (phase) {
      case DECIDING, CONNECTING, OVER -> false;
      case FORWARDING -> !requestComplete && connection != null && connection.isWritable();
      case READING, REFUSED -> !requestComplete;
    };
  }

  /** Whether it is open yet if the call may be made. */
  boolean isDeciding() {
    return phase == Phase.DECIDING;
  }

  /**
   * @param part taken over; only when {@link #takesBody}
   */
  void body(HttpContent part) {
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
    HeldBody body = Objects.requireNonNull(held);
    try {
      body.add(part);
      if (last) {
        body.check();
      }
    } catch (CallRefused e) {
      fail(e.error());
      return;
    }
    if (last) {
      connect(Objects.requireNonNull(passage), false);
    }
  }

  private void forward(ByteBuf part, boolean last) {
    bodyBytes += part.readableBytes();
    if (upload == null || connection == null || bodyBytes > environment.settings().maxBodyBytes()) {
      part.release();
      fail(CallError.BODY_TOO_LARGE);
      return;
    }
    upload.body(connection, part);
    if (last) {
      upload.end(connection);
    }
  }

  void flushBody() {
    if (phase == Phase.FORWARDING && connection != null && upload != null) {
      upload.flush(connection);
    }
  }

  void providerWritable() {
    caller.advance();
  }

  void callerWritable() {
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
  void fail(CallError why) {
    if (phase == Phase.OVER || phase == Phase.REFUSED) {
      return;
    }
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

  /** The caller takes no more interest, or no part in it. */
  void callerGone() {
    if (phase != Phase.OVER) {
      record.failed("caller_gone");
      dropConnection();
      over();
    }
  }

  /** The rest of the request does not come. */
  void callerStalled() {
    restLost = true;
    if (phase == Phase.REFUSED) {
      end();
    } else {
      fail(CallError.REQUEST_INCOMPLETE);
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
      connection.release();
    }
    boolean whole = requestComplete;
    over();
    caller.finished(answer.keepsAlive() && whole);
  }

  private void over() {
    phase = Phase.OVER;
    if (upload != null) {
      upload.forget();
    }
    if (download != null) {
      download.detach();
    }
    if (held != null) {
      held.close();
      held = null;
    }
    if (passage != null) {
      passage.close();
    }
    answer.forget();
    record.over(answer.status(), bodyBytes, Optional.ofNullable(download));
  }
}
