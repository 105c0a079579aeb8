package io.claviger.domain.prices;

import io.claviger.domain.InvalidValue;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/**
 * The prices of tokens and pieces, each in pico-dollars (10^-12 US dollars). Immutable. Each call
 * needs many rates, so all of them are computed once.
 */
@SuppressWarnings("EnumOrdinal") // an index in memory, which is never stored
public final class Rates {
  /** The largest rate: 1,000 dollars for a token, or for a piece. */
  public static final long MOST = 1_000_000_000_000_000L;

  public static final Rates NONE = new Rates(Map.of());

  private final Map<Rate, Long> stated;

  /** The effective value of each rate, indexed by the rate's ordinal. */
  private final long[] counting = new long[Rate.values().length];

  /**
   * @param stated the rates that are stated, each from 0 to {@link #MOST}
   */
  public Rates(Map<Rate, Long> stated) {
    EnumMap<Rate, Long> copy = new EnumMap<>(Rate.class);
    copy.putAll(stated);
    copy.forEach(
        (rate, pico) -> {
          if (pico < 0 || pico > MOST) {
            throw new InvalidValue(rate.wireName(), "0 to 1,000 dollars for one token or piece");
          }
        });
    this.stated = Collections.unmodifiableMap(copy);
    for (Rate rate : Rate.values()) {
      // In the enum, the rate that substitutes for an absent rate comes before the absent rate, so
      // the substitute's value is already known.
      Long pico = copy.get(rate);
      counting[rate.ordinal()] =
          pico != null
              ? pico
              : rate.unlessStated()
                  .map(other -> counting[other.ordinal()])
                  .orElseGet(() -> rate == Rate.OUTPUT ? dearestMedia(copy) : 0L);
    }
  }

  /**
   * Returns the highest stated rate of audio and images in the output; 0 if none is stated. This
   * rate applies to output of an unknown kind if the price has no rate for other output.
   */
  private static long dearestMedia(Map<Rate, Long> stated) {
    return Math.max(
        stated.getOrDefault(Rate.AUDIO_OUTPUT, 0L), stated.getOrDefault(Rate.IMAGE_OUTPUT, 0L));
  }

  public Map<Rate, Long> stated() {
    return stated;
  }

  public boolean isEmpty() {
    return stated.isEmpty();
  }

  /** Whether all rates are 0. */
  public boolean isFree() {
    return stated.values().stream().allMatch(pico -> pico == 0);
  }

  /**
   * Returns the rate in pico-dollars. If the rate is not stated, returns its substitute. If the
   * substitute is not stated either, returns 0.
   */
  public long of(Rate rate) {
    return counting[rate.ordinal()];
  }

  /** Returns half of these rates, rounded up. The given rates stay the same. */
  Rates halvedExcept(Set<Rate> whole) {
    EnumMap<Rate, Long> half = new EnumMap<>(Rate.class);
    stated.forEach(
        (rate, pico) -> half.put(rate, whole.contains(rate) ? pico : Math.ceilDiv(pico, 2)));
    return new Rates(half);
  }

  /**
   * Returns these rates. For each kind that has no rate here, the rate of {@code others} is added.
   */
  Rates or(Rates others) {
    EnumMap<Rate, Long> all = new EnumMap<>(Rate.class);
    all.putAll(others.stated);
    all.putAll(stated);
    return new Rates(all);
  }

  /** Returns the higher of the two rates for each kind. */
  Rates orDearer(Rates others) {
    EnumMap<Rate, Long> dearer = new EnumMap<>(Rate.class);
    for (Rate rate : Rate.values()) {
      if (stated.containsKey(rate) || others.stated.containsKey(rate)) {
        dearer.put(rate, Math.max(of(rate), others.of(rate)));
      }
    }
    return new Rates(dearer);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Rates that && stated.equals(that.stated);
  }

  @Override
  public int hashCode() {
    return stated.hashCode();
  }

  @Override
  public String toString() {
    return "Rates" + stated;
  }
}
