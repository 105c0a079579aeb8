package io.claviger.web.prices;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.claviger.domain.prices.LongContext;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import java.util.Optional;

/** The rates of calls with long input, where they differ. */
record LongContextJson(
    int above,
    Optional<String> input,
    Optional<String> cachedInput,
    @JsonProperty("cache_write_5m") Optional<String> cacheWrite5m,
    @JsonProperty("cache_write_1h") Optional<String> cacheWrite1h,
    Optional<String> output) {

  static LongContextJson of(LongContext beyond) {
    Rates rates = beyond.rates();
    return new LongContextJson(
        beyond.above(),
        RatesJson.text(rates, Rate.INPUT),
        RatesJson.text(rates, Rate.CACHED_INPUT),
        RatesJson.text(rates, Rate.CACHE_WRITE_5M),
        RatesJson.text(rates, Rate.CACHE_WRITE_1H),
        RatesJson.text(rates, Rate.OUTPUT));
  }
}
