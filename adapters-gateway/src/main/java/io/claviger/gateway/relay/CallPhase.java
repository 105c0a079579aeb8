package io.claviger.gateway.relay;

/** What a call is doing at present. */
enum CallPhase {
  AUTHORIZING,
  /** The body is being buffered, because it says which model is requested. */
  BUFFERING,
  /** The body is complete and is read to find its model. */
  CHECKING,
  /** The call waits for its turn within the provider's limits. */
  WAITING,
  /** The call waits for the token with which it will be sent. */
  MINTING,
  CONNECTING,
  FORWARDING,
  /**
   * The target has not done the work. The gateway decides whether another target takes the call.
   */
  SWITCHING,
  /**
   * The caller has left. The gateway reads the rest of the answer, for the usage that the answer
   * may state.
   */
  READING_ON,
  /** The answer is complete. The gateway reads and drops the rest of the request. */
  DISCARDING,
  OVER;

  boolean isAnswered() {
    return this == READING_ON || this == DISCARDING || this == OVER;
  }
}
