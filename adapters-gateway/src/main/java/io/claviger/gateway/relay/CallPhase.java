package io.claviger.gateway.relay;

/** What a call is currently doing. */
enum CallPhase {
  AUTHORIZING,
  /** The gateway buffers the body, because the model in the body selects the service. */
  BUFFERING,
  /** The gateway reads the complete body to find the requested models. */
  CHECKING,
  /** The call waits for its turn because of the provider's limits. */
  WAITING,
  /** The call waits for the token to send. */
  MINTING,
  CONNECTING,
  FORWARDING,
  /**
   * The target has not done the requested work. The gateway decides whether to try another target.
   */
  SWITCHING,
  /** The caller has left. The gateway reads the rest of the answer, which might state the usage. */
  READING_ON,
  /** The answer is complete. The gateway reads and discards the rest of the request. */
  DISCARDING,
  OVER;

  boolean isAnswered() {
    return this == READING_ON || this == DISCARDING || this == OVER;
  }
}
