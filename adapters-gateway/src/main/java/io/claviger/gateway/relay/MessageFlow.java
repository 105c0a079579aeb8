package io.claviger.gateway.relay;

import io.claviger.application.gateway.CallAuthorization.CallRequest;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.Continuation;
import io.claviger.gateway.wire.GuardedTask;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Forwards the messages of a conversation, one at a time in each direction. Before each message,
 * the flow checks that the call is still permitted. While one side accepts no more data, nothing is
 * read from the other side. Only used on the event loop of the call.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a task that the loop drops has nothing left to do
final class MessageFlow {
  private static final long MOST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(3);
  private static final int AGAIN_MILLIS = 20;

  /** Receives the messages, and learns when the connection has to end. */
  interface Receiver {
    void fromCaller(WebSocketFrame message);

    void fromProvider(WebSocketFrame message);

    /** Called when no more messages can be accepted until a side accepts more data. */
    void paused();

    void end(CallError why, int code);

    /** Called when all connections together hold too many bytes. */
    void crowded();

    void broken(Throwable why);
  }

  private final CallParts parts;
  private final Receiver receiver;
  private final ConversationRoom.Place place;
  private final MessageReader callerReader;
  private final MessageReader providerReader;
  private final Channel caller;
  private final WaitingMessages callerMessages = new WaitingMessages();
  private final WaitingMessages providerMessages = new WaitingMessages();
  private @Nullable Channel provider;
  private @Nullable Dialogue dialogue;
  private boolean advancing;
  private boolean over;
  private boolean callerBusy;
  private boolean providerBusy;
  private long callerTaken;
  private long providerTaken;
  private boolean resumes;

  MessageFlow(
      CallParts parts,
      Receiver receiver,
      ConversationRoom.Place place,
      MessageReader callerReader,
      MessageReader providerReader) {
    this.parts = parts;
    this.receiver = receiver;
    this.place = place;
    this.callerReader = callerReader;
    this.providerReader = providerReader;
    this.caller = parts.caller().channel();
  }

  /** Opens the flow. No messages are forwarded before {@link #advance} has been called. */
  void open(Channel toProvider, Dialogue spoken) {
    provider = toProvider;
    dialogue = spoken;
  }

  /**
   * @param message the message, which the flow has to release
   */
  void addFromCaller(WebSocketFrame message) {
    callerMessages.add(message);
  }

  /**
   * @param message the message, which the flow has to release
   */
  void addFromProvider(WebSocketFrame message) {
    providerMessages.add(message);
  }

  /**
   * The caller's first waiting message, which stays in the queue; null if no message is waiting.
   */
  @Nullable WebSocketFrame first() {
    return callerMessages.peek();
  }

  /** Removes the caller's first waiting message. */
  void dropFirst() {
    WebSocketFrame first = callerMessages.poll();
    if (first != null) {
      first.release();
    }
  }

  /** Called after the caller's current message has been handled. */
  void taken() {
    callerBusy = false;
  }

  /** Called after the provider's current message has been handled. */
  void heard() {
    providerBusy = false;
  }

  /** Whether all of the provider's messages have been forwarded. */
  boolean hasPassedAll() {
    return providerMessages.isEmpty() && !providerBusy;
  }

  /** Handles the waiting messages, one at a time in each direction. */
  void advance() {
    if (advancing || over) {
      return;
    }
    advancing = true;
    try {
      callerReader.resume();
      providerReader.resume();
      while (!over && (takeFromCaller() || takeFromProvider())) {
        // The next message may be taken now.
      }
    } finally {
      advancing = false;
    }
    if (!over) {
      receiver.paused();
    }
    if (!over) {
      account();
    }
  }

  private boolean takeFromCaller() {
    Dialogue spoken = dialogue;
    Channel to = provider;
    // The gateway may answer messages with errors. If the caller did not read the errors, they
    // would fill the memory.
    boolean waits =
        spoken == null
            || to == null
            || callerBusy
            || !spoken.takesMore()
            || !to.isWritable()
            || !caller.isWritable();
    WebSocketFrame next = waits ? null : callerMessages.poll();
    if (next == null) {
      return false;
    }
    callerBusy = true;
    callerTaken = next.content().readableBytes();
    new PermissionCheck(callerTaken, next::release, () -> receiver.fromCaller(next)).begin();
    return true;
  }

  private boolean takeFromProvider() {
    WebSocketFrame next = providerBusy || !caller.isWritable() ? null : providerMessages.poll();
    if (next == null) {
      return false;
    }
    providerBusy = true;
    providerTaken = next.content().readableBytes();
    new PermissionCheck(providerTaken, next::release, () -> receiver.fromProvider(next)).begin();
    return true;
  }

  /**
   * Counts the bytes in memory, and reads from a side only if its messages can be forwarded soon.
   */
  private void account() {
    Channel to = provider;
    long held = callerReader.held() + providerReader.held();
    held += dialogue == null ? 0 : dialogue.held();
    held += callerMessages.held() + providerMessages.held();
    long taken = (callerBusy ? callerTaken : 0) + (providerBusy ? providerTaken : 0);
    held += Math.max(0, taken - (place.kept() - callerReader.kept()));
    held += unwritten(caller) + (to == null ? 0 : unwritten(to));
    if (!place.hold(held)) {
      receiver.crowded();
      return;
    }
    // While a message waits for its turn, the gateway reads from the caller, to notice if the
    // caller leaves. If a side does not accept the answers to its pings, the gateway stops reading
    // from this side.
    boolean takesCaller = !callerReader.isTooFast() && !callerReader.isBusy();
    callerReader.read(caller, callerMessages.isEmpty() && takesCaller);
    if (to != null) {
      providerReader.read(to, hasPassedAll() && !providerReader.isTooFast());
    }
    if ((callerReader.isTooFast() || providerReader.isTooFast()) && !resumes) {
      resumes = true;
      caller
          .eventLoop()
          .schedule(
              GuardedTask.of(
                  () -> {
                    resumes = false;
                    advance();
                  },
                  receiver::broken),
              Math.max(callerReader.nanosToWait(), providerReader.nanosToWait()),
              TimeUnit.NANOSECONDS);
    }
  }

  /**
   * The approximate number of bytes that have been written to a side, but are not sent yet. A
   * closed channel holds no bytes, although it counts as not writable.
   */
  static long unwritten(Channel side) {
    return side.isWritable() || !side.isActive() ? 0 : side.bytesBeforeWritable();
  }

  /**
   * Whether an incomplete message of the caller has been arriving for too long.
   *
   * @param longest the longest permitted time, in nanoseconds
   */
  boolean isCallerLate(long longest) {
    return callerReader.isLate(longest);
  }

  /**
   * Whether an incomplete message of the provider has been arriving for too long.
   *
   * @param longest the longest permitted time, in nanoseconds
   */
  boolean isProviderLate(long longest) {
    return providerReader.isLate(longest);
  }

  /** Releases the waiting messages. From now on, no messages are forwarded. */
  void close() {
    over = true;
    callerMessages.release();
    providerMessages.release();
    callerReader.end();
    providerReader.end();
  }

  /**
   * Runs {@code then} if the call is still permitted. If the call is not, ends the connection.
   *
   * @param bytes the size of the message, which keeps its memory while it waits for the decision
   * @param forget an action that is called instead of {@code then} if the connection ends first
   */
  void whilePermitted(long bytes, Runnable forget, Runnable then) {
    new PermissionCheck(bytes, forget, then).begin();
  }

  /**
   * Tries again soon if an attempt was refused only because too many tasks were waiting.
   *
   * @param began the time of the first attempt, as a value of {@link System#nanoTime}
   * @return false if the attempt was refused for another reason, or if the attempts have taken 3
   *     seconds
   */
  boolean isTriedAgain(CallError why, long began, Runnable again) {
    boolean tries = why.equals(CallError.BUSY) && System.nanoTime() - began < MOST_WAIT_NANOS;
    if (tries) {
      caller.eventLoop().schedule(again, AGAIN_MILLIS, TimeUnit.MILLISECONDS);
    }
    return tries;
  }

  /** Continues with a message if the call is still permitted. */
  private final class PermissionCheck implements Continuation<Optional<CallRefusal>> {
    private final Runnable forget;
    private final Runnable next;
    private final long began = System.nanoTime();
    private long bytes;

    PermissionCheck(long bytes, Runnable forget, Runnable next) {
      this.bytes = bytes;
      this.forget = forget;
      this.next = next;
    }

    void begin() {
      place.keep(bytes);
      ask();
    }

    private void ask() {
      if (over) {
        forget();
        return;
      }
      CallRequest asked = Objects.requireNonNull(parts.permission().request());
      AuthorizedCall.AuthorizationBasis basis = parts.permission().call().basis();
      parts.checkPermissionAgain(asked, basis, this);
    }

    private void forget() {
      release();
      forget.run();
    }

    private void release() {
      place.release(bytes);
      bytes = 0;
    }

    @Override
    public void done(Optional<CallRefusal> why) {
      if (over) {
        forget();
      } else if (why.isPresent()) {
        forget();
        receiver.end(CallError.of(why.get()), 1008);
      } else {
        release();
        next.run();
        advance();
      }
    }

    /**
     * If too many checks were running, repeats the check: there is room again within milliseconds,
     * unless the database is slow. If a message of the provider is lost, the provider might charge
     * for it.
     */
    @Override
    public void refused(CallError why) {
      if (isTriedAgain(why, began, GuardedTask.of(this::ask, this::failed))) {
        return;
      }
      forget();
      boolean lost = providerBusy && why.equals(CallError.BUSY);
      receiver.end(lost ? CallError.ANSWER_LOST : why, lost ? 1011 : 1013);
    }

    @Override
    public void failed(Throwable why) {
      forget();
      receiver.end(CallError.INTERNAL, 1011);
    }
  }
}
