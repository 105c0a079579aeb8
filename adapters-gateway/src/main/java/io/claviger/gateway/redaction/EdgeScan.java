package io.claviger.gateway.redaction;

import io.netty.buffer.ByteBuf;

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
  private int matched;
  private boolean standsAlone;
  private int read;

  EdgeScan(Pattern pattern) {
    this.pattern = pattern;
  }

  @Override
  public void scan(ByteBuf text, int from, int to, Spans found) {
    for (int at = from; at < to; at++) {
      endingBefore(text, at, found);
      beginning(text, at, found);
      read = Math.min(read + 1, pattern.length());
    }
  }

  private void beginning(ByteBuf text, int at, Spans found) {
    byte next = text.getByte(at);
    while (matched > 0 && pattern.at(matched) != next) {
      report(at, found);
      int kept = pattern.fallback(matched);
      standsAlone = kept > 0 && !isWord(pattern.at(matched - kept - 1));
      matched = kept;
    }
    if (pattern.at(matched) == next) {
      if (matched == 0) {
        standsAlone = read == 0 || !isWord(text.getByte(at - 1)) || endsEscape(text, at);
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
  private boolean endsEscape(ByteBuf text, int at) {
    return (read >= 2 && text.getByte(at - 2) == '\\')
        || (read >= 6 && text.getByte(at - 6) == '\\' && text.getByte(at - 5) == 'u');
  }

  private void endingBefore(ByteBuf text, int end, Spans found) {
    if (isWord(text.getByte(end))) {
      return;
    }
    ending(text, end, found);
  }

  private void ending(ByteBuf text, int end, Spans found) {
    int length = 0;
    while (length < read
        && length < pattern.length()
        && text.getByte(end - length - 1) == pattern.at(pattern.length() - length - 1)) {
      length++;
    }
    if (length >= SHORTEST) {
      found.add(end - length, end);
    }
  }

  @Override
  public int held() {
    return Math.min(read, Math.max(pattern.length(), 6));
  }

  @Override
  public void end(ByteBuf text, int to, Spans found) {
    report(to, found);
    ending(text, to, found);
    matched = 0;
    read = 0;
  }

  private static boolean isWord(byte b) {
    return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9');
  }
}
