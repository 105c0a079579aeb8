package io.claviger.gateway.redact;

import io.netty.buffer.ByteBuf;

/**
 * Looks for one secret in one of its forms, in text that comes in pieces. The time is linear in the
 * text, however it is cut and whatever it and the secret are.
 */
interface Scan {
  /**
   * Reads on.
   *
   * @param text whose bytes before {@code from} were read before, as far back as {@link #held}
   *     asked for. They may be blotted by now
   * @param found takes spans by ascending ends
   */
  void scan(ByteBuf text, int from, int to, MatchSpans found);

  /** How many of the last bytes may turn out to belong to an occurrence. */
  int held();

  /** No more comes; forgets everything but the secret. */
  void end(ByteBuf text, int to, MatchSpans found);

  /** Forgets the secret too, as far as it is kept here and not in the pattern. */
  default void wipe() {}
}
