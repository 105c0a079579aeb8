package io.claviger.gateway.redact;

import io.netty.buffer.ByteBuf;

/**
 * Finds words that look like a shortened key, such as {@code sk-ab***wxyz} and {@code sk-ab…wxyz}.
 * The scan knows no keys, so its results reveal nothing about keys.
 *
 * <p>A gap stands for omitted characters: three asterisks or dots in a row, or an ellipsis. A word
 * looks like a shortened key if a letter or digit follows a gap. A word that ends with its gap must
 * also have an asterisk in the gap, or a digit, hyphen or underscore before the gap. Without this
 * condition, ordinary words that end with dots would look like keys.
 */
final class ShortenedKeyScan implements Scan {
  /** The largest size of a shortened key, in bytes. Longer words do not count as shortened keys. */
  static final int LONGEST = 256;

  private static final String OUTSIDE_OF_WORDS = "\"'`,;()<>[]{}";

  /** For each byte, whether it separates words. A table, because every byte of an error is read. */
  private static final boolean[] IS_OUTSIDE = outside();

  private static final byte[] ELLIPSIS = {(byte) 0xe2, (byte) 0x80, (byte) 0xa6};
  private static final byte[] ESCAPED_ELLIPSIS = {'\\', 'u', '2', '0', '2', '6'};

  /**
   * The number of bytes that have been read of the current word: at most one more than {@link
   * #LONGEST}, because longer words are not keys.
   */
  private int length;

  private int asterisks;
  private int dots;
  private int ofEllipsis;
  private int ofEscaped;
  private int backslashes;
  private boolean letters;
  private boolean unusual;
  private boolean gap;
  private boolean shortened;

  @Override
  public void scan(ByteBuf text, int from, int to, int unfinished, MatchSpans found) {
    for (int at = from; at < to; at++) {
      byte next = text.getByte(at);
      if (isOutside(next)) {
        end(at, found);
      } else if (length <= LONGEST) {
        read(next);
      }
    }
  }

  private void read(byte next) {
    length++;
    asterisks = next == '*' ? asterisks + 1 : 0;
    dots = next == '.' ? dots + 1 : 0;
    backslashes = next == '\\' ? backslashes + 1 : 0;
    ofEllipsis = following(ELLIPSIS, ofEllipsis, next);
    ofEscaped = following(ESCAPED_ELLIPSIS, ofEscaped, next);
    boolean ellipsis = ofEllipsis == ELLIPSIS.length || ofEscaped == ESCAPED_ELLIPSIS.length;
    if (asterisks >= 3 || dots >= 3 || ellipsis) {
      gap = true;
      shortened |= letters && (asterisks >= 3 || unusual);
    } else if (ofEscaped == 0) {
      boolean letter = Character.isLetterOrDigit(next & 0xff) && next >= 0;
      letters |= letter;
      unusual |= (next >= '0' && next <= '9') || next == '-' || next == '_';
      shortened |= gap && letter;
    }
  }

  private static int following(byte[] sequence, int read, byte next) {
    int before = read == sequence.length ? 0 : read;
    if (next == sequence[before]) {
      return before + 1;
    }
    return next == sequence[0] ? 1 : 0;
  }

  /** Ends the word. A final backslash belongs to the text after the word. */
  @Override
  public void end(int to, MatchSpans found) {
    if (shortened && length <= LONGEST) {
      found.add(to - length, to - backslashes);
    }
    length = 0;
    asterisks = 0;
    dots = 0;
    ofEllipsis = 0;
    ofEscaped = 0;
    backslashes = 0;
    letters = false;
    unusual = false;
    gap = false;
    shortened = false;
  }

  private static boolean[] outside() {
    boolean[] outside = new boolean[256];
    for (int value = 0; value < outside.length; value++) {
      outside[value] = value <= ' ' || value == 0x7f || OUTSIDE_OF_WORDS.indexOf(value) >= 0;
    }
    return outside;
  }

  /** Whether a byte separates words. All other bytes might belong to a shortened key. */
  static boolean isOutside(byte next) {
    return IS_OUTSIDE[next & 0xff];
  }
}
