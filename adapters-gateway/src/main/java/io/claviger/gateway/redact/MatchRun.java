package io.claviger.gateway.redact;

/**
 * A stretch of text whose every window is a piece of a secret. What of it is found is reported
 * once: a span reaches back no further than the ending before it.
 */
final class MatchRun {
  private final int shortest;
  private final int longest;
  private int length;
  private boolean afterFirst;

  /** How many bytes were read since the last ending, as far as another can reach back. */
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
   * From the secret's first piece on, all of the run is found.
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

  /** Up to the secret's last piece, all of the run is found. */
  void reportEnding(int end, MatchSpans found) {
    int reported = Math.min(uncovered, length);
    if (reported > 0) {
      found.add(end - reported, end);
    }
    uncovered = 0;
  }

  /**
   * How many of the last bytes may yet be reported.
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
