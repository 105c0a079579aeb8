package io.claviger.gateway.redact;

import io.netty.buffer.ByteBuf;

/**
 * Searches a text for secrets whose characters might be escaped. The scan decodes and compares
 * characters, and remembers how many bytes each character took. The scan skips text without escapes
 * nearby, where {@link PlainScan} finds the secrets.
 */
final class EscapedScan implements Scan {
  private final Secrets secrets;
  private final Decoding escapes;
  private final Matching matching;

  /**
   * The length in bytes of each of the last characters. A ring buffer, whose oldest element is at
   * {@code next}. Created on first use, because most texts contain nothing like a secret.
   */
  private byte[] taken = {};

  private int next;
  private int nextEscape = -1;

  EscapedScan(Secrets secrets, Decoding escapes) {
    this.secrets = secrets;
    this.escapes = escapes;
    this.matching = new Matching(secrets);
  }

  @Override
  public void scan(ByteBuf text, int from, int to, int unfinished, MatchSpans found) {
    nextEscape = -1;
    int at = from;
    while (at < to) {
      if (!matching.isOpen() && escapes.openBytes() == 0) {
        at = nearEscape(text, at, to, unfinished);
      }
      if (at < to) {
        int before = escapes.openBytes();
        int character = escapes.read(text.getByte(at));
        if (character == Decoding.BROKEN) {
          // The bytes that looked like an escape sequence are none, so the last byte is read again.
          matching.forget();
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
   * Returns the first index at which an occurrence that contains an escape can begin. The index
   * precedes the next escape by less than the length of the longest secret. If no escape follows in
   * this piece, the index is in the unfinished part at the end of the piece.
   */
  private int nearEscape(ByteBuf text, int at, int to, int unfinished) {
    if (nextEscape < at) {
      int index = escapes.nextEscape(text, at, to);
      nextEscape = index < 0 ? to : index;
    }
    return Math.max(at, nextEscape < to ? nextEscape - secrets.longest() + 1 : unfinished);
  }

  private void read(int character, int bytes, int end, MatchSpans found) {
    int secret = matching.read(character);
    if (matching.isOpen()) {
      if (taken.length == 0) {
        taken = new byte[secrets.longest()];
      }
      taken[next] = (byte) bytes;
      next = next + 1 == taken.length ? 0 : next + 1;
      if (secret > 0) {
        found.add(end - bytesOfLast(secret), end);
      }
    }
  }

  private int bytesOfLast(int characters) {
    int bytes = 0;
    for (int i = 1; i <= characters; i++) {
      bytes += taken[next - i < 0 ? next - i + taken.length : next - i];
    }
    return bytes;
  }

  @Override
  public void end(int to, MatchSpans found) {
    matching.forget();
    escapes.reset();
  }
}
