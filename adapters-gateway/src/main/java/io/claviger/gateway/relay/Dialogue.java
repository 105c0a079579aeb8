package io.claviger.gateway.relay;

import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.model.BodyReaders;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;

/**
 * The rules for the messages of one protocol on a WebSocket. A dialogue decides which messages are
 * forwarded, when a response begins, and how much the response uses. Only used on the event loop of
 * the conversation.
 */
interface Dialogue {
  /** The error if a message is not a JSON object of the kind that the protocol defines. */
  CallError MALFORMED =
      CallError.badRequest(
          "A message of a session must be a JSON object of a known kind, with no member twice.");

  /** The methods by which a dialogue acts on the two sides of its conversation. */
  interface Sides {
    /**
     * @param message the message to send; from now on, the callee has to release it
     */
    void toCaller(WebSocketFrame message);

    /**
     * @param message the message to send; from now on, the callee has to release it
     */
    void toProvider(WebSocketFrame message);

    /**
     * Called when the dialogue has finished with the caller's message, so that the next message of
     * the caller may come.
     */
    void taken();

    /**
     * Tells the caller why a message can't be forwarded, or why a response can't begin. The
     * connection stays open if the format has a message for refusals.
     *
     * @param stream the name of the stream in the message; empty if the message names none
     */
    void refuse(CallError why, String stream);

    default void refuse(CallError why) {
      refuse(why, "");
    }

    /** Ends the connection. */
    void end(CallError why, int code);

    boolean isOver();

    /**
     * Checks the permission of the call, and runs the task if the call is still permitted. If the
     * call is not permitted any more, the connection ends.
     */
    void whilePermitted(Runnable then);

    /** Records that a message has requested a response. */
    void asked();

    /**
     * Sends a message that requests a response to the provider, unless the conversation has ended.
     *
     * @param message the message to send; from now on, the callee has to release it
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

  /**
   * Adds the id of the stream to an error message, as the provider does in its own error messages.
   */
  static String inStream(String error, String stream) {
    return stream.isEmpty() ? error : "{\"stream_id\":\"" + stream + "\"," + error.substring(1);
  }

  /**
   * A message of the caller. The message is read, possibly on another thread, before the dialogue
   * handles it.
   *
   * @param take handles the message after it has been read
   */
  record Said(BodyReaders.Reading reading, Runnable take) {}

  /**
   * Begins to read a message of the caller. The message may be read on a thread other than the
   * event loop. The next message of the caller is passed in only after a call of {@link
   * Sides#taken}.
   *
   * @param message owned by the callee from now on; the callee copies its content
   */
  Said fromCaller(WebSocketFrame message);

  /**
   * Handles a message of the provider. The message has been searched, and does not contain the key
   * of the service.
   *
   * @param message the message; from now on, the callee has to release it
   */
  void fromProvider(WebSocketFrame message);

  /** Whether the dialogue accepts the next message of the caller. */
  boolean takesMore();

  /**
   * Whether the conversation is waiting for a message of the provider, and not for one of the
   * caller.
   */
  boolean awaitsProvider();

  /** Whether a response has been requested that is not complete yet. */
  boolean isAnswering();

  /**
   * The approximate number of bytes that the dialogue keeps in memory, not counting the message
   * that it processes now.
   */
  long held();

  /**
   * Ends the responses that are running, and charges them. This method can be called repeatedly.
   */
  void close();
}
