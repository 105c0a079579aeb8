package io.claviger.web.prices;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.prices.Fee;
import io.claviger.domain.prices.ListedPrice;
import io.claviger.domain.prices.PicoDollars;
import io.claviger.domain.prices.Price;
import io.claviger.domain.prices.PriceScope;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import io.claviger.domain.prices.Threshold;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A price as the API shows it.
 *
 * @param provider the provider whose price this is; empty if the price is a service's own
 * @param service the service whose price this is; empty if the price applies to the whole
 *     deployment
 */
record PriceJson(
    Optional<String> provider,
    Optional<String> service,
    String model,
    String validFrom,
    @JsonUnwrapped RatesJson rates,
    Optional<ThresholdJson> longContext,
    List<ThresholdJson> thresholds,
    Map<String, Map<String, String>> tiers,
    List<FeeJson> fees,
    long version,
    Instant createdAt) {

  static PriceJson of(ListedPrice listed) {
    Optional<String> provider =
        switch (listed.scope()) {
          case PriceScope.OfProvider of -> Optional.of(of.provider().wireName());
          case PriceScope.OfService own -> Optional.empty();
        };
    return of(listed, provider, Optional.empty());
  }

  static PriceJson of(ListedPrice listed, Instance.Ref service) {
    return of(listed, Optional.empty(), Optional.of(service.toString()));
  }

  private static PriceJson of(
      ListedPrice listed, Optional<String> provider, Optional<String> service) {
    return new PriceJson(
        provider,
        service,
        listed.model().value(),
        listed.price().validFrom().toString(),
        RatesJson.of(listed.price().rates()),
        ThresholdJson.first(listed.price()),
        ThresholdJson.all(listed.price()),
        tiers(listed.price()),
        listed.price().fees().stream().map(FeeJson::of).toList(),
        listed.price().version(),
        listed.writtenAt());
  }

  /**
   * Returns the rates of the service tiers: the name of each tier is mapped to the tier's rates,
   * and the name of each rate is mapped to the rate's amount.
   */
  static Map<String, Map<String, String>> tiers(Price price) {
    Map<String, Map<String, String>> tiers = new LinkedHashMap<>();
    price
        .tiers()
        .forEach(
            (tier, rates) -> {
              Map<String, String> stated = new LinkedHashMap<>();
              rates
                  .stated()
                  .forEach(
                      (rate, pico) -> stated.put(rate.wireName(), PicoDollars.text(rate, pico)));
              tiers.put(tier.name(), stated);
            });
    return tiers;
  }

  /** The fee for something that is charged per use instead of per token. */
  record FeeJson(String what, Optional<String> quality, String amount, int per) {
    static FeeJson of(Fee fee) {
      return new FeeJson(
          fee.piece().what().wireName(),
          Optional.of(fee.piece().quality()).filter(quality -> !quality.isEmpty()),
          PicoDollars.text(fee.amount()),
          fee.per());
    }
  }

  /** The rates of calls with long input, if they differ from the usual rates. */
  record ThresholdJson(
      int above,
      Optional<String> input,
      Optional<String> cachedInput,
      @JsonProperty("cache_write_5m") Optional<String> cacheWrite5m,
      @JsonProperty("cache_write_1h") Optional<String> cacheWrite1h,
      Optional<String> output) {

    /**
     * The first threshold. The rates above the first threshold are also called the rates of the
     * long context.
     */
    static Optional<ThresholdJson> first(Price price) {
      return price.thresholds().stream().findFirst().map(ThresholdJson::of);
    }

    static List<ThresholdJson> all(Price price) {
      return price.thresholds().stream().map(ThresholdJson::of).toList();
    }

    private static ThresholdJson of(Threshold beyond) {
      Rates rates = beyond.rates();
      return new ThresholdJson(
          beyond.above(),
          RatesJson.text(rates, Rate.INPUT),
          RatesJson.text(rates, Rate.CACHED_INPUT),
          RatesJson.text(rates, Rate.CACHE_WRITE_5M),
          RatesJson.text(rates, Rate.CACHE_WRITE_1H),
          RatesJson.text(rates, Rate.OUTPUT));
    }
  }

  /** Rates as decimal numbers, in dollars per million tokens or per item. */
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
      return Optional.ofNullable(rates.stated().get(rate))
          .map(pico -> PicoDollars.text(rate, pico));
    }
  }
}
