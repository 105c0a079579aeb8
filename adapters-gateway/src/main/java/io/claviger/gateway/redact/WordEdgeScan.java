package io.claviger.gateway.redact;

import io.netty.buffer.ByteBuf;

/**
 * Searches for beginnings and endings of a secret of at least four bytes, as error texts show them:
 * {@code sk-ab…wxyz}. A beginning counts where no letter or digit is before it, an ending where
 * none is after it. Otherwise every word that happens to share four letters would be masked.
 *
 * <p>It finds them in runs of pieces as {@link EdgeScan} does, in linear time for the same reason.
 */
final class WordEdgeScan implements Scan {
  /** The shortest beginning or ending that is found. */
  static final int SHORTEST = 4;

  private final MatchRun run;
  private final SecretPieces pieces;
  private final boolean[] bytes = new boolean[256];

  /** The last eight bytes as they arrived. In the text they may be masked by now. */
  private long past;

  /** For each of the last bytes, the latest lowest, whether a word can begin with it. */
  private int starts;

  private int read;
  private int begun;

  /**
   * @param pattern longer than {@link #SHORTEST}
   */
  WordEdgeScan(Pattern pattern) {
    this.run = new MatchRun(SHORTEST, pattern.length() - 1);
    this.pieces = new SecretPieces(pattern, SHORTEST);
    for (int i = 0; i < pattern.length(); i++) {
      bytes[pattern.at(i) & 0xff] = true;
    }
  }

  @Override
  public void scan(ByteBuf text, int from, int to, MatchSpans found) {
    for (int at = from; at < to; at++) {
      byte next = text.getByte(at);
      if (!isWord(next)) {
        ending(at, found);
      }
      read(next, at + 1, found);
    }
  }

  private void ending(int end, MatchSpans found) {
    if (run.isUnderWay() && pieces.isLast(window())) {
      run.reportEnding(end, found);
    }
  }

  private void read(byte next, int end, MatchSpans found) {
    boolean start = read == 0 || !isWord((byte) past) || endsEscape();
    starts = starts << 1 | (start ? 1 : 0);
    past = past << 8 | (next & 0xff);
    read = Math.min(read + 1, SHORTEST);
    begun = bytes[next & 0xff] ? Math.min(begun + 1, SHORTEST) : 0;
    run.read(begun == SHORTEST && pieces.contains(window()));
    if (run.isUnderWay()) {
      boolean firstByteStarts = (starts >> (SHORTEST - 1) & 1) != 0;
      run.reportBeginning(firstByteStarts && pieces.isFirst(window()), end, found);
    }
  }

  /** Whether the letter before is the last of {@code \n} or {@code \}{@code u000a}. */
  private boolean endsEscape() {
    return before(2) == '\\' || (before(6) == '\\' && before(5) == 'u');
  }

  private byte before(int distance) {
    return (byte) (past >> (Byte.SIZE * (distance - 1)));
  }

  private long window() {
    return past & 0xffff_ffffL;
  }

  @Override
  public int held() {
    return run.held(begun);
  }

  @Override
  public void end(ByteBuf text, int to, MatchSpans found) {
    ending(to, found);
    past = 0;
    starts = 0;
    read = 0;
    begun = 0;
    run.reset();
  }

  @Override
  public void wipe() {
    pieces.wipe();
    past = 0;
  }

  private static boolean isWord(byte b) {
    return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9');
  }
}
