package io.claviger.gateway.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.claviger.application.budgets.CallSpending;
import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.usage.ChargedCall;
import io.claviger.domain.spending.BodyUse;
import io.claviger.domain.spending.CallCharge;
import io.claviger.domain.spending.CallUse;
import io.claviger.domain.spending.CallUse.Evidence;
import io.claviger.domain.spending.OperationKind;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.spending.UnansweredUse;
import io.claviger.domain.spending.UnstatedUse;
import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageModel;
import io.claviger.gateway.authorize.CallAuthorizer;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.errors.Continuation;
import io.claviger.gateway.events.GatewayEvents.FinishedCall;
import io.claviger.gateway.events.GatewayEvents.RecordedUse;
import io.claviger.gateway.model.BufferedBody;
import io.claviger.gateway.model.MessageScan;
import io.claviger.gateway.usage.AnswerUse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A model's response in a conversation. The gateway reads, changes and counts the message that
 * requests the response like the body of a call. The following messages of the provider count as
 * the answer. Only used on the event loop of the conversation.
 */
final class ConversedResponse {
  /** The operation whose calls are read and counted in the same way as a response of a session. */
  static final String RESPONSES = "responses";

  private static final HttpHeaders STREAM =
      new DefaultHttpHeaders().set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream");
  private static final Set<String> LAST =
      Set.of(
          "response.completed",
          "response.failed",
          "response.incomplete",
          "response.cancelled",
          "response.done",
          "error");

  /**
   * The session of a response whose request does not have the form of a request body.
   *
   * @param estimate a function that returns an estimate of the response's use, based on sizes
   * @param oneAtATime whether the provider ends each response before it begins the next one, even
   *     if the use of the next one is reserved earlier
   */
  record InSession(String model, Supplier<TokenUsage> estimate, boolean oneAtATime) {}

  /**
   * Receives the decision about a message that requests a response. Exactly one of the two methods
   * is called.
   */
  interface Asker {
    /**
     * @param message the message to send, which the receiver has to release
     */
    void admitted(ByteBuf message);

    void refused(CallError why);

    /** Runs the task if the call is still permitted; otherwise ends the conversation. */
    void whilePermitted(Runnable then);

    /** Called if the conversation must end. */
    void ended(CallError why);
  }

  private final CallParts parts;
  private final String path;
  private final Asker asker;
  private final AuthorizedCall given;
  private final ByteBuf message;
  private final long bytesIn;
  private final AnswerUse use;

  /** The session of the response; null if the request has the form of a request body. */
  private @Nullable InSession session;

  /** The text to send in place of the message; null to send the message itself. */
  private @Nullable ByteBuf inPlace;

  private String event = "";
  private boolean goesOn;

  /** The ids of items of this connection that the message may name. */
  private Set<String> keptItems = Set.of();

  private @Nullable BufferedBody body;
  private @Nullable AuthorizationOutcome outcome;
  private CallSpending spending = CallSpending.NONE;
  private BodyUse wanted = BodyUse.UNREAD;

  /** The requested use, such as tokens; empty if the message is unreadable. */
  private Optional<RequestedUse> asked = Optional.empty();

  private UsageModel model = UsageModel.UNKNOWN;
  private @Nullable ConversedTurn turn;
  private long sent;

  /**
   * Whether the response counts together with its connection as a single concurrent call of the
   * caller.
   */
  private boolean hasPlaceOfConnection;

  private boolean over;

  /**
   * @param message the message that requests the response; the new object has to release it
   */
  ConversedResponse(CallParts parts, String path, ByteBuf message, Asker asker) {
    this.parts = parts;
    this.path = path;
    this.message = message;
    this.asker = asker;
    this.bytesIn = message.readableBytes();
    this.given = parts.permission().call();
    this.use = new AnswerUse(given.standard().format(), HttpMethod.POST, path, given.caps());
  }

  /**
   * Reads the message and reserves the requested use. The asker receives the decision.
   *
   * @param known whether the message continues a response of this connection
   * @param items the ids of items of this connection that the message may name
   */
  void begin(MessageScan scan, boolean known, Set<String> items) {
    goesOn = known;
    keptItems = items;
    begin(() -> known ? Unpooled.wrappedBuffer(scan.withoutPrevious()) : copy());
  }

  /**
   * Reserves the use of a response in a session. The asker receives the decision. For the response,
   * the model reads the whole session so far. The settings of the response are in {@code asking}.
   *
   * @param asking the text to send in place of the message; from now on, this object has to release
   *     it
   * @param named the id of the message, which appears in the provider's error if the provider
   *     refuses the message
   */
  void begin(InSession of, ByteBuf asking, String named) {
    session = of;
    inPlace = asking;
    event = named;
    goesOn = true;
    model = UsageModel.called(of.model());
    begin(this::copy);
  }

  private ByteBuf copy() {
    return Unpooled.wrappedBuffer(ByteBufUtil.getBytes(message));
  }

  private void begin(Supplier<ByteBuf> readable) {
    CallEnvironment environment = parts.environment();
    HttpRequest like = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/" + path);
    like.headers().set(HttpHeaderNames.CONTENT_TYPE, "application/json");
    like.headers().set(HttpHeaderNames.CONTENT_LENGTH, bytesIn);
    try {
      BufferedBody read =
          environment
              .buffering()
              .bufferIfNeeded(
                  storingNothing(), like, path, false, parts.caller().channel().alloc());
      body = read;
      if (read == null) {
        reserve();
        return;
      }
      read.add(readable.get(), true);
      environment
          .bodyReaders()
          .read(
              read,
              read.caller(),
              parts.caller().channel().eventLoop(),
              new Step<>(whole -> bodyRead(whole)));
    } catch (CallRefused e) {
      refuse(e.error());
    }
  }

  /**
   * Returns a copy of the permission. The copy does not permit storing objects at the provider. The
   * ledger does not record what a provider stores during a conversation. So with a lent key, the
   * gateway tells the provider to store nothing.
   */
  private AuthorizedCall storingNothing() {
    return given.storingNothing();
  }

  private void bodyRead(BufferedBody whole) {
    // if the provider refused the reasoning, the request could not be repeated
    whole.leaveOutReasoning();
    boolean unused = whole.keepItems(keptItems);
    whole.nameCaller(storingNothing(), parts.environment().reasoning());
    wanted = whole.use().map(this::asStream);
    asked = wanted.at(given.caps(), false);
    model = whole.model().map(UsageModel::called).orElse(model);
    reserve();
  }

  /**
   * Returns the requested use, marked as streamed. On a WebSocket, the provider streams every
   * response, whatever the message says. If the response continues earlier responses, the model
   * reads them too.
   */
  private RequestedUse asStream(RequestedUse use) {
    return use.streamed(goesOn || use.refersElsewhere());
  }

  private void reserve() {
    CallAuthorizer own =
        parts.permission().authorizer().withBodyRead(given, wanted, Optional.empty());
    boolean sharesPlace = session != null && session.oneAtATime();
    hasPlaceOfConnection = !sharesPlace && parts.permission().lendPlace();
    CallAuthorizer whole = sharesPlace || hasPlaceOfConnection ? own.inConnection() : own;
    whole.ask(new Step<>(answer -> reserved(answer, whole)));
  }

  private void reserved(AuthorizationOutcome answer, CallAuthorizer authorizer) {
    outcome = answer;
    switch (answer) {
      case AuthorizationOutcome.Refused refused -> refuse(authorizer.errorOf(refused));
      case AuthorizationOutcome.Admitted admitted -> {
        spending = admitted.spending();
        takeTurn();
      }
      case AuthorizationOutcome.Authorized again -> {
        spending = again.call().spending();
        if (given.basis().stillHoldsUnder(again.call().basis())
            && given.basis().isCheckedFor(again.call().basis())
            && given.models().equals(again.call().models())) {
          takeTurn();
        } else {
          close();
          asker.ended(CallError.of(CallRefusal.SERVICE_CHANGED));
        }
      }
    }
  }

  private void takeTurn() {
    if (given.terms().capacity().isEmpty()) {
      send();
      return;
    }
    RequestedUse use =
        asked.orElseGet(
            () ->
                RequestedUse.once(
                    model,
                    OperationKind.of(HttpMethod.POST.name(), path),
                    bytesIn,
                    OptionalLong.empty(),
                    Optional.empty()));
    turn =
        new ConversedTurn(
            parts,
            given.terms().capacity().get(),
            use,
            given.provider().paceCounting(),
            new Turning());
    turn.take();
  }

  private void sendUnlessOver() {
    if (!over) {
      send();
    }
  }

  private void send() {
    if (inPlace != null) {
      ByteBuf asking = inPlace;
      inPlace = null;
      sent = System.nanoTime();
      use.beginWaiting();
      release();
      asker.admitted(asking);
      return;
    }
    BufferedBody read = body;
    List<ByteBuf> segments = new ArrayList<>(List.of(message.retain()));
    List<ByteBuf> edited = read == null ? segments : read.edits().apply(segments);
    sent = System.nanoTime();
    use.beginWaiting();
    release();
    asker.admitted(Unpooled.wrappedBuffer(edited.toArray(ByteBuf[]::new)));
  }

  /** Gives up a response that the provider has not begun. This method can be called repeatedly. */
  void giveBack() {
    close();
  }

  private void refuse(CallError why) {
    close();
    asker.refused(why);
  }

  private void release() {
    message.release();
    if (body != null) {
      body.close();
      body = null;
    }
    if (inPlace != null) {
      inPlace.release();
      inPlace = null;
    }
  }

  /** Gives up a response that the provider has not begun. */
  private void close() {
    if (!over) {
      over = true;
      if (!isSent()) {
        release();
      }
      closeOutcome();
      if (turn != null) {
        turn.close();
      }
    }
  }

  private void closeOutcome() {
    if (outcome != null) {
      outcome.close();
    }
    if (hasPlaceOfConnection) {
      hasPlaceOfConnection = false;
      parts.permission().placeIsFree();
    }
  }

  boolean isSent() {
    return sent != 0;
  }

  /** Whether the provider has begun the response. */
  boolean isBegun() {
    return use.isBegun();
  }

  /**
   * Whether a provider's error is about the message that requested this response.
   *
   * @param about the id of the message to which the error refers
   */
  boolean isRefused(String about) {
    return !event.isEmpty() && event.equals(about);
  }

  /**
   * Finds the response's usage in a provider's message.
   *
   * @param message the message, which still belongs to the caller of this method
   * @return whether this is the response's last message
   */
  boolean answered(ByteBuf message, String type) {
    if (!use.isBegun()) {
      use.answered(type.equals("error") ? 400 : 200);
      use.begin(STREAM);
      use.follow(STREAM);
    }
    use.count(message);
    byte[] line = ByteBufUtil.getBytes(message);
    for (int i = 0; i < line.length; i++) {
      if (line[i] == '\n' || line[i] == '\r') {
        line[i] = ' '; // a line end would end the event; a space means the same in JSON
      }
    }
    use.read(Unpooled.wrappedBuffer("data: ".getBytes(US_ASCII), line, "\n\n".getBytes(US_ASCII)));
    return LAST.contains(type);
  }

  /** Called if the response ended without a last message. */
  void complete() {
    use.end();
  }

  /**
   * Charges and reports the response, complete or not, if its request was sent. This method can be
   * called repeatedly.
   *
   * @param code the error code with which the gateway broke off the response; otherwise empty
   */
  void settle(Optional<String> code) {
    if (isSent()) {
      settle(code, used(code.isPresent(), System.nanoTime() - sent));
    } else {
      close();
    }
  }

  /**
   * Charges a response that the provider might have begun without a request. This method can be
   * called repeatedly.
   *
   * @param read the estimated input of the response
   */
  void settleUnanswered(TokenUsage read) {
    settle(Optional.empty(), CallUse.of(read, Evidence.UNKNOWN));
  }

  private void settle(Optional<String> code, CallUse used) {
    if (!isSent()) {
      close();
      return;
    }
    if (over) {
      return;
    }
    over = true;
    long nanos = System.nanoTime() - sent;
    boolean strict = spending.isStrict();
    Optional<CallCharge> charge = charge(used);
    boolean error = code.isPresent() || use.isError();
    UsageCounts stated = UsageCounts.ofCall(error, bytesIn, use.bytes(), used.usage());
    UsageCounts billed = charge.map(of -> stated.charged(of.usage(), of.disputed())).orElse(stated);
    RecordedUse recorded =
        new RecordedUse(
            given.basis().account(),
            given.source(),
            model,
            billed,
            Optional.of(
                new ChargedCall(
                    given.basis().charging(), used, asked, strict, charge, spending.later())));
    WireFormat format = given.standard().format();
    FinishedCall finished =
        new FinishedCall(
            Optional.of(format),
            error ? 502 : 200,
            Optional.of(given.source()),
            code,
            nanos,
            0,
            turn == null ? 0 : turn.waitedNanos(),
            Optional.of(recorded));
    parts.record().finishResponse(finished, recorded, path);
  }

  /** Charges the use. Even if this fails, gives back everything that the response occupies. */
  private Optional<CallCharge> charge(CallUse used) {
    try {
      return spending.settle(used);
    } finally {
      try {
        closeOutcome();
      } finally {
        if (turn != null) {
          turn.settle(used);
        }
      }
    }
  }

  /**
   * Ends the conversation after an unexpected exception. If the request was already sent, the
   * response is charged.
   */
  private void fail() {
    try {
      settle(Optional.of(CallError.INTERNAL.code()));
    } finally {
      asker.ended(CallError.INTERNAL);
    }
  }

  private CallUse used(boolean brokenOff, long nanos) {
    CallUse of = usedByText(brokenOff, nanos);
    if (session == null) {
      return parts.record().isLeft() && !use.isComplete() ? use.left(of, asked) : of;
    }
    return of.evidence() != Evidence.UNKNOWN
        ? of
        : new CallUse(
            session.estimate().get(), Evidence.UNKNOWN, of.answeredBy(), of.tier(), of.fees());
  }

  private CallUse usedByText(boolean brokenOff, long nanos) {
    return asked
        .filter(of -> brokenOff && !use.isBegun() && UnansweredUse.isKnownFor(of.kind()))
        .map(of -> CallUse.of(UnansweredUse.of(of, bytesIn, nanos), Evidence.UNKNOWN))
        .orElseGet(() -> use.of(bytesIn, model, UnstatedUse.Asked.by(asked)));
  }

  private final class Turning implements ConversedTurn.Receiver {
    @Override
    public void passed(boolean atOnce) {
      if (atOnce) {
        send();
      } else {
        asker.whilePermitted(ConversedResponse.this::sendUnlessOver);
      }
    }

    @Override
    public void refused(CallError why) {
      refuse(why);
    }

    @Override
    public void failed(Throwable why) {
      fail();
    }
  }

  /** Continues with the outcome of a step, unless the response was given up during the step. */
  private final class Step<T> implements Continuation<T> {
    private final Consumer<T> next;

    Step(Consumer<T> next) {
      this.next = next;
    }

    @Override
    public void done(T result) {
      if (over) {
        if (result instanceof AuthorizationOutcome late) {
          late.close();
        }
        return;
      }
      try {
        next.accept(result);
      } catch (CallRefused e) {
        refuse(e.error());
      }
    }

    @Override
    public void refused(CallError why) {
      if (!over) {
        refuse(why);
      }
    }

    @Override
    public void failed(Throwable why) {
      fail();
    }
  }
}
