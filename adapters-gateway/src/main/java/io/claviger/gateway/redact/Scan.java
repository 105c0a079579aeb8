package io.claviger.gateway.redact;

import io.netty.buffer.ByteBuf;

/**
 * Searches a text that arrives in pieces. The time grows linearly with the length of the text, for
 * any text, pieces and secret.
 */
interface Scan {
  /**
   * Searches the next piece of the text.
   *
   * @param text the text. Before {@code from} it still contains all bytes that were read earlier
   *     and may belong to an occurrence; these may be masked by now
   * @param unfinished an occurrence that ends after {@code to} can't begin before this index
   * @param found receives spans in the order of their ends
   */
  void scan(ByteBuf text, int from, int to, int unfinished, MatchSpans found);

  /** Ends the text, and forgets everything except the secret. */
  void end(int to, MatchSpans found);
}
