package io.claviger.gateway.redact;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Searches for beginnings and endings of a secret of at least eight bytes, in any position.
 *
 * <p>The text is read in windows of eight bytes. A run is a stretch of text in which every window
 * is a piece of the secret. In a run, it finds everything after the start of the secret's first
 * piece, and everything before the end of its last piece. So it finds each beginning and each
 * ending, because all their windows are pieces. It finds more if other pieces of the secret follow.
 *
 * <p>The time is linear in the length of any text and for any secret: each byte is read at most
 * three times, and looked up at most once, in at most 14 steps. An ending starts where its run
 * starts, so nothing is searched backwards.
 */
final class EdgeScan implements Scan {
  /** The shortest beginning or ending that is found. */
  static final int SHORTEST = Long.BYTES;

  private static final int PAIR_BITS = 11;

  private final Pattern pattern;
  private final long[] bytes = new long[256 / Long.SIZE];

  /**
   * Hashes of neighbouring bytes of the secret. A window is no piece if its last pair is not among
   * them.
   */
  private final long[] pairs = new long[(1 << PAIR_BITS) / Long.SIZE];

  /** Created on first use, because most texts contain nothing like a secret. */
  private @Nullable SecretPieces pieces;

  /** The last bytes as they arrived. In the text they may be masked by now. */
  private long window;

  /**
   * How many of the last bytes can be the beginning of a window; all of them after a whole window.
   */
  private int begun;

  private final MatchRun run;

  /**
   * @param pattern longer than {@link #SHORTEST}
   */
  EdgeScan(Pattern pattern) {
    this.pattern = pattern;
    this.run = new MatchRun(SHORTEST, pattern.length() - 1);
    for (int i = 0; i < pattern.length(); i++) {
      set(bytes, pattern.at(i) & 0xff);
      if (i > 0) {
        set(pairs, pair(pattern.at(i - 1), pattern.at(i)));
      }
    }
  }

  @Override
  public void scan(ByteBuf text, int from, int to, MatchSpans found) {
    int at = from;
    while (at < to) {
      if (begun <= 1) {
        int start = leap(text, at - begun, to);
        if (start > at - begun) {
          at = start;
          begun = 0;
        }
      }
      read(text.getByte(at++), at, found);
    }
  }

  /** Returns where the next window begins whose last two bytes occur in a piece. */
  private int leap(ByteBuf text, int from, int to) {
    int start = from;
    while (start + SHORTEST <= to) {
      byte oneButLast = text.getByte(start + SHORTEST - 2);
      if (isSet(pairs, pair(oneButLast, text.getByte(start + SHORTEST - 1)))) {
        return start;
      }
      start += SHORTEST - 1;
    }
    return start;
  }

  private void read(byte next, int end, MatchSpans found) {
    boolean joins = begun > 0 && isSet(pairs, pair((byte) window, next));
    if (joins) {
      begun = Math.min(begun + 1, SHORTEST);
    } else {
      begun = isSet(bytes, next & 0xff) ? 1 : 0;
    }
    window = SecretPieces.next(window, next, SHORTEST);
    run.read(begun == SHORTEST && pieces().contains(window));
    if (run.isUnderWay()) {
      run.reportBeginning(pieces().isFirst(window), end, found);
      if (pieces().isLast(window)) {
        run.reportEnding(end, found);
      }
    }
  }

  private SecretPieces pieces() {
    SecretPieces known = pieces;
    if (known == null) {
      known = new SecretPieces(pattern, SHORTEST);
      pieces = known;
    }
    return known;
  }

  @Override
  public int held() {
    return run.held(begun);
  }

  @Override
  public void end(ByteBuf text, int to, MatchSpans found) {
    window = 0;
    begun = 0;
    run.reset();
  }

  @Override
  public void wipe() {
    if (pieces != null) {
      pieces.wipe();
    }
    window = 0;
  }

  private static int pair(byte first, byte second) {
    return ((first & 0xff) * 31 + (second & 0xff) * 17) & ((1 << PAIR_BITS) - 1);
  }

  private static void set(long[] bits, int index) {
    bits[index / Long.SIZE] |= 1L << index;
  }

  private static boolean isSet(long[] bits, int index) {
    return (bits[index / Long.SIZE] & (1L << index)) != 0;
  }
}
