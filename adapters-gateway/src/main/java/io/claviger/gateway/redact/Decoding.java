package io.claviger.gateway.redact;

import io.netty.buffer.ByteBuf;

/** Decodes a text with escape sequences into characters, byte by byte. */
interface Decoding {
  /** The byte does not complete a character yet. */
  int INCOMPLETE = -1;

  /** Stands for a character that does not fit into one byte. */
  int FOREIGN = -2;

  /**
   * The bytes that seemed to begin an escape turned out not to be an escape. The last byte was not
   * used, and has to be passed in again.
   */
  int BROKEN = -3;

  /** Returns the character that ends with this byte, or one of the constants of this interface. */
  int read(byte next);

  /** How many bytes of the unfinished escape were read; 0 if no escape is unfinished. */
  int openBytes();

  /** Returns the length of the longest escape sequence, in bytes. */
  int longest();

  /** Returns the next index at which an escape may begin; negative if there is no such index. */
  int nextEscape(ByteBuf text, int from, int to);

  /** Forgets an escape sequence that has begun but not ended. */
  void reset();
}
