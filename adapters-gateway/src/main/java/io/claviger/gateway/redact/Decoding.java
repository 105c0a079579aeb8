package io.claviger.gateway.redact;

import io.netty.buffer.ByteBuf;

/** Decodes a text with escapes to characters, byte by byte. */
interface Decoding {
  /** The character is not complete yet. */
  int INCOMPLETE = -1;

  /** A character that is not a single byte. */
  int FOREIGN = -2;

  /** The bytes so far are no escape after all. The last byte was not read. */
  int BROKEN = -3;

  /** Returns the character that ends with this byte, or one of the constants. */
  int read(byte next);

  /** How many bytes of an unfinished escape were read. */
  int openBytes();

  /** The length of the longest escape, in bytes. */
  int longest();

  /** Returns where the next escape may begin; negative if none does. */
  int nextEscape(ByteBuf text, int from, int to);

  /** Forgets an unfinished escape. */
  void reset();
}
