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

  /**
   * The number of characters since the last escape, at most the length of the longest secret. So if
   * the number equals the length of the longest secret, no occurrence that ends here contains an
   * escape.
   */
  private int plain;

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
      if (escapes.openBytes() == 0) {
        at = readPlain(text, at, to, unfinished, found);
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
          plain = 0;
          read(character, before + 1, at, found);
        }
      }
    }
  }

  /**
   * Reads the bytes before the next escape, each of which is a character. Skips the bytes that
   * can't belong to an occurrence with an escape: the search begins again where the next escape is
   * nearer than the length of the longest secret. If no escape follows in this piece, the next
   * piece might begin with an escape.
   *
   * @return the index of the next escape, or {@code to} if none follows in this piece
   */
  private int readPlain(ByteBuf text, int from, int to, int unfinished, MatchSpans found) {
    if (nextEscape < from) {
      int index = escapes.nextEscape(text, from, to);
      nextEscape = index < 0 ? to : index;
    }
    int near = nextEscape - secrets.longest() + 1;
    if (nextEscape == to) {
      near = Math.max(near, unfinished);
    }
    int at = from;
    while (at < nextEscape) {
      if (at < near && !mayContainEscape()) {
        matching.forget();
        at = near;
      } else {
        plain = Math.min(plain + 1, secrets.longest());
        read(text.getByte(at++) & 0xff, 1, at, found);
      }
    }
    return nextEscape;
  }

  /** Whether the text so far ends with the beginning of a secret that may contain an escape. */
  private boolean mayContainEscape() {
    return matching.isOpen() && plain < secrets.longest();
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
