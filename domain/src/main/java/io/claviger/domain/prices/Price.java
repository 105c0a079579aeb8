package io.claviger.domain.prices;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What calls of a model cost from a day on.
 *
 * @param version differs from that of every other price of the deployment
 * @param validFrom the first day (UTC)
 * @param rates the usual ones
 * @param longContext those of calls with long input, where they differ
 */
public record Price(
    long version, LocalDate validFrom, Rates rates, Optional<LongContext> longContext) {

  /** A price without rates of their own for long input. */
  public static Price of(long version, LocalDate validFrom, Rates rates) {
    return new Price(version, validFrom, rates, Optional.empty());
  }

  /**
   * The rates of a call.
   *
   * @param input all its tokens of input, cached ones too
   */
  public Rates ratesAt(long input) {
    return longContext
        .filter(beyond -> input > beyond.above())
        .map(beyond -> beyond.rates().or(rates))
        .orElse(rates);
  }

  /** The most that a token of input can cost, however it is used, in pico-dollars. */
  public long dearestInput() {
    return dearest(Rate::isOfInput);
  }

  /** The most that a token of output can cost, however it is used, in pico-dollars. */
  public long dearestOutput() {
    return dearest(Rate::isOfOutput);
  }

  private long dearest(Predicate<Rate> kind) {
    return Arrays.stream(Rate.values())
        .filter(kind)
        .mapToLong(rate -> Math.max(rates.of(rate), ratesAt(Long.MAX_VALUE).of(rate)))
        .max()
        .orElse(0);
  }
}
