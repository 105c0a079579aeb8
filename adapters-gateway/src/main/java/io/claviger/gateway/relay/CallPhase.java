package io.claviger.gateway.relay;

/** The present activity of a call. */
enum CallPhase {
  AUTHORIZING,
  /** The body is buffered, because it says which model is requested. */
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
  /** The caller has left. The rest of the answer is read for the usage that it may state. */
  READING_ON,
  /** The answer is complete. The rest of the request is read and dropped. */
  DISCARDING,
  OVER;

  boolean isAnswered() {
    return this == READING_ON || this == DISCARDING || this == OVER;
  }
}
