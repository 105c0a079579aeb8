package io.claviger.domain.prices;

import io.claviger.domain.InvalidValue;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What tokens and pieces cost, in pico-dollars (10^-12 US dollars) each.
 *
 * @param stated the rates that are stated, from 0 to {@link #MOST}
 */
public record Rates(Map<Rate, Long> stated) {
  /** The largest rate: 1,000 dollars for a token, or for a piece. */
  public static final long MOST = 1_000_000_000_000_000L;

  public static final Rates NONE = new Rates(Map.of());

  public Rates {
    EnumMap<Rate, Long> copy = new EnumMap<>(Rate.class);
    copy.putAll(stated);
    copy.forEach(
        (rate, pico) -> {
          if (pico < 0 || pico > MOST) {
            throw new InvalidValue(rate.wireName(), "0 to 1,000 dollars for one");
          }
        });
    stated = Collections.unmodifiableMap(copy);
  }

  public boolean isEmpty() {
    return stated.isEmpty();
  }

  /** Whether everything is free at these rates. */
  public boolean isFree() {
    return stated.values().stream().allMatch(pico -> pico == 0);
  }

  /** The rate in pico-dollars: the stated one, else the rate that is used in its place, else 0. */
  public long of(Rate rate) {
    Rate asked = rate;
    Long pico = stated.get(asked);
    while (pico == null && asked.unlessStated().isPresent()) {
      asked = asked.unlessStated().get();
      pico = stated.get(asked);
    }
    return pico == null ? 0 : pico;
  }

  /** Returns these rates, and the others for kinds that these do not state. */
  Rates or(Rates others) {
    EnumMap<Rate, Long> all = new EnumMap<>(Rate.class);
    all.putAll(others.stated);
    all.putAll(stated);
    return new Rates(all);
  }
}
