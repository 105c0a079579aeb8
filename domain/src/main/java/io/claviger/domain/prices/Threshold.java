package io.claviger.domain.prices;

import io.claviger.domain.InvalidValue;
import java.util.List;

/**
 * The rates of calls with long input. These rates apply to all tokens of such a call.
 *
 * @param above the number of input tokens, including cached tokens, above which the rates apply
 * @param rates the rates that differ from the rates of calls with less input
 */
public record Threshold(int above, Rates rates) {
  /** The kinds of rates that can differ for long input. */
  public static final List<Rate> RATES =
      List.of(Rate.INPUT, Rate.CACHED_INPUT, Rate.CACHE_WRITE_5M, Rate.CACHE_WRITE_1H, Rate.OUTPUT);

  /** The largest bound, in tokens. */
  public static final int MOST = 100_000_000;

  public Threshold {
    if (above < 1 || above > MOST) {
      throw new InvalidValue("above", "1 to 100,000,000 tokens");
    }
    if (rates.isEmpty() || !RATES.containsAll(rates.stated().keySet())) {
      throw new InvalidValue(
          "thresholds", "rates of input, of the cache and of output, at least one of them");
    }
  }
}
