package io.claviger.domain.spending;

/** Sums and products that stop at the largest number instead of overflowing. None is negative. */
public final class Amounts {
  private Amounts() {}

  public static long sum(long one, long other) {
    long sum = one + other;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }

  public static long product(long one, long other) {
    return Math.multiplyHigh(one, other) != 0 || one * other < 0 ? Long.MAX_VALUE : one * other;
  }
}
