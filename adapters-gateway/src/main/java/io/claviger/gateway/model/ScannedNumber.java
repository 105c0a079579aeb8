package io.claviger.gateway.model;

import java.util.OptionalLong;

/**
 * The value of a JSON number that is to be read as a count. The same instance is used for all
 * numbers of a document, so its value is valid only until the next number begins.
 */
final class ScannedNumber {
  private static final long MOST = Long.MAX_VALUE / 10 - 1;

  private long whole;
  private boolean hasFraction;
  private boolean countsNothing;

  /** The value of the first two digits of the fraction. */
  private int fraction;

  private int digits;

  void begin(int first) {
    whole = first == '-' ? 0 : first - '0';
    countsNothing = first == '-';
    hasFraction = false;
    fraction = 0;
    digits = 0;
  }

  /**
   * @param next a byte of the number, or the byte that follows the number
   */
  void add(int next) {
    if (next >= '0' && next <= '9') {
      if (!hasFraction) {
        whole = Math.min(whole * 10 + (next - '0'), MOST);
      } else if (digits < 2) {
        fraction = fraction * 10 + (next - '0');
        digits++;
      }
    } else if (next == '.') {
      hasFraction = true;
    } else if (next == 'e' || next == 'E') {
      countsNothing = true;
    }
  }

  /**
   * Returns the number if all readers understand it as the same whole number, and this number is at
   * least 1; otherwise empty.
   */
  OptionalLong plainCount() {
    return countsNothing || hasFraction || whole < 1 ? OptionalLong.empty() : count();
  }

  /**
   * Returns a hundred times the number, rounded down. The result is empty for a number that is
   * negative or that has an exponent.
   */
  OptionalLong hundredths() {
    long ofFraction = digits == 1 ? fraction * 10L : fraction;
    return countsNothing
        ? OptionalLong.empty()
        : OptionalLong.of(Math.min(whole, MOST / 100) * 100 + ofFraction);
  }

  /** Whether the number is written with a fraction, even if that is {@code .0}. */
  boolean isFraction() {
    return hasFraction;
  }

  /**
   * Returns the number, rounded up to a whole number, and limited to about 10^18. Empty for a
   * number that is negative or has an exponent: no client writes a count with an exponent, and
   * parsers understand such numbers differently.
   */
  OptionalLong count() {
    return countsNothing ? OptionalLong.empty() : OptionalLong.of(hasFraction ? whole + 1 : whole);
  }
}
