package io.claviger.gateway.relay;

/** What a call is doing at present. */
enum CallPhase {
  AUTHORIZING,
  /** The body is being buffered, because it says which model is requested. */
  BUFFERING,
  /** The body is complete, and the gateway reads it to find the models that it requests. */
  CHECKING,
  /** The call waits for its turn, as the provider's limits require. */
  WAITING,
  /** The call waits for the token with which the gateway will send it. */
  MINTING,
  CONNECTING,
  FORWARDING,
  /**
   * The target has not done the requested work. The gateway decides whether to send the call to
   * another target.
   */
  SWITCHING,
  /**
   * The caller has left. The gateway reads the rest of the answer, because the answer may state the
   * usage.
   */
  READING_ON,
  /** The answer is complete. The gateway reads the rest of the request, and discards it. */
  DISCARDING,
  OVER;

  boolean isAnswered() {
    return this == READING_ON || this == DISCARDING || this == OVER;
  }
}
