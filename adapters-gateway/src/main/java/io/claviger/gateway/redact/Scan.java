package io.claviger.gateway.redact;

import io.netty.buffer.ByteBuf;

/**
 * Searches a text that arrives in pieces. The search takes time that is linear in the length of the
 * text, whatever the text, its pieces and the secrets are.
 */
interface Scan {
  /**
   * Searches the next piece of the text.
   *
   * @param text the text. Before {@code from}, the text still contains those bytes that may belong
   *     to an occurrence; some of them might already be masked
   * @param unfinished the smallest index where an unfinished occurrence can begin: an occurrence
   *     whose end is after {@code to}
   * @param found the object that receives the occurrences in the order of their ends
   */
  void scan(ByteBuf text, int from, int to, int unfinished, MatchSpans found);

  /** Ends the search in the current text. Everything except the secret is forgotten. */
  void end(int to, MatchSpans found);
}
