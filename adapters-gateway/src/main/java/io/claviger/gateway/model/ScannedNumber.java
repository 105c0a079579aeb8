package io.claviger.gateway.model;

import java.util.OptionalLong;

/**
 * The value of a JSON number, as far as it is needed to read counts. One instance serves all
 * numbers of a document, so the value is valid only until the next number begins.
 */
final class ScannedNumber {
  private static final long MOST = Long.MAX_VALUE / 10 - 1;

  private long whole;
  private boolean hasFraction;
  private boolean countsNothing;

  /** The first two digits after the decimal point, as a number. */
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
   * @param next the next byte of the number, or the byte after the number
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
   * Returns the number if all parsers read it as the same whole number of at least 1; otherwise
   * empty.
   */
  OptionalLong plainCount() {
    return countsNothing || hasFraction || whole < 1 ? OptionalLong.empty() : count();
  }

  /** Whether all parsers read the number as a whole number that is 0. */
  boolean isZero() {
    return !countsNothing && !hasFraction && whole == 0;
  }

  /**
   * Returns the number times 100, rounded down. The result is empty if the number is negative or
   * has an exponent.
   */
  OptionalLong hundredths() {
    long ofFraction = digits == 1 ? fraction * 10L : fraction;
    return countsNothing
        ? OptionalLong.empty()
        : OptionalLong.of(Math.min(whole, MOST / 100) * 100 + ofFraction);
  }

  /** Whether the number has a fraction, even {@code .0}. */
  boolean isFraction() {
    return hasFraction;
  }

  /**
   * Returns the number, rounded up to a whole number and limited to about 10^18. The result is
   * empty if the number is negative or has an exponent: no client writes counts with exponents, and
   * parsers differ about them.
   */
  OptionalLong count() {
    return countsNothing ? OptionalLong.empty() : OptionalLong.of(hasFraction ? whole + 1 : whole);
  }
}
