package io.claviger.gateway.redact;

/**
 * A stretch of text in which every window is a piece of a secret. Each of its bytes is reported at
 * most once: a span begins after the previous ending.
 */
final class MatchRun {
  private final int shortest;
  private final int longest;
  private int length;
  private boolean afterFirst;

  /** How many bytes were read since the last ending, at most the length of the longest ending. */
  private int uncovered;

  /**
   * @param shortest length of a window
   * @param longest the length of the longest ending
   */
  MatchRun(int shortest, int longest) {
    this.shortest = shortest;
    this.longest = longest;
  }

  /**
   * Reads one more byte.
   *
   * @param piece whether the window that it ends is a piece of the secret
   */
  void read(boolean piece) {
    uncovered = Math.min(uncovered + 1, longest);
    if (piece) {
      length = length == 0 ? shortest : Math.min(length + 1, longest);
    } else {
      length = 0;
      afterFirst = false;
    }
  }

  /**
   * Reports the run from the start of the secret's first piece.
   *
   * @param first whether the last window of the run is the first piece of the secret
   */
  void reportBeginning(boolean first, int end, MatchSpans found) {
    if (afterFirst) {
      found.add(end - 1, end);
    } else if (first) {
      found.add(end - Math.min(uncovered, shortest), end);
      afterFirst = true;
    }
  }

  /** Reports the run up to the end of the secret's last piece. */
  void reportEnding(int end, MatchSpans found) {
    int reported = Math.min(uncovered, length);
    if (reported > 0) {
      found.add(end - reported, end);
    }
    uncovered = 0;
  }

  /**
   * Returns how many of the last bytes may still be reported.
   *
   * @param begun how many of them may be the beginning of a run
   */
  int held(int begun) {
    return Math.min(uncovered, length == 0 ? Math.min(begun, shortest - 1) : length);
  }

  boolean isUnderWay() {
    return length > 0;
  }

  void reset() {
    length = 0;
    afterFirst = false;
    uncovered = 0;
  }
}
