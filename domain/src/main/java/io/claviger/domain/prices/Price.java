package io.claviger.domain.prices;

import java.time.LocalDate;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What calls of a model cost from a day on. Immutable. Each call asks several times for the rates
 * and the most that a token can cost, so these are worked out once.
 */
public final class Price {
  private final long version;
  private final LocalDate validFrom;
  private final Rates rates;
  private final Optional<LongContext> longContext;

  /** The rates of calls with long input; the usual ones if these do not differ. */
  private final Rates beyond;

  private final long dearestInput;
  private final long dearestOutput;

  /**
   * @param version differs from that of every other price of the deployment
   * @param validFrom the first day (UTC)
   * @param rates the usual rates
   * @param longContext the rates of calls with long input, if they differ
   */
  public Price(long version, LocalDate validFrom, Rates rates, Optional<LongContext> longContext) {
    this.version = version;
    this.validFrom = validFrom;
    this.rates = rates;
    this.longContext = longContext;
    this.beyond = longContext.map(of -> of.rates().or(rates)).orElse(rates);
    this.dearestInput = dearest(Rate::isOfInput);
    this.dearestOutput = dearest(Rate::isOfOutput);
  }

  /** A price without separate rates for long input. */
  public static Price of(long version, LocalDate validFrom, Rates rates) {
    return new Price(version, validFrom, rates, Optional.empty());
  }

  /** Returns this price for batches, of which providers charge half. Rates are rounded up. */
  public Price ofBatches() {
    return new Price(
        version,
        validFrom,
        rates.halved(),
        longContext.map(of -> new LongContext(of.above(), of.rates().halved())));
  }

  private long dearest(Predicate<Rate> kind) {
    long most = 0;
    for (Rate rate : Rate.values()) {
      most = kind.test(rate) ? Math.max(most, dearest(rate)) : most;
    }
    return most;
  }

  public long version() {
    return version;
  }

  public LocalDate validFrom() {
    return validFrom;
  }

  public Rates rates() {
    return rates;
  }

  public Optional<LongContext> longContext() {
    return longContext;
  }

  /**
   * The rates of a call.
   *
   * @param input all tokens of input, including cached ones
   */
  public Rates ratesAt(long input) {
    return longContext.isPresent() && input > longContext.get().above() ? beyond : rates;
  }

  /** The most that a call can cost of this rate, in pico-dollars, however long its input is. */
  long dearest(Rate rate) {
    return Math.max(rates.of(rate), beyond.of(rate));
  }

  /** The most that a token of input can cost, however it is used, in pico-dollars. */
  public long dearestInput() {
    return dearestInput;
  }

  /** The most that a token of output can cost, however it is used, in pico-dollars. */
  public long dearestOutput() {
    return dearestOutput;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Price that
        && version == that.version
        && validFrom.equals(that.validFrom)
        && rates.equals(that.rates)
        && longContext.equals(that.longContext);
  }

  @Override
  public int hashCode() {
    return Objects.hash(version, validFrom, rates, longContext);
  }

  @Override
  public String toString() {
    return "Price[" + version + " from " + validFrom + ": " + rates + ", " + longContext + "]";
  }
}
