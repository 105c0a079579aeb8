package io.claviger.gateway.model;

import java.util.OptionalLong;

/**
 * The value of a JSON number, as far as it counts something. One instance serves a whole document,
 * so its value is valid only until the next number begins.
 */
final class ScannedNumber {
  private static final long MOST = Long.MAX_VALUE / 10 - 1;

  private long whole;
  private boolean hasFraction;
  private boolean countsNothing;

  void begin(int first) {
    whole = first == '-' ? 0 : first - '0';
    countsNothing = first == '-';
    hasFraction = false;
  }

  /**
   * @param next a byte of the number, or the byte behind it
   */
  void add(int next) {
    if (next >= '0' && next <= '9') {
      if (!hasFraction) {
        whole = Math.min(whole * 10 + (next - '0'), MOST);
      }
    } else if (next == '.') {
      hasFraction = true;
    } else if (next == 'e' || next == 'E') {
      countsNothing = true;
    }
  }

  /**
   * Returns the number if every reader sees the same whole number of at least 1 in it; otherwise
   * empty.
   */
  OptionalLong plainCount() {
    return countsNothing || hasFraction || whole < 1 ? OptionalLong.empty() : count();
  }

  /**
   * Returns the number, rounded up, and at most about 10^18. Empty for a number that is negative or
   * has an exponent: nobody writes a count like that, and readers differ on it.
   */
  OptionalLong count() {
    return countsNothing ? OptionalLong.empty() : OptionalLong.of(hasFraction ? whole + 1 : whole);
  }
}
