package io.claviger.domain.usage;

import io.claviger.domain.Amounts;

/**
 * The part of the stated usage that exceeds what the calls could use. Nobody is charged for this
 * part, and other records of usage leave this part out.
 *
 * @param requests the number of calls with disputed usage
 * @param tokens the disputed input and output tokens
 * @param cost the cost of the disputed usage in nano-dollars, for calls that had prices
 */
public record DisputedUsage(long requests, long tokens, long cost) {
  public static final DisputedUsage NONE = new DisputedUsage(0, 0, 0);

  public DisputedUsage {
    if (requests < 0 || tokens < 0 || cost < 0) {
      throw new IllegalArgumentException("counts must not be negative");
    }
  }

  public static DisputedUsage ofCall(long tokens, long cost) {
    return tokens == 0 && cost == 0 ? NONE : new DisputedUsage(1, tokens, cost);
  }

  public DisputedUsage plus(DisputedUsage more) {
    return more.equals(NONE)
        ? this
        : new DisputedUsage(
            Amounts.sum(requests, more.requests),
            Amounts.sum(tokens, more.tokens),
            Amounts.sum(cost, more.cost));
  }

  DisputedUsage minus(DisputedUsage part) {
    return new DisputedUsage(
        Amounts.difference(requests, part.requests),
        Amounts.difference(tokens, part.tokens),
        Amounts.difference(cost, part.cost));
  }
}
