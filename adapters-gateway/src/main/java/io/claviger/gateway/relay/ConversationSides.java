package io.claviger.gateway.relay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.claviger.application.connections.NodeConnections.Connection;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.Continuation;
import io.claviger.gateway.model.BodyReaders;
import io.claviger.gateway.out.ProviderConnection;
import io.claviger.gateway.redact.Redactor;
import io.claviger.gateway.wire.GuardedTask;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two sides of a conversation. A message from either side waits for its turn, and is then
 * searched for the service's key. After the search, the {@link Dialogue} receives the message and
 * sends it to the other side. Only used on the event loop of the call.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails ends the connection
final class ConversationSides {
  private static final Logger LOG = LoggerFactory.getLogger(ConversationSides.class);

  private final Receiver receiver;
  private final SocketHandshake handshake;
  private final SocketClock clock;
  private final Channel caller;
  private final BodyReaders readers;
  private final MessageReader callerReader;
  private final MessageReader providerReader;
  private final MessageFlow flow;

  private final ConversationRoom.Place place;
  private @Nullable Dialogue dialogue;
  private @Nullable Redactor redactor;

  /** Whether another thread is searching a message for the key. */
  private boolean searching;

  private @Nullable ProviderConnection provider;

  /** Whether the caller's handshake has been answered. */
  private boolean isOpen;

  private boolean established;

  /** Whether the conversation has ended. Also read by the threads that read messages. */
  private volatile boolean over;

  /**
   * Whether the dialogue was already waiting for the provider when the caller's current message
   * arrived, or has been waiting since the provider's last message. If the result is true, the
   * caller's message does not give the provider more time: the caller may send sound all the time.
   */
  private boolean awaitsProvider;

  private long messages;
  private long responses;

  /**
   * The action that ends the connection after all earlier messages of the provider have been
   * handled; null while the provider has not ended the connection.
   */
  private @Nullable Runnable providersEnd;

  /** Learns when a conversation pauses or ends, and when a message is refused. */
  interface Receiver {
    /**
     * Called for a refused message or response. The connection stays open if the format has an
     * error for refusals.
     *
     * @param stream the stream in the refused message; empty if it names no stream
     */
    void refuse(CallError why, String stream);

    /** Called if the connection has to end with an error for the caller. */
    void end(CallError why, int code);

    /**
     * Called if the connection has to end because a side ends it or because a limit of the gateway
     * is reached.
     */
    void end(int code, String reason, String why);

    /** Called after a failure in the gateway itself. */
    void broken();

    /** Called when no more messages can be forwarded until a side accepts more data. */
    void paused();
  }

  /**
   * @param binary whether to read binary frames like text frames
   */
  ConversationSides(
      CallParts parts,
      Receiver receiver,
      SocketHandshake handshake,
      SocketClock clock,
      ConversationRoom.Place place,
      boolean binary) {
    this.receiver = receiver;
    this.handshake = handshake;
    this.clock = clock;
    this.place = place;
    this.caller = parts.caller().channel();
    this.readers = parts.environment().bodyReaders();
    this.callerReader =
        MessageReader.ofCaller(new FromCaller(), binary, handshake.compresses(), System::nanoTime);
    this.providerReader = MessageReader.ofProvider(new FromProvider(), binary, System::nanoTime);
    this.flow = new MessageFlow(parts, new Flowing(), place, callerReader, providerReader);
  }

  MessageReader callerReader() {
    return callerReader;
  }

  MessageReader providerReader() {
    return providerReader;
  }

  MessageFlow flow() {
    return flow;
  }

  ConversationRoom.Place place() {
    return place;
  }

  /** What the dialogue can do with the two sides. */
  Dialogue.Sides speaking() {
    return new Speaking();
  }

  /** Sets the dialogue that handles all further messages. */
  void speak(Dialogue spoken) {
    dialogue = spoken;
  }

  /** Must be called only after {@link #speak}. */
  Dialogue dialogue() {
    return Objects.requireNonNull(dialogue);
  }

  /** Sets the connection on which the provider was asked to open a WebSocket. */
  void ask(ProviderConnection asked) {
    provider = asked;
  }

  /** Must be called only after {@link #ask}. */
  ProviderConnection provider() {
    return Objects.requireNonNull(provider);
  }

  /**
   * Called after the provider has opened its WebSocket.
   *
   * @param key the redactor that finds the service's key in messages; it is closed at the end of
   *     the conversation
   */
  void searchFor(Redactor key) {
    redactor = key;
  }

  /** Called directly before the caller's handshake is answered. */
  void open() {
    isOpen = true;
  }

  boolean isOpen() {
    return isOpen;
  }

  /**
   * Records that both sides can exchange frames. Called after the {@link MessageFlow} has been
   * opened.
   */
  void establish() {
    established = true;
  }

  boolean isEstablished() {
    return established;
  }

  /** The provider's side; empty until the provider can exchange frames. */
  Optional<Channel> establishedWith() {
    return established ? Optional.of(provider().channel()) : Optional.empty();
  }

  boolean isOver() {
    return over;
  }

  long messages() {
    return messages;
  }

  long responses() {
    return responses;
  }

  /** Ends a conversation that has not exchanged messages. This method can be called repeatedly. */
  void drop() {
    over = true;
    place.leave();
    handshake.forget();
    if (provider != null) {
      provider.abort();
    }
  }

  /**
   * Ends and charges the running responses, drops the waiting messages, and closes the connection
   * to a provider that has not opened a WebSocket. From now on, no messages are forwarded.
   */
  void close() {
    over = true;
    try {
      if (dialogue != null) {
        dialogue.close();
      }
    } finally { // also if a response can't be charged
      leave();
    }
  }

  private void leave() {
    flow.close();
    handshake.forget();
    if (isOpen) {
      place.keepUnwritten(caller);
    }
    establishedWith().ifPresent(place::keepUnwritten);
    place.leave();
    forgetKey();
    if (!established && provider != null) {
      provider.abort();
    }
  }

  private void forgetKey() {
    if (redactor != null && !searching) {
      redactor.close();
    }
  }

  /**
   * Ends the connection after all earlier messages of the provider have been handled, because these
   * messages might state the usage.
   */
  void providerEnded(Runnable end) {
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

  /**
   * Reads a message, unless the conversation has ended. A message that is too large for the event
   * loop is read on another thread. The message keeps its reserved memory until it has been read.
   */
  void read(BodyReaders.Reading message, Continuation<BodyReaders.Reading> then) {
    WhileOpen reading = new WhileOpen(message);
    HasRead hasRead = new HasRead(reading.bytes(), then);
    place.keep(reading.bytes());
    try {
      readers.read(reading, place.caller(), caller.eventLoop(), hasRead);
    } catch (Throwable e) { // for example, no thread could be started
      LOG.error("a message could not be read", e);
      hasRead.failed(e);
    }
  }

  private final class WhileOpen implements BodyReaders.Reading {
    private final BodyReaders.Reading message;
    private final long bytes;

    WhileOpen(BodyReaders.Reading message) {
      this.message = message;
      this.bytes = message.bytes();
    }

    @Override
    public long bytes() {
      return bytes;
    }

    @Override
    public boolean readOn() {
      return over || message.readOn();
    }
  }

  private final class HasRead implements Continuation<BodyReaders.Reading> {
    private final Continuation<BodyReaders.Reading> next;
    private long bytes;

    HasRead(long bytes, Continuation<BodyReaders.Reading> next) {
      this.bytes = bytes;
      this.next = next;
    }

    private void release() {
      place.release(bytes);
      bytes = 0;
    }

    @Override
    public void done(BodyReaders.Reading read) {
      release();
      next.done(read);
    }

    @Override
    public void refused(CallError why) {
      release();
      next.refused(why);
    }

    @Override
    public void failed(Throwable why) {
      release();
      next.failed(why);
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
      receiver.end(code, "", "caller_closed");
    }

    @Override
    public void violated(int code) {
      receiver.end(code, "", "caller_violated");
    }

    @Override
    public void read(LargeMessage message, Continuation<BodyReaders.Reading> then) {
      ConversationSides.this.read(message, then);
    }

    @Override
    public void unread(CallError why) {
      if (over) {
        return;
      }
      if (why.equals(CallError.BUSY)) {
        receiver.refuse(why, "");
        flow.advance();
      } else {
        receiver.end(why, 1011);
      }
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
      providerEnded(() -> receiver.end(code, "", ConversationEnd.PROVIDER_CLOSED));
    }

    @Override
    public void violated(int code) {
      providerEnded(() -> receiver.end(CallError.PROVIDER_ANSWER_UNUSABLE, 1011));
    }

    @Override
    public void read(LargeMessage message, Continuation<BodyReaders.Reading> then) {
      throw new IllegalStateException(
          "a message of the provider was read before the permission check");
    }

    @Override
    public void unread(CallError why) {
      throw new IllegalStateException(
          "a message of the provider was read before the permission check");
    }

    @Override
    public void paused() {
      flow.advance();
    }
  }

  private final class Flowing implements MessageFlow.Receiver {
    @Override
    public void fromCaller(WebSocketFrame message) {
      awaitsProvider = dialogue().awaitsProvider();
      Dialogue.Said said = dialogue().fromCaller(message);
      read(said.reading(), new Taking(said));
    }

    @Override
    public void fromProvider(WebSocketFrame message) {
      Redactor key = redactor;
      if (message.content().readableBytes() > LargeMessage.LEAST) {
        searching = true;
        LargeMessage large = LargeMessage.of(message.content().retain(), key);
        new Searched(message, large).begin();
      } else if (key != null && key.finds(message.content().toString(ISO_8859_1))) {
        message.release();
        end(CallError.PROVIDER_ANSWER_UNUSABLE, 1011);
      } else {
        hear(message);
      }
    }

    @Override
    public void paused() {
      receiver.paused();
      if (!over && providersEnd != null && flow.hasPassedAll()) {
        providersEnd.run();
      }
    }

    @Override
    public void end(CallError why, int code) {
      receiver.end(why, code);
    }

    @Override
    public void crowded() {
      receiver.end(1013, "There is no memory for this message now.", ConversationEnd.NO_ROOM);
    }

    @Override
    public void broken(Throwable why) {
      receiver.broken();
    }
  }

  private void hear(WebSocketFrame message) {
    flow.heard();
    dialogue().fromProvider(message);
    awaitsProvider = dialogue().awaitsProvider();
  }

  /** Receives a message of the provider after another thread has searched it for the key. */
  private final class Searched implements Continuation<BodyReaders.Reading> {
    private final WebSocketFrame message;
    private final LargeMessage large;
    private final long bytes;
    private final long began = System.nanoTime();
    private boolean owned = true;

    Searched(WebSocketFrame message, LargeMessage large) {
      this.message = message;
      this.large = large;
      this.bytes = large.bytes();
    }

    void begin() {
      read(large, this);
    }

    private void beginAgain() {
      if (over) {
        drop();
        place.release(bytes);
      } else {
        place.release(bytes);
        begin();
      }
    }

    private void drop() {
      forget();
      message.release();
    }

    private void forget() {
      searching = false;
      large.close();
      if (over) {
        forgetKey();
      }
    }

    @Override
    public void done(BodyReaders.Reading read) {
      boolean unfit = large.hasKey() || large.fault().isPresent();
      forget();
      owned = false;
      if (over || unfit) {
        message.release();
      }
      if (unfit && !over) {
        receiver.end(CallError.PROVIDER_ANSWER_UNUSABLE, 1011);
      } else if (!over) {
        // The call is checked again, because the message has waited for a thread since the last
        // check.
        flow.whilePermitted(read.bytes(), message::release, () -> hear(message));
      }
    }

    /**
     * If too many messages were waiting, tries again soon. The gateway does not drop the message,
     * because the provider may charge for the message anyway. Until the next attempt, the message
     * occupies memory, even after the end of the connection.
     */
    @Override
    public void refused(CallError why) {
      if (!over && flow.isTriedAgain(why, began, GuardedTask.of(this::beginAgain, this::failed))) {
        place.keep(bytes);
        return;
      }
      drop();
      if (!over) {
        receiver.end(why.equals(CallError.BUSY) ? CallError.ANSWER_LOST : why, 1011);
      }
    }

    @Override
    public void failed(Throwable why) {
      forget();
      if (owned) {
        message.release();
      }
      receiver.broken();
    }
  }

  /** Handles a message of the caller that has been read, unless the conversation has ended. */
  private final class Taking implements Continuation<BodyReaders.Reading> {
    private final Dialogue.Said said;

    Taking(Dialogue.Said said) {
      this.said = said;
    }

    @Override
    public void done(BodyReaders.Reading read) {
      if (BodyReaders.isReadAtOnce(read)) {
        take();
      } else {
        // The call is checked again, because the message has waited for a thread since the last
        // check.
        flow.whilePermitted(read.bytes(), () -> {}, this::take);
      }
    }

    private void take() {
      if (!over) {
        said.take().run();
        flow.advance();
      }
    }

    @Override
    public void refused(CallError why) {
      if (!over) {
        receiver.refuse(why, "");
        flow.taken();
        flow.advance();
      }
    }

    @Override
    public void failed(Throwable why) {
      receiver.broken();
    }
  }

  private final class Speaking implements Dialogue.Sides {
    @Override
    public void toCaller(WebSocketFrame message) {
      caller.writeAndFlush(handshake.compresses() ? MessageCompression.deflated(message) : message);
    }

    @Override
    public void toProvider(WebSocketFrame message) {
      if (!awaitsProvider) {
        clock.providerIsFree();
      }
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
      receiver.refuse(why, stream);
    }

    @Override
    public void end(CallError why, int code) {
      receiver.end(why, code);
    }

    @Override
    public boolean isOver() {
      return over;
    }

    @Override
    public void whilePermitted(Runnable then) {
      flow.whilePermitted(0, () -> {}, then);
    }

    @Override
    public void asked() {
      responses++;
      place.connection().ifPresent(Connection::countResponse);
    }
  }
}
