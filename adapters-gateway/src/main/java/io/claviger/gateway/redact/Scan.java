package io.claviger.gateway.redact;

import io.netty.buffer.ByteBuf;

/**
 * Searches a text that arrives in pieces. The time is linear in the length of the text, for any
 * text, pieces and secret.
 */
interface Scan {
  /**
   * Reads on.
   *
   * @param text the text. Before {@code from} it has all bytes read earlier that may belong to an
   *     occurrence, which may be masked by now
   * @param found receives spans in the order of their ends
   */
  void scan(ByteBuf text, int from, int to, MatchSpans found);

  /** Ends a complete text, and forgets everything but the secret. */
  void end(int to, MatchSpans found);
}
