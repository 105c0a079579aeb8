package io.claviger.gateway.redact;

import io.netty.buffer.ByteBuf;

/**
 * Searches for secrets in plain form, without escapes. While no byte matches, the scan skips bytes
 * like Horspool's algorithm; otherwise it reads byte by byte, like the algorithm of Aho and
 * Corasick. So most bytes are never read, and no byte is read more than twice.
 */
final class PlainScan implements Scan {
  private final Secrets secrets;
  private final Matching matching;

  PlainScan(Secrets secrets) {
    this.secrets = secrets;
    this.matching = new Matching(secrets);
  }

  @Override
  public void scan(ByteBuf text, int from, int to, int unfinished, MatchSpans found) {
    int at = from;
    while (at < to) {
      if (!matching.isOpen()) {
        at = secrets.leap(text, at, to, unfinished);
      }
      do {
        if (at == to) {
          return;
        }
        int secret = matching.read(text.getByte(at++) & 0xff);
        if (secret > 0) {
          found.add(at - secret, at);
        }
      } while (matching.isOpen());
    }
  }

  @Override
  public void end(int to, MatchSpans found) {
    matching.forget();
  }
}
