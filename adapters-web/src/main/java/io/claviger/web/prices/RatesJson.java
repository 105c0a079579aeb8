package io.claviger.web.prices;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.claviger.domain.prices.PicoDollars;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import java.util.Optional;

/** Rates as decimal numbers: dollars for a million tokens, or for a piece. */
record RatesJson(
    Optional<String> input,
    Optional<String> cachedInput,
    @JsonProperty("cache_write_5m") Optional<String> cacheWrite5m,
    @JsonProperty("cache_write_1h") Optional<String> cacheWrite1h,
    Optional<String> audioInput,
    Optional<String> imageInput,
    Optional<String> output,
    Optional<String> reasoning,
    Optional<String> audioOutput,
    Optional<String> imageOutput,
    Optional<String> request,
    Optional<String> image) {

  static RatesJson of(Rates rates) {
    return new RatesJson(
        text(rates, Rate.INPUT),
        text(rates, Rate.CACHED_INPUT),
        text(rates, Rate.CACHE_WRITE_5M),
        text(rates, Rate.CACHE_WRITE_1H),
        text(rates, Rate.AUDIO_INPUT),
        text(rates, Rate.IMAGE_INPUT),
        text(rates, Rate.OUTPUT),
        text(rates, Rate.REASONING),
        text(rates, Rate.AUDIO_OUTPUT),
        text(rates, Rate.IMAGE_OUTPUT),
        text(rates, Rate.REQUEST),
        text(rates, Rate.IMAGE));
  }

  static Optional<String> text(Rates rates, Rate rate) {
    return Optional.ofNullable(rates.stated().get(rate)).map(pico -> PicoDollars.text(rate, pico));
  }
}
