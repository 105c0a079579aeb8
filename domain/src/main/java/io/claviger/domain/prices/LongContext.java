package io.claviger.domain.prices;

import io.claviger.domain.InvalidValue;

/**
 * The rates of calls with long input. They count for all tokens of such a call.
 *
 * @param above a call with more tokens of input than this has these rates; cached ones count
 * @param rates those that differ from the usual ones
 */
public record LongContext(int above, Rates rates) {
  /** The largest bound, in tokens. */
  public static final int MOST = 100_000_000;

  public LongContext {
    if (above < 1 || above > MOST) {
      throw new InvalidValue("long_context", "above 1 to 100,000,000 tokens");
    }
  }
}
