package io.claviger.gateway.relay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.application.connections.NodeConnections.Connection;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.formats.ProviderApi.SocketUse;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.events.GatewayEvents.EndedWebSocket;
import io.claviger.gateway.model.SecretRequest;
import io.claviger.gateway.out.ProviderConnection;
import io.claviger.gateway.out.ProviderListener;
import io.claviger.gateway.redact.CallSecretRedactor;
import io.claviger.gateway.redact.Redactor;
import io.claviger.gateway.wire.GuardedTask;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A WebSocket of a caller and one of the provider, from the handshakes to the closing of both. What
 * the messages between them mean is known by a {@link Dialogue}. Where the first message leads to
 * the service, the caller's WebSocket is open before that of the provider. Confined to the event
 * loop of the call.
 */
@SuppressWarnings("FutureReturnValueIgnored") // closing can't fail in a way that matters
final class Conversation implements ProviderListener {
  private static final Logger LOG = LoggerFactory.getLogger(Conversation.class);
  private static final int LONGEST_REASON = 120;
  private static final int CLOSING_MILLIS = 500;

  private final GatewayCall call;
  private final CallParts parts;
  private final ProviderApi api;
  private final SocketUse use;
  private final EventLoop loop;
  private final Channel caller;
  private final MessageReader callerReader;
  private final MessageReader providerReader;
  private final MessageFlow flow;
  private final SocketHandshake handshake;
  private final SocketClock clock;

  private ConversationRoom.Place place;

  /** Told of the first message as long as no service is known; null once one is. */
  private @Nullable Leading leading;

  /** Whether the service is being looked for, or known. */
  private boolean isLed;

  /** What the session is told before the caller says anything; empty without a secret. */
  private Optional<SecretRequest> opening = Optional.empty();

  private @Nullable Dialogue dialogue;
  private @Nullable ProviderConnection provider;
  private @Nullable Redactor redactor;
  private String path = "";
  private String query = "";

  /** Whether the caller's handshake is answered. */
  private boolean isOpen;

  private boolean established;
  private boolean over;

  private long messages;
  private long responses;

  /** What ended the connection, in a word. */
  private String ended = "";

  /** What ends the connection once the messages that the provider sent before have passed. */
  private @Nullable Runnable providersEnd;

  /** Finds the service to which the first message leads. */
  interface Leading {
    /**
     * Begins to look for the service, and calls {@link #lead} with it.
     *
     * @param first stays with the caller
     * @return why the message leads nowhere, so that the next one counts as the first
     */
    Optional<CallError> begin(ByteBuf first);
  }

  private Conversation(
      GatewayCall call,
      CallParts parts,
      ProviderApi api,
      SocketUse use,
      ConversationRoom.Place place) {
    this.call = call;
    this.parts = parts;
    this.api = api;
    this.use = use;
    this.place = place;
    this.caller = parts.caller().channel();
    this.loop = caller.eventLoop();
    boolean binary = use == SocketUse.LIVE;
    this.handshake = new SocketHandshake(parts);
    this.clock = new SocketClock(loop);
    this.callerReader = new MessageReader(new FromCaller(), true, binary, handshake.compresses());
    this.providerReader = new MessageReader(new FromProvider(), false, binary, false);
    this.flow = new MessageFlow(parts, new Flowing(), place, callerReader, providerReader);
  }

  /**
   * Begins one whose service is known and permitted.
   *
   * @throws CallRefused if the request can't open a WebSocket, or too many are open
   */
  static Conversation of(GatewayCall call, CallParts parts, SocketTarget target) {
    AuthorizedCall given = parts.permission().call();
    ConversationRoom.Place place =
        entered(parts.environment().conversations().enter(given.basis().account().user()));
    ProviderApi api = given.standard().format().api();
    Conversation begun = new Conversation(call, parts, api, target.use(), place);
    try {
      begun.lead(target);
    } catch (CallRefused e) {
      place.leave();
      throw e;
    }
    return begun;
  }

  /**
   * Opens the WebSocket of a caller whose first message leads to the service.
   *
   * @param who calls, which is known
   * @param leading told of the first message
   * @throws CallRefused if too many are open
   */
  static Conversation awaiting(
      GatewayCall call,
      CallParts parts,
      ProviderApi api,
      SocketUse use,
      Handle who,
      Leading leading) {
    ConversationRoom.Place place = entered(parts.environment().conversations().enter(who));
    Conversation begun = new Conversation(call, parts, api, use, place);
    begun.leading = leading;
    return begun;
  }

  private static ConversationRoom.Place entered(Optional<ConversationRoom.Place> place) {
    return place.orElseThrow(() -> new CallRefused(CallError.TOO_MANY_WEB_SOCKETS));
  }

  /** Answers the caller's handshake, although no service is known. */
  void openToCaller() {
    switchProtocols();
    flow.advance();
  }

  /**
   * Takes note of where the messages go, which is permitted. Called again for another target if
   * this one can't be connected to.
   *
   * @throws CallRefused if the request can't open a WebSocket there
   */
  void lead(SocketTarget target) {
    AuthorizedCall given = parts.permission().call();
    SocketHandshake.demandFit(parts, given);
    path = target.path();
    String asked = parts.permission().authorizer().parsed().target().query();
    Speaking speaking = new Speaking();
    switch (use) {
      case CALLS -> dialogue = new ResponsesDialogue(parts, speaking, path, target.names());
      case SESSION -> {
        RealtimeSession session = RealtimeSession.of(given, asked, target);
        dialogue = new RealtimeDialogue(parts, speaking, session);
        query = session.query();
        opening = target.made();
      }
      case LIVE -> dialogue = new LiveDialogue(parts, speaking, target.names());
    }
    if (use != SocketUse.SESSION) {
      query = parts.provider().query(parts.permission().authorizer().parsed(), given);
    }
    SocketHandshake.demandNoReferences(given, target, query);
    if (leading != null) {
      ConversationRoom.Place before = place;
      place = entered(parts.environment().conversations().enter(given.basis().account().user()));
      flow.moveTo(place);
      before.leave();
      leading = null;
    }
    parts.permission().holdOpen();
  }

  /** Asks the provider for a WebSocket. */
  void begin(ProviderConnection opened) {
    provider = opened;
    opened.begin(this, parts.permission().call().timeout().millis());
    handshake.begin(opened, path, query);
  }

  @Override
  public void answered(HttpResponse head) {
    int status = head.status().code();
    if (status == 401 || status == 403) {
      call.keyRejected(status);
      call.fail(CallError.providerRejectedKey(parts.permission().call().source()));
    } else if (handshake.isOpenedBy(head)) {
      establish();
    } else {
      call.fail(CallError.WEB_SOCKET_NOT_OPENED);
    }
  }

  private void switchProtocols() {
    isOpen = true;
    parts.record().markOpened();
    clock.opened();
    handshake.answer(callerReader);
    if (!over) { // what came with the head may have ended it
      clock.messageCame();
      clock.look(guarded(this::endIfIdle), Long.MAX_VALUE);
    }
  }

  private void establish() {
    AuthorizedCall given = parts.permission().call();
    redactor = CallSecretRedactor.of(given, false);
    parts.record().markAnswerBegun();
    if (!parts.response().isBegun()) {
      opening.ifPresent(
          made ->
              flow.addFromCaller(new TextWebSocketFrame(Unpooled.wrappedBuffer(made.update()))));
      opening = Optional.empty();
      switchProtocols();
    }
    ProviderConnection opened = provider();
    opened.upgrade(providerReader.decoder(), new WebSocket13FrameEncoder(true), providerReader);
    if (over) {
      return; // what came with a head has ended it
    }
    established = true;
    place.opened(
        given.basis().account(), () -> onLoop(() -> end(CallError.CONNECTION_ENDED, 1008)));
    clock.messageCame();
    clock.providerIsFree();
    clock.endAfter(
        given.basis().connections().longest().minutes(),
        guarded(
            () -> end(1001, "The service lets no connection last for longer.", "longest_time")));
    clock.look(guarded(this::endIfIdle), longestSilence());
    flow.open(opened.channel(), dialogue());
    flow.advance();
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
    if (!established) {
      if (leading != null && clock.isUnled()) {
        end(1001, "No message has named a model within a minute.", "not_led");
      }
      return;
    }
    if (!dialogue().awaitsProvider() || !provider().channel().config().isAutoRead()) {
      clock.providerIsFree(); // it is not the provider who lets the others wait
    }
    if (clock.isProviderSilent(longestSilence())) {
      end(CallError.PROVIDER_TIMEOUT, 1011);
    } else if (!dialogue().isAnswering() && clock.isIdle()) {
      end(1001, "Nothing was sent for 15 minutes.", "idle");
    }
  }

  private void beginToLead() {
    Leading lead = leading;
    while (lead != null && !isLed && !over && flow.first() != null) {
      isLed = true; // a second message does not lead anywhere
      Optional<CallError> unfit = lead.begin(Objects.requireNonNull(flow.first()).content());
      if (unfit.isPresent()) {
        isLed = false;
        flow.dropFirst();
        refuse(unfit.get(), "");
      }
    }
  }

  private void refuse(CallError why, String stream) {
    if (!over && message(why).isEmpty()) {
      end(why, why.equals(Dialogue.MALFORMED) ? 1007 : codeFor(why));
    } else if (!over) {
      tell(why, stream);
    }
  }

  private static int codeFor(CallError why) {
    return why.status() < 500 ? 1008 : 1011;
  }

  private void tell(CallError why, String stream) {
    message(why)
        .map(text -> Dialogue.inStream(text, stream))
        .ifPresent(
            text ->
                caller.writeAndFlush(new TextWebSocketFrame(Unpooled.copiedBuffer(text, UTF_8))));
  }

  private Optional<String> message(CallError why) {
    CallError error = parts.permission().linkRequest(why);
    return api.errorMessage(error.status(), error.code(), error.message(), error.member());
  }

  /**
   * Called when the call can't go on.
   *
   * @return whether the caller still waits for the answer to the handshake; otherwise both sides
   *     are being closed
   */
  boolean isDropped(CallError why) {
    if (parts.response().isBegun()) {
      end(why, codeFor(why));
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
    handshake.forget();
    if (provider != null) {
      provider.abort();
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
    if (parts.response().isBegun()) {
      end(1001, "The gateway is about to close.", "node_closes");
    }
  }

  private void end(CallError why, int code) {
    if (!over) {
      parts.record().setFailure(why.code());
      tell(why, "");
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
    clock.stop();
    if (dialogue != null) {
      dialogue.close();
    }
    flow.close();
    handshake.forget();
    if (isOpen) {
      parts.record().addWebSocket(new EndedWebSocket(ended, clock.age(), messages, responses));
    }
    place.leave();
    if (redactor != null) {
      redactor.close();
    }
    if (established) {
      close(provider().channel(), code, "");
    } else if (provider != null) {
      provider.abort();
    }
    close(caller, code, reason);
    caller.config().setAutoRead(true); // closing with unread bytes would reset the connection
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

  private Dialogue dialogue() {
    return Objects.requireNonNull(dialogue);
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
    flow.advance();
  }

  /** The caller has read what was written. */
  void callerWritable() {
    flow.advance();
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
      flow.advance();
    } else {
      end.run();
    }
  }

  private void received() {
    clock.messageCame();
    messages++;
    place.connection().ifPresent(Connection::countMessage);
    flow.advance();
  }

  private final class FromCaller implements MessageReader.Receiver {
    @Override
    public void message(WebSocketFrame message) {
      flow.addFromCaller(message);
      received();
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
      flow.advance();
    }
  }

  private final class FromProvider implements MessageReader.Receiver {
    @Override
    public void message(WebSocketFrame message) {
      clock.providerIsFree();
      flow.addFromProvider(message);
      received();
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
      flow.advance();
    }
  }

  private final class Flowing implements MessageFlow.Receiver {
    @Override
    public void fromCaller(WebSocketFrame message) {
      dialogue().fromCaller(message);
    }

    @Override
    public void fromProvider(WebSocketFrame message) {
      if (redactor != null && redactor.finds(message.content().toString(ISO_8859_1))) {
        message.release();
        end(CallError.PROVIDER_ANSWER_UNUSABLE, 1011);
        return;
      }
      dialogue().fromProvider(message);
    }

    @Override
    public void paused() {
      beginToLead();
      if (!over && providersEnd != null && flow.hasPassedAll()) {
        providersEnd.run();
      }
    }

    @Override
    public void end(CallError why, int code) {
      Conversation.this.end(why, code);
    }

    @Override
    public void crowded() {
      Conversation.this.end(1013, "There is no room for this message now.", "no_room");
    }

    @Override
    public void broken(Throwable why) {
      call.fail(CallError.INTERNAL);
    }
  }

  private final class Speaking implements Dialogue.Sides {
    @Override
    public void toCaller(WebSocketFrame message) {
      caller.writeAndFlush(handshake.compresses() ? MessageCompression.deflated(message) : message);
    }

    @Override
    public void toProvider(WebSocketFrame message) {
      clock.providerIsFree();
      provider().channel().writeAndFlush(message);
    }

    @Override
    public void taken() {
      flow.taken();
      if (!over) {
        flow.advance();
      }
    }

    @Override
    public void refuse(CallError why, String stream) {
      Conversation.this.refuse(why, stream);
    }

    @Override
    public void end(CallError why, int code) {
      Conversation.this.end(why, code);
    }

    @Override
    public boolean isOver() {
      return over;
    }

    @Override
    public void whilePermitted(Runnable then) {
      flow.whilePermitted(then);
    }

    @Override
    public void asked() {
      responses++;
      place.connection().ifPresent(Connection::countResponse);
    }
  }
}
