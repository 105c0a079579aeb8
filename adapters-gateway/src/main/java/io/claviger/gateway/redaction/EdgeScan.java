package io.claviger.gateway.redaction;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Looks for beginnings and endings of a secret, of four characters and more, as error texts show
 * them: {@code sk-ab…wxyz}. A beginning counts where no letter or digit stands before it, an ending
 * where none stands behind; else every word that happens to share four letters would go.
 *
 * <p>An ending may have begun long before it is recognised: the length of the secret is held back.
 */
final class EdgeScan implements Scan {
  private static final int SHORTEST = 4;

  private final Pattern pattern;

  /** The last bytes as they came, as a ring: in the text they may be blotted by now. */
  private final byte[] past;

  private long read;
  private int matched;
  private boolean standsAlone;

  EdgeScan(Pattern pattern) {
    this.pattern = pattern;
    this.past = new byte[Math.max(pattern.length(), 6)];
  }

  @Override
  public void scan(ByteBuf text, int from, int to, Spans found) {
    for (int at = from; at < to; at++) {
      byte next = text.getByte(at);
      if (!isWord(next)) {
        ending(at, found);
      }
      beginning(next, at, found);
      past[(int) (read++ % past.length)] = next;
    }
  }

  private void beginning(byte next, int at, Spans found) {
    while (matched > 0 && pattern.at(matched) != next) {
      report(at, found);
      int kept = pattern.fallback(matched);
      standsAlone = kept > 0 && !isWord(pattern.at(matched - kept - 1));
      matched = kept;
    }
    if (pattern.at(matched) == next) {
      if (matched == 0) {
        standsAlone = !isWord(before(1)) || endsEscape();
      }
      matched++;
    }
    if (matched == pattern.length()) {
      report(at + 1, found);
      matched = 0;
    }
  }

  private void report(int end, Spans found) {
    if (matched >= SHORTEST && standsAlone) {
      found.add(end - matched, end);
    }
  }

  /** Whether the letter before is one of {@code \n} or the like. */
  private boolean endsEscape() {
    return before(2) == '\\' || (before(6) == '\\' && before(5) == 'u');
  }

  private void ending(int end, Spans found) {
    int length = 0;
    while (length < Math.min(read, pattern.length())
        && before(length + 1) == pattern.at(pattern.length() - length - 1)) {
      length++;
    }
    if (length >= SHORTEST) {
      found.add(end - length, end);
    }
  }

  /** A byte that was read before, or 0 when none was. */
  private byte before(int distance) {
    return distance > read || distance > past.length
        ? 0
        : past[(int) ((read - distance) % past.length)];
  }

  @Override
  public int held() {
    return (int) Math.min(read, pattern.length());
  }

  @Override
  public void end(ByteBuf text, int to, Spans found) {
    report(to, found);
    ending(to, found);
    matched = 0;
    read = 0;
    Arrays.fill(past, (byte) 0);
  }

  private static boolean isWord(byte b) {
    return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9');
  }
}
