package io.claviger.gateway.redact;

import io.netty.buffer.ByteBuf;

/**
 * Searches a text that arrives in pieces. The time grows linearly with the length of the text,
 * whatever the text, its pieces and the secret are.
 */
interface Scan {
  /**
   * Searches the next piece of the text.
   *
   * @param text the text. The bytes before {@code from} that were read earlier and may belong to an
   *     occurrence are still in the buffer; some of them may have been masked in the meantime
   * @param unfinished the smallest index at which an occurrence that ends after {@code to} can
   *     begin
   * @param found receives the spans of the occurrences, in the order of their ends
   */
  void scan(ByteBuf text, int from, int to, int unfinished, MatchSpans found);

  /** Ends the search in this text, and forgets everything except the secret. */
  void end(int to, MatchSpans found);
}
