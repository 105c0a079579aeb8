package io.claviger.domain.prices;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What calls of a model cost from a day on.
 *
 * @param version differs from that of every other price of the deployment
 * @param validFrom the first day (UTC)
 * @param rates the usual rates
 * @param longContext the rates of calls with long input, if they differ
 */
public record Price(
    long version, LocalDate validFrom, Rates rates, Optional<LongContext> longContext) {

  private static final List<Rate> OF_INPUT =
      Stream.of(Rate.values()).filter(Rate::isOfInput).toList();

  private static final List<Rate> OF_OUTPUT =
      Stream.of(Rate.values()).filter(Rate::isOfOutput).toList();

  /** A price without separate rates for long input. */
  public static Price of(long version, LocalDate validFrom, Rates rates) {
    return new Price(version, validFrom, rates, Optional.empty());
  }

  /**
   * The rates of a call.
   *
   * @param input all tokens of input, including cached ones
   */
  public Rates ratesAt(long input) {
    return longContext
        .filter(beyond -> input > beyond.above())
        .map(beyond -> beyond.rates().or(rates))
        .orElse(rates);
  }

  /** The most that a token of input can cost, however it is used, in pico-dollars. */
  public long dearestInput() {
    return dearest(OF_INPUT);
  }

  /** The most that a token of output can cost, however it is used, in pico-dollars. */
  public long dearestOutput() {
    return dearest(OF_OUTPUT);
  }

  /** Makes no streams, because it runs several times for each call. */
  private long dearest(List<Rate> kinds) {
    Rates beyond = ratesAt(Long.MAX_VALUE);
    long most = 0;
    for (Rate rate : kinds) {
      most = Math.max(most, rates.of(rate));
      if (longContext.isPresent()) {
        most = Math.max(most, beyond.of(rate));
      }
    }
    return most;
  }
}
