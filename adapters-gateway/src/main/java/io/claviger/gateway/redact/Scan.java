package io.claviger.gateway.redact;

import io.netty.buffer.ByteBuf;

/**
 * Searches for one secret in one of its forms, in text that arrives in pieces. The time is linear
 * in the length of the text, for any text, pieces and secret.
 */
interface Scan {
  /**
   * Reads on.
   *
   * @param text the text. Before {@code from} it has as many of the bytes read earlier as {@link
   *     #held} asked for, which may be masked by now
   * @param found receives spans in the order of their ends
   */
  void scan(ByteBuf text, int from, int to, MatchSpans found);

  /** Returns how many of the last bytes may be part of an occurrence. */
  int held();

  /** Ends a complete text, and forgets everything but the secret. */
  void end(ByteBuf text, int to, MatchSpans found);

  /** Wipes the copies of the secret that are kept here. The pattern is wiped by its owner. */
  default void wipe() {}
}
