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

  /**
   * How many bytes were read since the last ending; no more than the length of the longest ending.
   */
  private int uncovered;

  /**
   * @param shortest length of a window
   * @param longest how far an ending reaches back
   */
  MatchRun(int shortest, int longest) {
    this.shortest = shortest;
    this.longest = longest;
  }

  /**
   * One more byte was read.
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
   * Reports all of the run from the secret's first piece on.
   *
   * @param first whether its last window is the first piece of the secret
   */
  void reportBeginning(boolean first, int end, MatchSpans found) {
    if (afterFirst) {
      found.add(end - 1, end);
    } else if (first) {
      found.add(end - Math.min(uncovered, shortest), end);
      afterFirst = true;
    }
  }

  /** Reports all of the run up to the secret's last piece. */
  void reportEnding(int end, MatchSpans found) {
    int reported = Math.min(uncovered, length);
    if (reported > 0) {
      found.add(end - reported, end);
    }
    uncovered = 0;
  }

  /**
   * How many of the last bytes may still be reported.
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
