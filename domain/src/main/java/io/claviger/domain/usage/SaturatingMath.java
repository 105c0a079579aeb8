package io.claviger.domain.usage;

/** Sums of counts, which stop at the largest number instead of overflowing. */
public final class SaturatingMath {
  private SaturatingMath() {}

  public static long sum(long one, long other) {
    long sum = one + other;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }

  /** The difference of two counts; zero if the second one is larger. */
  public static long difference(long one, long other) {
    return Math.max(0, one - other);
  }
}
