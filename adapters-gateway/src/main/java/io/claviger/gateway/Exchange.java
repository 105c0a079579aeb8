package io.claviger.gateway;

import io.claviger.application.gateway.AuthorizeCall.Call;
import io.claviger.application.gateway.Passage;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.GatewayEvents.FinishedCall;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.provider.ConnectionWaiter;
import io.claviger.gateway.provider.ProviderConnection;
import io.claviger.gateway.provider.Target;
import io.claviger.gateway.request.BodyLength;
import io.claviger.gateway.request.HeadGuard;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One call, from its head to the last byte of its answer. Confined to the event loop of the
 * caller's connection, which is the provider's too.
 */
final class Exchange implements Authorization.Asker, ConnectionWaiter {
  private enum Phase {
    DECIDING,
    CONNECTING,
    FORWARDING,
    /** The gateway itself has answered; the rest of the request is read and dropped. */
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
  private final CallClock clock = new CallClock();

  private Phase phase = Phase.DECIDING;
  private @Nullable Admission admission;
  private @Nullable Passage passage;
  private @Nullable Upload upload;
  private @Nullable Download download;
  private @Nullable ProviderConnection connection;
  private Optional<WireFormat> format = Optional.empty();
  private Optional<String> code = Optional.empty();
  private boolean continueExpected;
  private boolean requestComplete;
  private boolean answerUnderWay;
  private boolean answerComplete;
  private long bodyBytes;

  Exchange(CallerConnection caller, CallEnvironment environment, HttpRequest request) {
    this.caller = caller;
    this.environment = environment;
    this.request = request;
    this.receipts = new Receipts(RequestIds.next(), Admission.look(request));
    this.continueExpected = HttpUtil.is100ContinueExpected(request);
    boolean keepAlive = HttpUtil.isKeepAlive(request) && !environment.draining().get();
    this.answer = new Answer(caller.channel(), request, receipts, keepAlive);
  }

  void start() {
    try {
      HeadGuard.checkFraming(request);
    } catch (CallRefused e) {
      refuse(e.error(), false);
      return;
    }
    try {
      admission = Admission.of(request, environment.settings().maxBodyBytes());
    } catch (CallRefused e) {
      fail(e.error());
      return;
    }
    Call call =
        new Call(
            admission.credential().token(),
            admission.service(),
            request.method().name(),
            admission.target().below(),
            caller.address(),
            receipts.requestId());
    new Authorization(environment, call, caller.channel().eventLoop(), this).begin();
  }

  @Override
  public void refused(CallError why, Optional<WireFormat> knownFormat) {
    Admission asked = admission;
    if (phase == Phase.DECIDING && asked != null) {
      format = knownFormat;
      knownFormat.ifPresent(f -> receipts.entitled(asked.service(), f));
      fail(why);
    }
  }

  @Override
  public void authorized(Passage given) {
    if (phase != Phase.DECIDING || admission == null) {
      given.close();
      return;
    }
    passage = given;
    format = Optional.of(given.standard().format());
    receipts.entitled(given.service(), given.standard().format());
    receipts.pays(given.source());
    try {
      upload = Upload.of(request, given, admission, caller.channel().alloc());
    } catch (CallRefused e) {
      fail(e.error());
      return;
    }
    connect(given, false);
  }

  private void connect(Passage by, boolean fresh) {
    phase = Phase.CONNECTING;
    boolean carriesSecret = by.key().isPresent() || !by.headers().isEmpty();
    Target target = Target.of(by.endpoint(), by.systemLevel(), carriesSecret);
    if (fresh) {
      caller.pool().acquireFresh(target, by.timeout().millis(), this);
    } else {
      caller.pool().acquire(target, by.timeout().millis(), this);
    }
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
    clock.sent();
    upload.start(opened, () -> headNotSent(opened));
    if (continueExpected) {
      continueExpected = false;
      answer.goOn();
    }
    caller.advance();
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
      case REFUSED -> !requestComplete;
    };
  }

  /** Nothing is read while it is open whether any of it will be wanted. */
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
      continueExpected = true; // as unreadable as a body that was never sent
      fail(CallError.badRequest("The body is malformed."));
      return;
    }
    requestComplete = last;
    if (phase == Phase.REFUSED) {
      part.release();
    } else {
      forward(part.content(), last);
    }
    if (requestComplete && answerComplete) {
      end();
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
    if (phase == Phase.FORWARDING && connection != null) {
      connection.flush();
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
    answerUnderWay = true;
    environment.events().answerBegun();
  }

  void answerEnded() {
    answerComplete = true;
    clock.answered();
    if (requestComplete) {
      end();
    }
  }

  /** Answers with an error, or breaks off the answer that is under way. */
  void fail(CallError why) {
    if (phase == Phase.OVER || phase == Phase.REFUSED) {
      return;
    }
    dropConnection();
    if (answerComplete) {
      over();
      caller.finished(false);
    } else if (answer.isBegun()) {
      code = Optional.of(why.code());
      answer.breakOff(why);
      over();
      caller.brokenOff();
    } else {
      refuse(why, true);
    }
  }

  private void refuse(CallError why, boolean readable) {
    code = Optional.of(why.code());
    phase = Phase.REFUSED;
    answer.error(why, readable && isRestWorthReading());
    answerComplete = true;
    if (requestComplete || !answer.keepsAlive()) {
      end();
    } else {
      caller.advance();
    }
  }

  private boolean isRestWorthReading() {
    BodyLength length = BodyLength.of(request.headers());
    return requestComplete
        || (!continueExpected && !length.isChunked() && length.bytes() <= WORTH_READING);
  }

  /** The caller takes no more interest, or no part in it. */
  void callerGone() {
    if (phase != Phase.OVER) {
      code = Optional.of("caller_gone");
      dropConnection();
      over();
    }
  }

  void callerStalled() {
    fail(CallError.REQUEST_INCOMPLETE);
  }

  private void dropConnection() {
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
    if (passage != null) {
      passage.close();
    }
    if (answerUnderWay) {
      environment.events().answerOver();
    }
    environment
        .events()
        .callFinished(
            new FinishedCall(
                format,
                answer.status(),
                Optional.ofNullable(passage).map(Passage::source),
                code,
                clock.providerNanos(),
                clock.addedNanos()));
  }
}
