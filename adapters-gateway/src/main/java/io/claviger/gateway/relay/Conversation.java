package io.claviger.gateway.relay;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.formats.ProviderApi.SocketUse;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.errors.Continuation;
import io.claviger.gateway.model.BodyReaders;
import io.claviger.gateway.model.SecretRequest;
import io.claviger.gateway.out.ProviderConnection;
import io.claviger.gateway.out.ProviderListener;
import io.claviger.gateway.redact.CallSecretRedactor;
import io.claviger.gateway.wire.GuardedTask;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A conversation: the caller's WebSocket and the provider's WebSocket, from the handshakes until
 * both are closed. A {@link Dialogue} implements the protocol of the messages. If the caller's
 * first message selects the service, the caller's WebSocket opens before the provider's. Only used
 * on the event loop of the call.
 */
@SuppressWarnings("FutureReturnValueIgnored") // closing can't fail in a way that matters
final class Conversation implements ProviderListener {
  private static final Logger LOG = LoggerFactory.getLogger(Conversation.class);

  /** The time between two checks of the caller's token while the caller has not named a model. */
  private static final long LOOK_AT_TOKEN_MILLIS = 500;

  private final GatewayCall call;
  private final CallParts parts;
  private final SocketUse use;
  private final EventLoop loop;
  private final Channel caller;
  private final SocketHandshake handshake;
  private final SocketClock clock;
  private final ConversationSides sides;
  private final ConversationEnd end;

  /** The object that receives the caller's first message; null once the service is known. */
  private @Nullable ServiceFinder finder;

  /** Whether the first message has selected the service, or is being read to select it. */
  private boolean isFirstTaken;

  /** Whether the gateway is reading the first message to find the service. */
  private boolean readsFirst;

  /**
   * The settings to send to the provider before the caller's first message; empty if the session
   * was opened without a client secret.
   */
  private Optional<SecretRequest> opening = Optional.empty();

  private String path = "";
  private String query = "";

  /** Finds the service from the caller's first message. */
  interface ServiceFinder {
    /**
     * Begins to read a message. Another thread may read it.
     *
     * @param first the first message, which still belongs to the caller of this method
     */
    First read(ByteBuf first);

    /**
     * Checks whether the caller's token is still valid.
     *
     * @param ended the receiver of the reason if the token is no longer valid; it might be called
     *     after this method has returned
     */
    void checkToken(Consumer<CallError> ended);
  }

  /**
   * The caller's first message. The gateway reads the message before the service is known.
   *
   * @param begin the function that begins to look for the service, and then calls {@link
   *     #setTarget} with the service. If the message names no service, {@code begin} returns the
   *     reason, and the next message counts as the first
   */
  record First(BodyReaders.Reading reading, Supplier<Optional<CallError>> begin) {}

  private Conversation(
      GatewayCall call,
      CallParts parts,
      ProviderApi api,
      SocketUse use,
      ConversationRoom.Place place) {
    this.call = call;
    this.parts = parts;
    this.use = use;
    this.caller = parts.caller().channel();
    this.loop = caller.eventLoop();
    this.handshake = new SocketHandshake(parts);
    this.clock = new SocketClock(loop);
    boolean binary = use == SocketUse.LIVE;
    this.sides = new ConversationSides(parts, new Sides(), handshake, clock, place, binary);
    this.end = new ConversationEnd(call, parts, api, use, clock, sides);
    place.endBy(() -> onLoop(end::giveWay));
  }

  /**
   * Begins a conversation with a known service and a permitted call.
   *
   * @throws CallRefused if the request can't open a WebSocket, or if too many WebSockets are open
   */
  static Conversation of(GatewayCall call, CallParts parts, SocketTarget target) {
    AuthorizedCall given = parts.permission().call();
    ProviderApi api = given.standard().format().api();
    Conversation begun = entered(call, parts, api, target.use(), given.countedAs());
    try {
      begun.setTarget(target);
    } catch (Throwable e) {
      begun.sides.drop();
      throw e;
    }
    return begun;
  }

  /**
   * Opens a WebSocket to a caller. The caller's first message selects the service.
   *
   * @param who the id whose limits on WebSockets apply
   * @param finder the object that receives the first message
   * @throws CallRefused if too many WebSockets are open
   */
  static Conversation awaiting(
      GatewayCall call,
      CallParts parts,
      ProviderApi api,
      SocketUse use,
      UUID who,
      ServiceFinder finder) {
    Conversation begun = entered(call, parts, api, use, who);
    begun.finder = finder;
    return begun;
  }

  /**
   * Creates a conversation, which counts against the limits on WebSockets until it ends or is
   * dropped.
   */
  private static Conversation entered(
      GatewayCall call, CallParts parts, ProviderApi api, SocketUse use, UUID who) {
    ConversationRoom.Place place =
        parts
            .environment()
            .conversations()
            .enter(who)
            .orElseThrow(() -> new CallRefused(CallError.TOO_MANY_WEB_SOCKETS));
    try {
      return new Conversation(call, parts, api, use, place);
    } catch (Throwable e) {
      place.leave();
      throw e;
    }
  }

  /** Answers the caller's handshake before the service is known. */
  void openToCaller() {
    switchProtocols(null);
    sides.flow().advance();
  }

  /**
   * Sets the target of the messages. The caller must be permitted to use the target. Called again
   * with another target if the previous target is unreachable.
   *
   * @throws CallRefused if the request can't open a WebSocket at this target
   */
  void setTarget(SocketTarget target) {
    AuthorizedCall given = parts.permission().call();
    SocketHandshake.demandFit(parts, given);
    path = target.path();
    String asked = parts.permission().authorizer().parsed().target().query();
    Dialogue.Sides speaking = sides.speaking();
    switch (use) {
      case CALLS -> sides.speak(new ResponsesDialogue(parts, speaking, path, target.names()));
      case SESSION -> {
        RealtimeSession session = RealtimeSession.of(given, asked, target);
        sides.speak(new RealtimeDialogue(parts, speaking, session));
        query = session.query();
        opening = target.made();
      }
      case LIVE -> sides.speak(new LiveDialogue(parts, speaking, target.names()));
    }
    if (use != SocketUse.SESSION) {
      query = parts.provider().query(parts.permission().authorizer().parsed(), given);
    }
    SocketHandshake.demandNoReferences(given, target, query);
    finder = null;
    parts.permission().holdOpen();
  }

  /** Asks the provider to open a WebSocket. */
  void begin(ProviderConnection opened) {
    sides.ask(opened);
    opened.begin(this, parts.permission().call().timeout().millis());
    handshake.begin(opened, path, query);
  }

  @Override
  public void answered(HttpResponse head) {
    int status = head.status().code();
    if (status == 401) {
      call.keyRejected(status);
      call.fail(CallError.providerRejectedKey(parts.permission().call().source()));
    } else if (handshake.isOpenedBy(head)) {
      establish(head);
    } else {
      call.fail(CallError.WEB_SOCKET_NOT_OPENED);
    }
  }

  /**
   * @param answer the provider's answer; null before the provider was asked
   */
  private void switchProtocols(@Nullable HttpResponse answer) {
    sides.open();
    parts.record().markOpened();
    clock.opened();
    handshake.answer(sides.callerReader(), answer);
    if (!sides.isOver()) { // a message that arrived with the head may have ended the conversation
      clock.messageCame();
      clock.look(guarded(this::endIfIdle), LOOK_AT_TOKEN_MILLIS);
    }
  }

  private void establish(HttpResponse answer) {
    AuthorizedCall given = parts.permission().call();
    sides.searchFor(CallSecretRedactor.of(given, false));
    parts.record().markAnswerBegun();
    if (!parts.response().isBegun()) {
      opening.ifPresent(
          made ->
              sides
                  .flow()
                  .addFromCaller(new TextWebSocketFrame(Unpooled.wrappedBuffer(made.update()))));
      opening = Optional.empty();
      switchProtocols(answer);
    }
    ProviderConnection opened = sides.provider();
    MessageReader reader = sides.providerReader();
    opened.upgrade(reader.decoder(), new WebSocket13FrameEncoder(true), reader);
    if (sides.isOver()) {
      return; // a message that arrived with a head has ended the conversation
    }
    sides.establish();
    Runnable endIt = () -> onLoop(() -> end.end(CallError.CONNECTION_ENDED, 1008));
    parts.record().setConnection(sides.place().opened(given.basis().account(), endIt));
    clock.messageCame();
    clock.providerIsFree();
    clock.endAfter(
        given.basis().connection().terms().longest().minutes(),
        guarded(
            () ->
                end.end(1001, "The service does not permit longer connections.", "longest_time")));
    clock.look(
        guarded(this::endIfIdle),
        Math.min(longestSilence(), parts.environment().bodyTimeouts().held().toMillis()));
    sides.flow().open(opened.channel(), sides.dialogue());
    sides.flow().advance();
  }

  private Runnable guarded(Runnable task) {
    return GuardedTask.of(task, failure -> call.fail(CallError.INTERNAL));
  }

  private void onLoop(Runnable task) {
    try {
      loop.execute(guarded(task));
    } catch (RejectedExecutionException closed) {
      LOG.debug("the gateway has ended the event loop of the connection");
    }
  }

  private long longestSilence() {
    return parts.permission().call().timeout().millis();
  }

  private void endIfIdle() {
    if (!sides.isEstablished()) {
      ServiceFinder present = finder;
      if (present != null && !isFirstTaken && clock.isLateToNameModel()) {
        end.end(1001, "No message named a model within a minute.", "not_led");
      } else if (present != null) {
        present.checkToken(this::endWithoutService);
      }
      return;
    }
    if (!sides.dialogue().awaitsProvider() || !sides.provider().channel().config().isAutoRead()) {
      clock.providerIsFree(); // the provider does not cause the delay
    }
    long longest = parts.environment().bodyTimeouts().held().toNanos();
    if (sides.flow().isCallerLate(longest)) {
      end.end(1008, "A message took too long to arrive.", "message_late");
    } else if (sides.flow().isProviderLate(longest)
        || clock.isProviderSilent(longestSilence() + sides.dialogue().soundMillis())) {
      end.end(CallError.PROVIDER_TIMEOUT, 1011);
    } else if (!sides.dialogue().isAnswering() && clock.isIdle()) {
      end.end(1001, "Nothing was sent for 15 minutes.", "idle");
    }
  }

  private void endWithoutService(CallError why) {
    if (finder != null) {
      call.fail(why);
    }
  }

  private void readFirst() {
    ServiceFinder present = finder;
    if (present == null || readsFirst) {
      return;
    }
    readsFirst = true;
    try {
      while (!isFirstTaken && !sides.isOver() && sides.flow().first() != null) {
        isFirstTaken = true; // only the first message selects the service
        First first = present.read(Objects.requireNonNull(sides.flow().first()).content());
        sides.read(first.reading(), new FirstRead(first));
      }
    } finally {
      readsFirst = false;
    }
  }

  private final class FirstRead implements Continuation<BodyReaders.Reading> {
    private final First first;

    FirstRead(First first) {
      this.first = first;
    }

    @Override
    public void done(BodyReaders.Reading read) {
      if (!sides.isOver()) {
        first.begin().get().ifPresent(this::refused);
      }
    }

    @Override
    public void refused(CallError why) {
      if (!sides.isOver()) {
        isFirstTaken = false;
        sides.flow().dropFirst();
        end.refuse(why, "");
        if (!readsFirst) {
          sides.flow().advance();
        }
      }
    }

    @Override
    public void failed(Throwable why) {
      call.fail(CallError.INTERNAL);
    }
  }

  /**
   * Called if the call can't continue.
   *
   * @return true if the caller still waits for the answer to the handshake; false if both sides are
   *     being closed
   */
  boolean isDropped(CallError why) {
    return end.isDropped(why);
  }

  /**
   * Called after a failure in the gateway itself.
   *
   * @return whether the caller still waits for the answer to the handshake
   */
  boolean isDropped(Throwable why) {
    return end.isDropped(why);
  }

  /**
   * Called after the caller's connection has closed.
   *
   * @return whether this ended the conversation; false if the conversation had not begun
   */
  boolean callerGone() {
    return end.callerGone();
  }

  void gatewayLeaves() {
    end.gatewayLeaves();
  }

  @Override
  public void content(ByteBuf content) {
    content.release(); // this is the body of an answer that opens no WebSocket
  }

  @Override
  public void answerEnded() {}

  @Override
  public void writable() {
    sides.flow().advance();
  }

  /** Called when the caller has read so much that the gateway can write more. */
  void callerWritable() {
    sides.flow().advance();
  }

  @Override
  public void silent() {
    call.fail(CallError.PROVIDER_TIMEOUT);
  }

  @Override
  public void broken() {
    sides.providerEnded(() -> call.fail(CallError.PROVIDER_BROKE_OFF));
  }

  @Override
  public void malformed() {
    sides.providerEnded(() -> call.fail(CallError.PROVIDER_ANSWER_UNUSABLE));
  }

  private final class Sides implements ConversationSides.Receiver {
    @Override
    public void refuse(CallError why, String stream) {
      end.refuse(why, stream);
    }

    @Override
    public void end(CallError why, int code) {
      end.end(why, code);
    }

    @Override
    public void end(int code, String reason, String why) {
      end.end(code, reason, why);
    }

    @Override
    public void broken() {
      call.fail(CallError.INTERNAL);
    }

    @Override
    public void paused() {
      readFirst();
    }
  }
}
