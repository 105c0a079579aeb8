package io.claviger.gateway.redaction;

import io.netty.buffer.ByteBuf;

/** Looks for one secret in one of its forms, in text that comes in pieces. */
interface Scan {
  /**
   * Reads on.
   *
   * @param text whose bytes before {@code from} were read before, as far back as {@link #held}
   *     asked for
   */
  void scan(ByteBuf text, int from, int to, Spans found);

  /** How many of the last bytes may turn out to belong to an occurrence. */
  int held();

  /** No more comes; forgets everything but the secret. */
  void end(ByteBuf text, int to, Spans found);
}
