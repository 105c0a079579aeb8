package io.claviger.console.prices;

import io.claviger.console.page.Links;
import io.claviger.console.page.Numbers;
import io.claviger.domain.ModelName;
import io.claviger.domain.prices.Fee;
import io.claviger.domain.prices.ListedPrice;
import io.claviger.domain.prices.PicoDollars;
import io.claviger.domain.prices.Price;
import io.claviger.domain.prices.PriceScope;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A price, as a list shows it. All amounts are in dollars per million tokens.
 *
 * @param provider the provider whose price this is; empty if the price is a service's own
 * @param from the first day (UTC) on which the price is valid
 * @param others the rates without a column of their own, in words
 * @param path the address of the form that changes the price
 * @param deletion the address of the page that deletes the price
 */
public record PriceLine(
    String provider,
    String model,
    String from,
    String input,
    String cachedInput,
    String output,
    List<String> others,
    String path,
    String deletion) {
  private static final Set<Rate> COLUMNS = Set.of(Rate.INPUT, Rate.CACHED_INPUT, Rate.OUTPUT);

  public PriceLine {
    others = List.copyOf(others);
  }

  /**
   * Returns a price as a line of a list.
   *
   * @param form the address of the form that changes prices, without its query
   */
  static PriceLine of(ListedPrice listed, String form) {
    String provider =
        switch (listed.scope()) {
          case PriceScope.OfProvider of -> of.provider().wireName();
          case PriceScope.OfService own -> "";
        };
    Rates rates = listed.price().rates();
    String from = listed.price().validFrom().toString();
    Stream<String> beyond =
        listed.price().thresholds().stream()
            .map(
                context ->
                    String.format(
                        Locale.ROOT, "others above %,d tokens of input", context.above()));
    return new PriceLine(
        provider,
        listed.model().value(),
        from,
        text(rates, Rate.INPUT),
        text(rates, Rate.CACHED_INPUT),
        text(rates, Rate.OUTPUT),
        Stream.of(rates(rates, COLUMNS), beyond, differing(listed.price()))
            .flatMap(each -> each)
            .toList(),
        naming(form, provider, listed.model(), from),
        naming(form + "/delete", provider, listed.model(), from));
  }

  /**
   * Returns all rates of a price in words, except for rates of the kinds in {@code shown}. Rates
   * that apply only to some calls are included.
   */
  static List<String> others(Price price, Set<Rate> shown) {
    return Stream.of(
            rates(price.rates(), shown),
            price.thresholds().stream()
                .map(
                    context ->
                        String.format(
                            Locale.ROOT,
                            "above %,d tokens of input: %s",
                            context.above(),
                            rates(context.rates(), Set.of()).collect(Collectors.joining(", ")))),
            price.tiers().entrySet().stream()
                .map(
                    tier ->
                        tier.getKey().name()
                            + ": "
                            + rates(tier.getValue(), Set.of()).collect(Collectors.joining(", "))),
            price.fees().stream().map(PriceLine::words))
        .flatMap(each -> each)
        .toList();
  }

  private static Stream<String> rates(Rates rates, Set<Rate> shown) {
    return rates.stated().entrySet().stream()
        .filter(stated -> !shown.contains(stated.getKey()))
        .map(stated -> words(stated.getKey(), stated.getValue()));
  }

  private static Stream<String> differing(Price price) {
    return Stream.concat(
        price.tiers().keySet().stream().map(tier -> "others as " + tier.name()),
        price.fees().stream().map(PriceLine::words));
  }

  private static String words(Fee fee) {
    String amount = Numbers.exactDollars(new BigDecimal(PicoDollars.text(fee.amount())));
    return (fee.piece().what().wireName() + " " + fee.piece().quality()).strip()
        + ": "
        + (fee.per() == 1 ? amount : amount + " per " + Numbers.shown(fee.per()));
  }

  private static String naming(String path, String provider, ModelName model, String from) {
    return Links.to(path)
        .with("provider", provider)
        .with("model", model.value())
        .with("valid_from", from)
        .toString();
  }

  static String text(Rates rates, Rate rate) {
    Long pico = rates.stated().get(rate);
    return pico == null ? "–" : dollars(rate, pico);
  }

  /** Returns the text of a rate in dollars, for a million tokens or for one item. */
  public static String dollars(Rate rate, long pico) {
    return Numbers.exactDollars(new BigDecimal(PicoDollars.text(rate, pico)));
  }

  private static String words(Rate rate, long pico) {
    return PriceFields.label(rate) + " " + dollars(rate, pico);
  }
}
