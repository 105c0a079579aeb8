package io.claviger.gateway.redact;

import io.netty.buffer.ByteBuf;

/**
 * Searches a text for a secret whose characters may be escaped. The scan decodes and compares
 * characters, and remembers how many bytes each character took. The scan skips text without escapes
 * nearby, where {@link PlainScan} finds the secret.
 */
final class EscapedScan implements Scan {
  private static final byte[] NONE = {};

  private final Pattern pattern;
  private final Decoding escapes;

  /**
   * How many bytes each matched character took. A ring buffer, which begins at {@code first}.
   * Created on first use, because most texts contain nothing like a secret.
   */
  private byte[] taken = NONE;

  private int first;
  private int matched;
  private int matchedBytes;

  /** The number of matched bytes, without the bytes of reported occurrences. */
  private int openBytes;

  private int nextEscape = -1;

  EscapedScan(Pattern pattern, Decoding escapes) {
    this.pattern = pattern;
    this.escapes = escapes;
  }

  @Override
  public void scan(ByteBuf text, int from, int to, int unfinished, MatchSpans found) {
    nextEscape = -1;
    int at = from;
    while (at < to) {
      if (matched == 0 && escapes.openBytes() == 0) {
        at = nearEscape(text, at, to, unfinished);
      }
      if (at < to) {
        int before = escapes.openBytes();
        int character = escapes.read(text.getByte(at));
        if (character == Decoding.BROKEN) {
          // The bytes that looked like an escape are not one, so this byte is read again.
          forget();
          continue;
        }
        at++;
        if (character != Decoding.INCOMPLETE) {
          read(character, before + 1, at, found);
        }
      }
    }
  }

  /**
   * Returns the first index where an occurrence with an escape may begin. The index is before the
   * next escape, at a distance less than the secret's length. If no escape follows in this piece,
   * the index is in the unfinished part at the end of the piece.
   */
  private int nearEscape(ByteBuf text, int at, int to, int unfinished) {
    if (nextEscape < at) {
      int index = escapes.nextEscape(text, at, to);
      nextEscape = index < 0 ? to : index;
    }
    return Math.max(at, nextEscape < to ? nextEscape - pattern.length() + 1 : unfinished);
  }

  private void read(int character, int bytes, int end, MatchSpans found) {
    while (matched > 0 && !pattern.is(matched, character)) {
      keep(pattern.fallback(matched));
    }
    if (pattern.is(matched, character)) {
      if (taken.length == 0) {
        taken = new byte[pattern.length()];
      }
      taken[(first + matched) % taken.length] = (byte) bytes;
      matched++;
      matchedBytes += bytes;
    }
    openBytes = Math.min(openBytes + bytes, matchedBytes);
    if (matched == pattern.length()) {
      found.add(end - openBytes, end);
      openBytes = 0;
      keep(pattern.fallback(matched));
    }
  }

  private void keep(int last) {
    for (int drop = matched - last; drop > 0; drop--) {
      matchedBytes -= taken[first];
      first = (first + 1) % taken.length;
    }
    matched = last;
  }

  @Override
  public void end(int to, MatchSpans found) {
    forget();
    escapes.reset();
  }

  private void forget() {
    matched = 0;
    matchedBytes = 0;
    openBytes = 0;
    first = 0;
  }
}
