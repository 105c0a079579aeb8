package io.claviger.gateway.relay;

import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.model.BodyReaders;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;

/**
 * The rules for the messages of a protocol over WebSocket. A dialogue decides which messages to
 * forward, when a response begins, and what the response's use is. Only used on the event loop of
 * the conversation.
 */
interface Dialogue {
  /** The error for a message that is not a JSON object of the protocol. */
  CallError MALFORMED =
      CallError.badRequest(
          "A message of a session must be a JSON object of a known kind, and must not contain a"
              + " member twice.");

  /** What a dialogue can do with the two sides of its conversation. */
  interface Sides {
    /**
     * @param message the message to send; the callee has to release it
     */
    void toCaller(WebSocketFrame message);

    /**
     * @param message the message to send; the callee has to release it
     */
    void toProvider(WebSocketFrame message);

    /** Called after the caller's message has been handled, so that the next message may come. */
    void taken();

    /**
     * Tells the caller why a message can't be forwarded or a response can't begin. The connection
     * stays open if the format has an error for refusals.
     *
     * @param stream the stream in the message; empty if the message names no stream
     */
    void refuse(CallError why, String stream);

    default void refuse(CallError why) {
      refuse(why, "");
    }

    /** Ends the connection. */
    void end(CallError why, int code);

    boolean isOver();

    /** Runs the task if the call is still permitted. If the call is not, ends the connection. */
    void whilePermitted(Runnable then);

    /** Records that a message has requested a response. */
    void asked();

    /**
     * Sends the provider a message that requests a response, unless the conversation has ended.
     *
     * @param message the message to send; the callee has to release it
     * @return whether the message was sent
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

  /** Adds the stream's id to an error, as in the provider's own errors. */
  static String inStream(String error, String stream) {
    return stream.isEmpty() ? error : "{\"stream_id\":\"" + stream + "\"," + error.substring(1);
  }

  /**
   * A caller's message. The dialogue handles the message after the message has been read, possibly
   * on another thread.
   *
   * @param take the function that handles the message after it has been read
   */
  record Said(BodyReaders.Reading reading, Runnable take) {}

  /**
   * Begins to read a caller's message. Another thread may read it. The next message comes only
   * after {@link Sides#taken} has been called.
   *
   * @param message the message; the callee has to release it, and copies its content
   */
  Said fromCaller(WebSocketFrame message);

  /**
   * Handles a provider's message. The message has been searched for the service's key, and does not
   * contain the key.
   *
   * @param message the message; the callee has to release it
   */
  void fromProvider(WebSocketFrame message);

  /** Whether the dialogue accepts the caller's next message. */
  boolean takesMore();

  /** Whether the conversation waits for the provider, not for the caller. */
  boolean awaitsProvider();

  /**
   * The duration, in milliseconds, of the sound that the provider has sent in the current response.
   * For this time, the provider may be silent without a fault: it might send sound faster than the
   * sound is played, and end the response only when the sound has been played.
   */
  default long soundMillis() {
    return 0;
  }

  /** Whether a response has been requested that is not complete yet. */
  boolean isAnswering();

  /**
   * The approximate number of bytes that the dialogue keeps in memory, without the current message.
   */
  long held();

  /** Ends and charges the running responses. This method can be called repeatedly. */
  void close();
}
