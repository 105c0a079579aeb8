package io.claviger.domain;

/**
 * Sums and products that stop at the largest number instead of overflowing. All amounts are at
 * least zero.
 */
public final class Amounts {
  private Amounts() {}

  public static long sum(long one, long other) {
    long sum = one + other;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }

  public static long product(long one, long other) {
    return Math.multiplyHigh(one, other) != 0 || one * other < 0 ? Long.MAX_VALUE : one * other;
  }

  /** Returns the first amount minus the second amount; zero if the second amount is larger. */
  public static long difference(long one, long other) {
    return Math.max(0, one - other);
  }
}
