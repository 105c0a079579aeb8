package io.claviger.gateway.relay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.application.connections.NodeConnections.Connection;
import io.claviger.application.gateway.CallAuthorization;
import io.claviger.application.gateway.CallAuthorization.CallRequest;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.instances.ConnectionTerms;
import io.claviger.gateway.authorize.Inquiry;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.errors.Continuation;
import io.claviger.gateway.events.GatewayEvents.EndedWebSocket;
import io.claviger.gateway.head.ParsedCall;
import io.claviger.gateway.head.WebSocketHandshake;
import io.claviger.gateway.model.HeadReferences;
import io.claviger.gateway.model.MessageScan;
import io.claviger.gateway.model.SecretRequest;
import io.claviger.gateway.model.SessionEvent;
import io.claviger.gateway.model.SessionMessage;
import io.claviger.gateway.out.ProviderConnection;
import io.claviger.gateway.out.ProviderListener;
import io.claviger.gateway.redact.CallSecretRedactor;
import io.claviger.gateway.redact.Redactor;
import io.claviger.gateway.wire.GuardedTask;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A WebSocket of a caller and one of the provider, between which messages pass. Each message of the
 * caller is a call, which is read, changed, counted and charged like any other. No message passes
 * in either direction before it is clear that the call is still permitted. Confined to the event
 * loop of the call.
 */
@SuppressWarnings("FutureReturnValueIgnored") // closing can't fail in a way that matters
final class Conversation implements ProviderListener {
  private static final Logger LOG = LoggerFactory.getLogger(Conversation.class);
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String CREATE = "response.create";
  private static final int MOST_REMEMBERED = 1_024;
  private static final int LONGEST_ID = 64;

  /** About what a remembered id takes. */
  private static final int BYTES_OF_ID = 200;

  private static final int LONGEST_REASON = 120;
  private static final long MOST_INQUIRY_MILLIS = 3_000;
  private static final int CLOSING_MILLIS = 500;
  private static final long LONGEST_IDLE_NANOS = TimeUnit.MINUTES.toNanos(15);
  private static final long LOOK_MILLIS = 30_000;

  private static final CallError NOT_CREATE =
      CallError.badRequest(
          "On this WebSocket the gateway passes messages of the type response.create alone.");
  private static final CallError NESTED =
      CallError.badRequest(
          "What a response.create asks for stands in the message itself, not in its member"
              + " response.");
  private static final CallError ONE_AT_A_TIME =
      CallError.badRequest("A response is under way. Ask for the next one when it is complete.");
  private static final CallError KEY_FOUND = CallError.PROVIDER_ANSWER_UNUSABLE;

  private final GatewayCall call;
  private final CallParts parts;
  private final String path;
  private final String query;
  private final ConversationRoom.Place place;
  private final EventLoop loop;
  private final Channel caller;
  private final MessageReader callerReader;
  private final MessageReader providerReader;
  private final WaitingMessages callerMessages = new WaitingMessages();
  private final WaitingMessages providerMessages = new WaitingMessages();
  private final Set<String> responses = new LinkedHashSet<>();
  private final String key;

  /** Null unless messages are those of a session. */
  private final @Nullable RealtimeSession session;

  /** What is said to the provider first; null if that is up to the caller. */
  private byte @Nullable [] opening;

  private @Nullable RequestRelay request;
  private @Nullable ProviderConnection provider;
  private @Nullable Redactor redactor;
  private @Nullable ConversedResponse current;
  private @Nullable Future<?> deadline;
  private @Nullable Future<?> looking;
  private boolean established;
  private boolean over;
  private boolean advancing;
  private boolean callerBusy;
  private boolean providerBusy;
  private long callerTaken;
  private long providerTaken;
  private boolean resumes;

  /** What ended the connection, in a word. */
  private String ended = "";

  /** What ends the connection once the messages that the provider sent before have passed. */
  private @Nullable Runnable providersEnd;

  private long lastMessage;

  /** When the provider last did something for a response, or had nothing to do. */
  private long lastAnswer;

  private Conversation(
      GatewayCall call,
      CallParts parts,
      String path,
      String query,
      ConversationRoom.Place place,
      @Nullable RealtimeSession session) {
    this.call = call;
    this.session = session;
    this.parts = parts;
    this.path = path;
    this.query = query;
    this.place = place;
    this.caller = parts.caller().channel();
    this.loop = caller.eventLoop();
    this.callerReader = new MessageReader(new FromCaller(), true);
    this.providerReader = new MessageReader(new FromProvider(), false);
    byte[] random = new byte[16];
    RANDOM.nextBytes(random);
    this.key = Base64.getEncoder().encodeToString(random);
  }

  /**
   * @param path the operation to which each message is a call
   * @param made what the session is made for; null unless it is opened with a secret
   * @throws CallRefused if the request can't open a WebSocket, or too many are open
   */
  static Conversation of(
      GatewayCall call, CallParts parts, String path, @Nullable SecretRequest made) {
    AuthorizedCall given = parts.permission().call();
    HttpRequest head = parts.requested().head();
    CallEnvironment environment = parts.environment();
    ConnectionTerms terms = given.basis().connections();
    if (!terms.origins().allow(head.headers().getAll(HttpHeaderNames.ORIGIN))) {
      throw new CallRefused(CallError.WEB_SOCKET_ORIGIN_NOT_ALLOWED);
    }
    if (RequestHead.keyInForm(given)) {
      throw new CallRefused(CallError.NO_WEB_SOCKETS);
    }
    ParsedCall parsed = parts.permission().authorizer().parsed();
    RealtimeSession session =
        given.standard().format().api().holdsSessionsAt(path)
            ? RealtimeSession.of(given, parsed.target().query(), made == null ? null : made.model())
            : null;
    String query = session == null ? parts.provider().query(parsed, given) : session.query();
    HeadReferences.demandNone(given, ServiceCall.CONVERSED, path, query);
    ConversationRoom.Place place =
        environment
            .conversations()
            .enter(given.basis().account().user())
            .orElseThrow(() -> new CallRefused(CallError.TOO_MANY_WEB_SOCKETS));
    parts.permission().holdOpen();
    Conversation begun = new Conversation(call, parts, path, query, place, session);
    begun.opening = made == null ? null : made.update();
    return begun;
  }

  /** Asks the provider for a WebSocket. */
  void begin(ProviderConnection opened) {
    provider = opened;
    AuthorizedCall given = parts.permission().call();
    RequestRelay handshake =
        RequestRelay.ofHandshake(
            parts.requested().head(),
            given,
            path,
            query,
            parts.permission().authorizer().parsed().credential().asBearer(),
            key,
            caller.alloc());
    request = handshake;
    opened.begin(this, given.timeout().millis());
    handshake.start(opened, () -> {});
    handshake.flush(opened);
    opened.requestComplete();
  }

  @Override
  public void answered(HttpResponse head) {
    int status = head.status().code();
    HttpHeaders headers = head.headers();
    if (status == 401 || status == 403) {
      call.keyRejected(status);
      call.fail(CallError.providerRejectedKey(parts.permission().call().source()));
    } else if (status != 101
        || !WebSocketHandshake.accept(key).equals(headers.get(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT))
        || headers.contains(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS)
        || headers.contains(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL)) {
      call.fail(CallError.WEB_SOCKET_NOT_OPENED);
    } else {
      establish();
    }
  }

  private void establish() {
    ProviderConnection opened = provider();
    redactor = CallSecretRedactor.of(parts.permission().call(), false);
    parts.record().markAnswerBegun();
    parts.permission().giveBack(); // each response reserves what it uses, and takes a place
    parts
        .response()
        .switchProtocols(
            WebSocketHandshake.accept(WebSocketHandshake.keyOf(parts.requested().head())),
            WebSocketHandshake.protocol(parts.requested().head()));
    if (opening != null) {
      callerMessages.add(Unpooled.wrappedBuffer(opening));
      opening = null;
    }
    parts
        .caller()
        .upgrade(callerReader.decoder(), new WebSocket13FrameEncoder(false), callerReader);
    opened.upgrade(providerReader.decoder(), new WebSocket13FrameEncoder(true), providerReader);
    if (over) {
      return; // what came with a head has ended it
    }
    established = true;
    place.opened(
        parts.permission().call().basis().account(),
        () -> onLoop(() -> end(CallError.CONNECTION_ENDED, 1008)));
    parts.record().markOpened();
    lastMessage = System.nanoTime();
    deadline =
        loop.schedule(
            guarded(
                () -> end(1001, "The service lets no connection last for longer.", "longest_time")),
            parts.permission().call().basis().connections().longest().minutes(),
            TimeUnit.MINUTES);
    long look = Math.min(LOOK_MILLIS, longestSilence());
    looking =
        loop.scheduleWithFixedDelay(guarded(this::endIfIdle), look, look, TimeUnit.MILLISECONDS);
    advance();
  }

  private Runnable guarded(Runnable task) {
    return GuardedTask.of(task, failure -> call.fail(CallError.INTERNAL));
  }

  private void onLoop(Runnable task) {
    try {
      loop.execute(guarded(task));
    } catch (RejectedExecutionException closed) {
      LOG.debug("the connection has ended with the gateway");
    }
  }

  private long longestSilence() {
    return parts.permission().call().timeout().millis();
  }

  private void endIfIdle() {
    long now = System.nanoTime();
    boolean isAsked = current == null ? awaitsUpdate() : current.isSent();
    if (!isAsked || !provider().channel().config().isAutoRead()) {
      lastAnswer = now; // it is not the provider who lets the others wait
    }
    if (now - lastAnswer > TimeUnit.MILLISECONDS.toNanos(longestSilence())) {
      end(CallError.PROVIDER_TIMEOUT, 1011);
    } else if (current == null && now - lastMessage > LONGEST_IDLE_NANOS) {
      end(1001, "Nothing was sent for 15 minutes.", "idle");
    }
  }

  /** Takes the messages that wait, one after the other in each direction. */
  private void advance() {
    if (advancing || !established || over) {
      return;
    }
    advancing = true;
    try {
      while (!over && (takeFromCaller() || takeFromProvider())) {
        // The next message may be taken now.
      }
    } finally {
      advancing = false;
    }
    if (!over && providersEnd != null && providerMessages.isEmpty() && !providerBusy) {
      providersEnd.run();
    }
    if (!over) {
      account();
    }
  }

  private boolean takeFromCaller() {
    // A message may be answered by an error, which a caller who does not read would pile up.
    boolean waits =
        callerBusy || awaitsUpdate() || !provider().isWritable() || !caller.isWritable();
    ByteBuf next = waits ? null : callerMessages.poll();
    if (next == null) {
      return false;
    }
    callerBusy = true;
    callerTaken = next.readableBytes();
    new PermissionCheck(next, this::fromCaller).begin();
    return true;
  }

  private boolean takeFromProvider() {
    ByteBuf next = providerBusy || !caller.isWritable() ? null : providerMessages.poll();
    if (next == null) {
      return false;
    }
    providerBusy = true;
    providerTaken = next.readableBytes();
    new PermissionCheck(next, this::fromProvider).begin();
    return true;
  }

  /** Counts what is held, and reads only what can be passed on soon. */
  private void account() {
    long held = callerReader.held() + providerReader.held();
    held += (long) responses.size() * BYTES_OF_ID;
    held += callerMessages.held() + providerMessages.held();
    held += (callerBusy ? callerTaken : 0) + (providerBusy ? providerTaken : 0);
    held += caller.isWritable() ? 0 : caller.bytesBeforeWritable();
    held += provider().isWritable() ? 0 : provider().channel().bytesBeforeWritable();
    if (!place.hold(held)) {
      end(1013, "There is no room for this message now.", "no_room");
      return;
    }
    boolean throttled = callerReader.isTooFast() || providerReader.isTooFast();
    // While a message waits for its turn the caller is read, so that one who leaves is noticed.
    // A side that does not take the answers to its pings is not read either.
    read(caller, callerMessages.isEmpty() && !callerReader.isTooFast() && caller.isWritable());
    read(
        provider().channel(),
        providerMessages.isEmpty()
            && !providerBusy
            && !providerReader.isTooFast()
            && provider().isWritable());
    if (throttled && !resumes) {
      resumes = true;
      loop.schedule(
          guarded(
              () -> {
                resumes = false;
                advance();
              }),
          Math.max(callerReader.nanosToWait(), providerReader.nanosToWait()),
          TimeUnit.NANOSECONDS);
    }
  }

  private static void read(Channel from, boolean on) {
    if (from.config().isAutoRead() != on) {
      from.config().setAutoRead(on);
    }
  }

  private boolean awaitsUpdate() {
    return session != null && session.awaitsUpdate();
  }

  private void fromCaller(ByteBuf message) {
    if (session != null) {
      fromCaller(message, session);
      return;
    }
    MessageScan scan = MessageScan.of(message);
    Optional<CallError> unfit = unfit(scan);
    if (unfit.isPresent()) {
      message.release();
      callerBusy = false;
      tell(unfit.get());
      return;
    }
    ConversedResponse begun = new ConversedResponse(parts, path, message, new Asking());
    current = begun;
    begun.begin(scan, scan.previous().filter(responses::contains).isPresent());
  }

  private Optional<CallError> unfit(MessageScan scan) {
    if (current != null) {
      return Optional.of(ONE_AT_A_TIME);
    }
    if (!scan.type().equals(CREATE)) {
      return Optional.of(NOT_CREATE);
    }
    // Some providers read this member in place of the message, which alone is checked.
    return scan.isAboutResponse() ? Optional.of(NESTED) : Optional.empty();
  }

  private void fromCaller(ByteBuf message, RealtimeSession of) {
    SessionMessage said = SessionMessage.of(message, of.model());
    Optional<CallError> unfit =
        said.isCreate() && current != null ? Optional.of(ONE_AT_A_TIME) : of.unfit(said);
    if (unfit.isPresent()) {
      message.release();
      callerBusy = false;
      tell(unfit.get());
      return;
    }
    of.said(said, message.readableBytes());
    if (!said.isCreate()) {
      callerBusy = false;
      lastAnswer = System.nanoTime();
      provider().channel().writeAndFlush(new TextWebSocketFrame(message));
      return;
    }
    message.release();
    String event = RealtimeSession.newEvent();
    ByteBuf asks = Unpooled.copiedBuffer(of.asksFor(said), UTF_8);
    ConversedResponse begun =
        new ConversedResponse(parts, ConversedResponse.RESPONSES, asks, new Asking());
    current = begun;
    begun.begin(of, Unpooled.wrappedBuffer(said.withEvent(event)), event);
  }

  private void fromProvider(ByteBuf message) {
    providerBusy = false;
    if (session != null) {
      fromProvider(message, session);
      return;
    }
    ConversedResponse answers = current;
    if (answers == null || !answers.isSent()) {
      message.release(); // nobody asked for it, so nobody would be charged for it
      return;
    }
    if (endsWithKey(message)) {
      return;
    }
    MessageScan scan = MessageScan.of(message);
    scan.response().ifPresent(this::remember);
    boolean last = answers.answered(message, scan.type());
    caller.writeAndFlush(new TextWebSocketFrame(message));
    if (last) {
      current = null;
      answers.settle(Optional.empty());
    }
  }

  private boolean endsWithKey(ByteBuf message) {
    boolean hasKey = redactor != null && redactor.finds(message.toString(ISO_8859_1));
    if (hasKey) {
      message.release();
      end(KEY_FOUND, 1011);
    }
    return hasKey;
  }

  private void fromProvider(ByteBuf message, RealtimeSession of) {
    if (endsWithKey(message)) {
      return;
    }
    SessionEvent event = SessionEvent.of(message);
    ConversedResponse answers = current != null && current.isSent() ? current : null;
    boolean isUnasked = event.isCreated() && (answers == null || answers.isBegun());
    if (event.type().isEmpty() || isUnasked) {
      message.release();
      end(CallError.PROVIDER_ANSWER_UNUSABLE, 1011); // nothing is reserved for it
      return;
    }
    of.heard(event, message.readableBytes());
    boolean tellsLimits = event.isOfLimits() && parts.permission().call().isolation().isPresent();
    if (tellsLimits || (event.isOfResponse() && answers == null)) {
      message.release();
      return;
    }
    boolean ofThis =
        answers != null && (event.isOfResponse() || answers.isRefused(event.refused()));
    boolean last = ofThis && Objects.requireNonNull(answers).answered(message, event.type());
    caller.writeAndFlush(new TextWebSocketFrame(message));
    if (last) {
      current = null;
      Objects.requireNonNull(answers).settle(Optional.empty());
    }
  }

  private void remember(String response) {
    if (response.length() <= LONGEST_ID
        && responses.add(response)
        && responses.size() > MOST_REMEMBERED) {
      String eldest = responses.iterator().next();
      boolean unused = responses.remove(eldest);
    }
  }

  private void tell(CallError why) {
    caller.writeAndFlush(new TextWebSocketFrame(Unpooled.copiedBuffer(message(why), UTF_8)));
  }

  private String message(CallError why) {
    CallError error = parts.permission().linkRequest(why);
    return parts
        .permission()
        .call()
        .standard()
        .format()
        .api()
        .errorMessage(error.status(), error.code(), error.message(), error.member());
  }

  /**
   * Called when the call can't go on.
   *
   * @return whether the caller still waits for the answer to the handshake; otherwise both sides
   *     are being closed
   */
  boolean isDropped(CallError why) {
    if (parts.response().isBegun()) {
      end(why, why.status() < 500 ? 1008 : 1011);
      return false;
    }
    drop();
    return true;
  }

  /**
   * The call failed in the gateway itself.
   *
   * @return whether the caller still waits for the answer to the handshake
   */
  boolean isDropped(Throwable why) {
    boolean dropped = isDropped(CallError.INTERNAL);
    if (!dropped) {
      LOG.error("{}: the conversation failed", parts.headers().requestId(), why);
    }
    return dropped;
  }

  private void drop() {
    over = true;
    place.leave();
    forgetRequest();
    if (provider != null) {
      provider.abort();
    }
  }

  private void forgetRequest() {
    if (request != null) {
      request.forget();
    }
  }

  /**
   * The caller's connection is closed.
   *
   * @return whether that ended the conversation; otherwise it had not begun
   */
  boolean callerGone() {
    if (parts.response().isBegun()) {
      parts.record().setFailure("caller_gone");
      end(1001, "", "caller_gone");
      return true;
    }
    drop();
    return false;
  }

  void gatewayLeaves() {
    if (established) {
      end(1001, "The gateway is about to close.", "node_closes");
    }
  }

  private void end(CallError why, int code) {
    if (!over) {
      parts.record().setFailure(why.code());
      tell(why);
      end(code, why.message(), why.code());
    }
  }

  private void end(int code, String reason, String why) {
    if (over) {
      return;
    }
    over = true;
    ended = why;
    try {
      close(code, reason);
    } finally {
      call.conversationEnded();
    }
  }

  private void close(int code, String reason) {
    if (deadline != null) {
      deadline.cancel(false);
    }
    if (looking != null) {
      looking.cancel(false);
    }
    ConversedResponse broken = current;
    current = null;
    if (broken != null) {
      broken.settle(Optional.of("conversation_ended"));
    }
    callerMessages.release();
    providerMessages.release();
    callerReader.end();
    providerReader.end();
    forgetRequest();
    place
        .connection()
        .ifPresent(
            of ->
                parts
                    .record()
                    .addWebSocket(
                        new EndedWebSocket(ended, of.age(), of.messages(), of.responses())));
    place.leave();
    if (redactor != null) {
      redactor.close();
    }
    Channel behind = provider().channel();
    close(behind, code, "");
    close(caller, code, reason);
    read(caller, true); // closing with unread bytes would reset the connection
  }

  private void close(Channel side, int code, String reason) {
    boolean isSendable = WebSocketCloseStatus.isValidStatusCode(code);
    String brief = reason.length() > LONGEST_REASON ? reason.substring(0, LONGEST_REASON) : reason;
    side.writeAndFlush(
        isSendable ? new CloseWebSocketFrame(code, brief) : new CloseWebSocketFrame());
    loop.schedule(() -> side.close(), CLOSING_MILLIS, TimeUnit.MILLISECONDS);
  }

  private ProviderConnection provider() {
    return Objects.requireNonNull(provider);
  }

  @Override
  public void content(ByteBuf content) {
    content.release(); // the body of an answer that opens no WebSocket
  }

  @Override
  public void answerEnded() {}

  @Override
  public void paused() {}

  @Override
  public void writable() {
    advance();
  }

  /** The caller has read what was written. */
  void callerWritable() {
    advance();
  }

  @Override
  public void silent() {
    call.fail(CallError.PROVIDER_TIMEOUT);
  }

  @Override
  public void broken() {
    providerEnded(() -> call.fail(CallError.PROVIDER_BROKE_OFF));
  }

  @Override
  public void malformed() {
    providerEnded(() -> call.fail(CallError.PROVIDER_ANSWER_UNUSABLE));
  }

  /** Ends the connection, but what the provider said before, such as the usage, counts. */
  private void providerEnded(Runnable end) {
    if (over || providersEnd != null) {
      return;
    }
    if (established) {
      providerReader.end();
      providersEnd = end;
      advance();
    } else {
      end.run();
    }
  }

  private void received(WaitingMessages into, ByteBuf text) {
    lastMessage = System.nanoTime();
    place.connection().ifPresent(Connection::countMessage);
    into.add(text);
    advance();
  }

  private final class FromCaller implements MessageReader.Receiver {
    @Override
    public void message(ByteBuf text) {
      received(callerMessages, text);
    }

    @Override
    public void closed(int code) {
      end(code, "", "caller_closed");
    }

    @Override
    public void violated(int code) {
      end(code, "", "caller_violated");
    }

    @Override
    public void paused() {
      advance();
    }
  }

  private final class FromProvider implements MessageReader.Receiver {
    @Override
    public void message(ByteBuf text) {
      lastAnswer = System.nanoTime();
      received(providerMessages, text);
    }

    @Override
    public void closed(int code) {
      providerEnded(() -> end(code, "", "provider_closed"));
    }

    @Override
    public void violated(int code) {
      providerEnded(() -> end(CallError.PROVIDER_ANSWER_UNUSABLE, 1011));
    }

    @Override
    public void paused() {
      advance();
    }
  }

  /** Asks whether the call is still permitted, and then goes on with one message. */
  private final class PermissionCheck implements Continuation<Optional<CallRefusal>> {
    private final ByteBuf message;
    private final Consumer<ByteBuf> next;

    PermissionCheck(ByteBuf message, Consumer<ByteBuf> next) {
      this.message = message;
      this.next = next;
    }

    void begin() {
      CallRequest asked = Objects.requireNonNull(parts.permission().request());
      AuthorizedCall.AuthorizationBasis basis = parts.permission().call().basis();
      CallAuthorization authorize = parts.environment().authorization().authorizeCall();
      Inquiry.ask(
          parts.environment().authorization().executor(),
          new Inquiry.InquiryTerms(loop, asked.address(), asked.requestId(), MOST_INQUIRY_MILLIS),
          () ->
              authorize.basisAtOnce(asked).filter(basis::stillHoldsUnder).isPresent()
                  ? Optional.of(Optional.empty())
                  : Optional.empty(),
          () -> authorize.lookAgain(asked, basis),
          this);
    }

    @Override
    public void done(Optional<CallRefusal> why) {
      if (over) {
        message.release();
      } else if (why.isPresent()) {
        message.release();
        end(CallError.of(why.get()), 1008);
      } else {
        next.accept(message);
        advance();
      }
    }

    @Override
    public void refused(CallError why) {
      message.release();
      end(why, 1013);
    }

    @Override
    public void failed(Throwable why) {
      end(CallError.INTERNAL, 1011);
    }
  }

  private final class Asking implements ConversedResponse.Asker {
    @Override
    public void admitted(ByteBuf message) {
      callerBusy = false;
      if (over) {
        message.release();
        return;
      }
      lastAnswer = System.nanoTime();
      place.connection().ifPresent(Connection::countResponse);
      provider().channel().writeAndFlush(new TextWebSocketFrame(message));
      advance();
    }

    @Override
    public void whilePermitted(Runnable then) {
      new PermissionCheck(Unpooled.EMPTY_BUFFER, unusedMessage -> then.run()).begin();
    }

    @Override
    public void refused(CallError why) {
      current = null;
      callerBusy = false;
      if (!over) {
        tell(why);
        advance();
      }
    }

    @Override
    public void ended(CallError why) {
      current = null;
      end(why, 1008);
    }
  }
}
