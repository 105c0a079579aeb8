package io.claviger.domain.bills;

import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import io.claviger.domain.usage.UsageCounts;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Numbers of requests and tokens, or differences of such numbers. Differences may be negative.
 *
 * @param tokens the numbers of tokens, in the order of {@link #KINDS}
 */
record Quantities(long requests, List<Long> tokens) {
  /** The kinds of tokens that bills distinguish. */
  static final List<Rate> KINDS =
      List.of(Rate.INPUT, Rate.CACHED_INPUT, Rate.CACHE_WRITE_5M, Rate.CACHE_WRITE_1H, Rate.OUTPUT);

  static final Quantities NONE = of(0, 0, 0, 0, 0, 0);

  private static final BigInteger PICO_IN_NANO = BigInteger.valueOf(1_000);
  private static final BigInteger HALF = BigInteger.valueOf(500);

  Quantities {
    tokens = List.copyOf(tokens);
  }

  private static Quantities of(long requests, long... tokens) {
    return new Quantities(requests, Arrays.stream(tokens).boxed().toList());
  }

  static Quantities of(BilledUsage usage) {
    BilledUsage.Tokens tokens = usage.tokens();
    return of(
        usage.requests(),
        tokens.freshInput(),
        tokens.cachedInput(),
        tokens.cacheWrite5m(),
        tokens.cacheWrite1h(),
        tokens.output());
  }

  static Quantities of(UsageCounts counts) {
    return of(
        counts.requests(),
        counts.freshInput(),
        counts.parts().cachedInput(),
        counts.parts().cacheWrite5m(),
        counts.parts().cacheWrite1h(),
        counts.outputTokens());
  }

  Quantities plus(Quantities more) {
    return new Quantities(
        SignedMath.sum(requests, more.requests),
        IntStream.range(0, KINDS.size())
            .mapToObj(i -> SignedMath.sum(tokens.get(i), more.tokens.get(i)))
            .toList());
  }

  Quantities minus(Quantities part) {
    return plus(part.negated());
  }

  Quantities negated() {
    return new Quantities(-requests, tokens.stream().map(count -> -count).toList());
  }

  /**
   * For each kind, returns the smaller of this object's and the other object's number; 0 if one of
   * them is negative.
   */
  Quantities common(Quantities other) {
    return new Quantities(
        common(requests, other.requests),
        IntStream.range(0, KINDS.size())
            .mapToObj(i -> common(tokens.get(i), other.tokens.get(i)))
            .toList());
  }

  private static long common(long one, long other) {
    return Math.max(0, Math.min(one, other));
  }

  long of(Rate kind) {
    return tokens.get(KINDS.indexOf(kind));
  }

  /** Returns the number of all input tokens, cached or not. */
  long input() {
    return allTokens() - of(Rate.OUTPUT);
  }

  long allTokens() {
    return tokens.stream().reduce(0L, SignedMath::sum);
  }

  boolean hasNoTokens() {
    return tokens.stream().allMatch(count -> count == 0);
  }

  boolean isNowhereNegative() {
    return tokens.stream().allMatch(count -> count >= 0);
  }

  /** Whether each number of tokens is at most the corresponding number in the other object. */
  boolean isWithin(Quantities most) {
    return IntStream.range(0, KINDS.size()).allMatch(i -> tokens.get(i) <= most.tokens.get(i));
  }

  /**
   * Returns the cost at the usual rates, in nano-dollars. The cost is negative if the numbers are
   * negative.
   */
  long valueAt(Rates rates) {
    BigInteger pico =
        BigInteger.valueOf(requests).multiply(BigInteger.valueOf(rates.of(Rate.REQUEST)));
    for (Rate kind : KINDS) {
      pico = pico.add(BigInteger.valueOf(of(kind)).multiply(BigInteger.valueOf(rates.of(kind))));
    }
    BigInteger half = pico.signum() < 0 ? HALF.negate() : HALF;
    return SignedMath.clamped(pico.add(half).divide(PICO_IN_NANO));
  }

  /**
   * Sums and products of amounts that may be negative. Results stop at the largest and smallest
   * amount instead of overflowing.
   */
  static final class SignedMath {
    private SignedMath() {}

    static long sum(long one, long other) {
      long sum = one + other;
      boolean overflows = ((one ^ sum) & (other ^ sum)) < 0;
      return overflows ? (one < 0 ? -Long.MAX_VALUE : Long.MAX_VALUE) : sum;
    }

    static long product(long one, long other) {
      return clamped(BigInteger.valueOf(one).multiply(BigInteger.valueOf(other)));
    }

    static long clamped(BigInteger amount) {
      BigInteger most = BigInteger.valueOf(Long.MAX_VALUE);
      return amount.min(most).max(most.negate()).longValueExact();
    }
  }
}
