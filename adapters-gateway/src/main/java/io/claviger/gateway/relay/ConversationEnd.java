package io.claviger.gateway.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.formats.ProviderApi.SocketUse;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CapacityErrors;
import io.claviger.gateway.events.GatewayEvents.EndedWebSocket;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports errors to the caller of a conversation, and ends the conversation. To end the
 * conversation, this class closes both sides and charges the running responses. Only used on the
 * event loop of the call.
 */
@SuppressWarnings("FutureReturnValueIgnored") // closing can't fail in a way that matters
final class ConversationEnd {
  /** The reason that is recorded if the provider has closed the connection. */
  static final String PROVIDER_CLOSED = "provider_closed";

  /**
   * The reason that is recorded if the connection needs more memory than there is, or if other
   * connections need its memory.
   */
  static final String NO_ROOM = "no_room";

  private static final String NODE_CLOSES = "node_closes";

  private static final Logger LOG = LoggerFactory.getLogger(ConversationEnd.class);
  private static final int LONGEST_REASON = 120;
  private static final int CLOSING_MILLIS = 500;

  private final GatewayCall call;
  private final CallParts parts;
  private final ProviderApi api;
  private final SocketUse use;
  private final SocketClock clock;
  private final ConversationSides sides;
  private final Channel caller;

  ConversationEnd(
      GatewayCall call,
      CallParts parts,
      ProviderApi api,
      SocketUse use,
      SocketClock clock,
      ConversationSides sides) {
    this.call = call;
    this.parts = parts;
    this.api = api;
    this.use = use;
    this.clock = clock;
    this.sides = sides;
    this.caller = parts.caller().channel();
  }

  /**
   * Sends the caller an error about a refused message. If the format has no such error, the
   * connection ends.
   *
   * @param stream the stream in the refused message; empty if it names no stream
   */
  void refuse(CallError why, String stream) {
    if (!sides.isOver() && message(why).isEmpty()) {
      end(why, why.equals(Dialogue.MALFORMED) ? 1007 : codeFor(why));
    } else if (!sides.isOver()) {
      tell(why, stream);
      if (isOfMessage(why) && clock.isRefusedTooOften()) {
        sides.place().linger(caller.eventLoop());
        end(1008, "Too many messages were refused within a minute.", "refused");
      }
    }
  }

  /**
   * Whether the fault is in the message itself, so that a repetition would be refused, too. The
   * result is false for sound that is refused because the provider detects turns: the caller sends
   * sound many times per second, and can still switch the detection off.
   */
  private static boolean isOfMessage(CallError why) {
    return why.status() < 500
        && why.status() != 402
        && why.status() != 429
        && !why.equals(RealtimeSession.TURNS_NOT_OFF);
  }

  private static int codeFor(CallError why) {
    if (why.equals(CallError.BUSY)) {
      return 1013;
    }
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
    CallError error = parts.response().withStatusFor(api, parts.permission().linkRequest(why));
    return api.errorMessage(error.status(), error.code(), error.message(), error.member())
        .map(text -> use == SocketUse.SESSION ? withEvent(text) : text);
  }

  /** Adds an id to the error, because some SDKs require an id in every message of a session. */
  private static String withEvent(String error) {
    String id = ",\"event_id\":\"%s\"}".formatted(RealtimeSession.newEvent());
    return error.substring(0, error.length() - 1) + id;
  }

  /**
   * Called if the call can't continue.
   *
   * @return true if the caller still waits for the answer to the handshake; false if both sides are
   *     being closed
   */
  boolean isDropped(CallError why) {
    if (parts.response().isBegun()) {
      end(why, codeFor(why));
      return false;
    }
    sides.drop();
    return true;
  }

  /**
   * Called after a failure in the gateway itself.
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

  /**
   * Called after the caller's connection has closed.
   *
   * @return whether this ended the conversation; false if the conversation had not begun
   */
  boolean callerGone() {
    if (parts.response().isBegun()) {
      parts.record().setCallerGone();
      end(1001, "", "caller_gone");
      return true;
    }
    sides.drop();
    return false;
  }

  /** Ends the conversation. If the caller's handshake is not answered yet, refuses it. */
  void gatewayLeaves() {
    if (parts.response().isBegun()) {
      end(1001, "The gateway is about to close.", NODE_CLOSES);
    } else {
      call.fail(CapacityErrors.LEAVING);
    }
  }

  /**
   * Called if other callers need this connection's memory, because its caller holds the most
   * memory.
   */
  void giveWay() {
    if (parts.response().isBegun()) {
      end(1013, "Other callers need the memory that this connection holds.", NO_ROOM);
    }
  }

  /** Sends the error to the caller, and ends the connection. */
  void end(CallError why, int code) {
    if (!sides.isOver()) {
      parts.record().setFailure(why);
      tell(why, "");
      end(code, why.message(), why.code(), why.isOfCaller());
    }
  }

  /**
   * Ends the connection.
   *
   * @param reason the text that is sent to the caller with the code; may be empty
   * @param why the reason for the end, in one word
   */
  void end(int code, String reason, String why) {
    end(code, reason, why, !why.equals(PROVIDER_CLOSED) && !why.equals(NODE_CLOSES));
  }

  /**
   * @param isOfCaller whether callers can cause this kind of end. For an end that callers can
   *     cause, the charge is the same as if the caller had left. Without this rule, callers could
   *     avoid paying for work whose results have not yet been sent, such as reasoning
   */
  private void end(int code, String reason, String why, boolean isOfCaller) {
    if (sides.isOver()) {
      return;
    }
    if (isOfCaller) {
      parts.record().markLeft();
    }
    try {
      close(code, reason, why);
    } finally {
      call.conversationEnded();
    }
  }

  private void close(int code, String reason, String why) {
    clock.stop();
    boolean wasOpen = sides.isOpen();
    try {
      sides.close();
    } finally {
      tellSides(code, reason, why, wasOpen);
    }
  }

  private void tellSides(int code, String reason, String why, boolean wasOpen) {
    if (wasOpen) {
      parts
          .record()
          .addWebSocket(new EndedWebSocket(why, clock.age(), sides.messages(), sides.responses()));
    }
    sides.establishedWith().ifPresent(provider -> close(provider, code, ""));
    close(caller, code, reason);
    caller.config().setAutoRead(true); // a close with unread bytes would reset the connection
  }

  private static void close(Channel side, int code, String reason) {
    boolean isSendable = WebSocketCloseStatus.isValidStatusCode(code);
    String brief = reason.length() > LONGEST_REASON ? reason.substring(0, LONGEST_REASON) : reason;
    side.writeAndFlush(
        isSendable ? new CloseWebSocketFrame(code, brief) : new CloseWebSocketFrame());
    side.eventLoop().schedule(() -> side.close(), CLOSING_MILLIS, TimeUnit.MILLISECONDS);
  }
}
