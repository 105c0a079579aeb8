package io.claviger.gateway.relay;

import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.model.BodyReaders;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;

/**
 * One of the protocols that are spoken on a WebSocket: which messages pass, when a response begins,
 * and what it uses. Confined to the event loop of the conversation.
 */
interface Dialogue {
  /** A message that is no JSON object as the protocol knows it. */
  CallError MALFORMED =
      CallError.badRequest(
          "A message of a session is a JSON object of a known kind, with each member once.");

  /** What a dialogue does with the conversation. */
  interface Sides {
    /**
     * @param message owned by the callee from now on
     */
    void toCaller(WebSocketFrame message);

    /**
     * @param message owned by the callee from now on
     */
    void toProvider(WebSocketFrame message);

    /** The message of the caller is dealt with, and the next one may come. */
    void taken();

    /**
     * Says why a message can't pass, or a response can't begin. The connection stays if the format
     * has a message that says so.
     *
     * @param stream what the message names as its stream; empty if it names none
     */
    void refuse(CallError why, String stream);

    default void refuse(CallError why) {
      refuse(why, "");
    }

    /** Ends the connection. */
    void end(CallError why, int code);

    boolean isOver();

    /** Goes on if the call is still permitted; otherwise the connection ends. */
    void whilePermitted(Runnable then);

    /** A response is asked for. */
    void asked();

    /**
     * Sends the provider a message that asks for a response, unless the conversation is over.
     *
     * @param message owned by the callee from now on
     * @return whether it was sent
     */
    default boolean ask(ByteBuf message) {
      if (isOver()) {
        message.release();
        return false;
      }
      asked();
      toProvider(new TextWebSocketFrame(message));
      return true;
    }
  }

  /** Adds the id of the stream to the message of an error, as the provider does. */
  static String inStream(String error, String stream) {
    return stream.isEmpty() ? error : "{\"stream_id\":\"" + stream + "\"," + error.substring(1);
  }

  /**
   * A message of the caller, which is read before it is taken.
   *
   * @param take takes the message
   */
  record Said(BodyReaders.Reading reading, Runnable take) {}

  /**
   * Begins to read a message of the caller. It may be read on another thread. No other one comes
   * before {@link Sides#taken}.
   *
   * @param message owned by the callee from now on, which copies what it says
   */
  Said fromCaller(WebSocketFrame message);

  /**
   * Takes a message of the provider, in which the key of the service does not occur.
   *
   * @param message owned by the callee from now on
   */
  void fromProvider(WebSocketFrame message);

  /** Whether the next message of the caller may come. */
  boolean takesMore();

  /** Whether the provider is the one who lets the others wait. */
  boolean awaitsProvider();

  /** Whether a response is asked for and not complete. */
  boolean isAnswering();

  /** About how many bytes it holds, apart from the message that it takes. */
  long held();

  /** Ends and charges what is under way. Can be repeated. */
  void close();
}
