package io.claviger.gateway.redact;

import io.netty.buffer.ByteBuf;

/**
 * Searches for a secret in plain form, without escapes. While no byte matches, the scan skips bytes
 * like Horspool's algorithm; otherwise it reads byte by byte, like the Knuth-Morris-Pratt
 * algorithm. So most bytes are never read, and no byte is read more than twice.
 */
final class PlainScan implements Scan {
  private final Pattern pattern;
  private int matched;

  /** The number of matched bytes, without the bytes of reported occurrences. */
  private int open;

  PlainScan(Pattern pattern) {
    this.pattern = pattern;
  }

  @Override
  public void scan(ByteBuf text, int from, int to, int unfinished, MatchSpans found) {
    int at = from;
    while (at < to) {
      if (matched == 0) {
        at = leap(text, at, to, unfinished);
      }
      do {
        if (at == to) {
          return;
        }
        read(text.getByte(at++), at, found);
      } while (matched > 0);
    }
  }

  /** Returns the earliest position where the next occurrence can begin. */
  private int leap(ByteBuf text, int from, int to, int unfinished) {
    int length = pattern.length();
    int at = from;
    while (at + length <= to) {
      int shift = pattern.shift(text.getByte(at + length - 1));
      if (shift == 0) {
        return at;
      }
      at += shift;
    }
    return Math.max(at, unfinished);
  }

  private void read(byte next, int end, MatchSpans found) {
    while (matched > 0 && pattern.at(matched) != next) {
      matched = pattern.fallback(matched);
    }
    if (pattern.at(matched) == next) {
      matched++;
    }
    open = Math.min(open + 1, matched);
    if (matched == pattern.length()) {
      found.add(end - open, end);
      open = 0;
      matched = pattern.fallback(matched);
    }
  }

  @Override
  public void end(int to, MatchSpans found) {
    matched = 0;
    open = 0;
  }
}
