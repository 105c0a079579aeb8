package io.claviger.gateway.redact;

import io.netty.buffer.ByteBuf;

/** Decodes a text with escapes into characters, byte by byte. */
interface Decoding {
  /** The character is not complete yet. */
  int INCOMPLETE = -1;

  /** A character that does not fit into one byte. */
  int FOREIGN = -2;

  /**
   * The bytes so far turned out not to be an escape. The last byte was not read and has to be given
   * again.
   */
  int BROKEN = -3;

  /** Returns the character that ends with this byte, or one of these constants. */
  int read(byte next);

  /** How many bytes of the unfinished escape were read; 0 if there is none. */
  int openBytes();

  /** The length of the longest escape, in bytes. */
  int longest();

  /** Returns the next index at which an escape may begin; negative if there is none. */
  int nextEscape(ByteBuf text, int from, int to);

  /** Forgets an unfinished escape. */
  void reset();
}
