package io.claviger.gateway.redact;

import io.netty.buffer.ByteBuf;

/** Decodes a text with escape sequences, byte by byte. */
interface Decoding {
  /** The character is not yet complete. */
  int INCOMPLETE = -1;

  /** Stands for a character that is not a single byte. */
  int FOREIGN = -2;

  /**
   * The bytes are not an escape sequence, although they began like one. The last byte has to be
   * passed to {@link #read} again.
   */
  int BROKEN = -3;

  /** Returns the character that ends with this byte, or one of the constants. */
  int read(byte next);

  /** The number of bytes that have been read of the current escape; 0 outside of escapes. */
  int openBytes();

  /** Returns the length of the longest escape, in bytes. */
  int longest();

  /** Returns the next index where an escape can begin; negative if there is none. */
  int nextEscape(ByteBuf text, int from, int to);

  /** Forgets an unfinished escape. */
  void reset();
}
