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
   * @param text has, before {@code from}, the bytes read earlier, as many as {@link #held} asked
   *     for. They may be masked by now
   * @param found is given spans by ascending ends
   */
  void scan(ByteBuf text, int from, int to, MatchSpans found);

  /** How many of the last bytes may be part of an occurrence. */
  int held();

  /** The text is complete. Forgets everything but the secret. */
  void end(ByteBuf text, int to, MatchSpans found);

  /** Wipes the copies of the secret that are kept here. The pattern is wiped elsewhere. */
  default void wipe() {}
}
