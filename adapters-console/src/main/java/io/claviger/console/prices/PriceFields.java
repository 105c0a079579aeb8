package io.claviger.console.prices;

import io.claviger.console.page.Days;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Numbers;
import io.claviger.domain.prices.PicoDollars;
import io.claviger.domain.prices.Price;
import io.claviger.domain.prices.PriceContent;
import io.claviger.domain.prices.PriceTerms;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import io.claviger.domain.prices.Threshold;
import java.time.LocalDate;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The rates of a price in a form, in dollars for a million tokens or for one item. */
public final class PriceFields {
  static final String VALID_FROM = "valid_from";

  private static final String ABOVE = "long_above";
  private static final String LONG = "long_";

  /** The rates that most prices have. */
  public static final List<Rate> USUAL = List.of(Rate.INPUT, Rate.CACHED_INPUT, Rate.OUTPUT);

  public static final List<Rate> RARE =
      Stream.of(Rate.values()).filter(rate -> !USUAL.contains(rate)).toList();

  private PriceFields() {}

  static Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    names.add(VALID_FROM);
    Stream.of(Rate.values()).map(Rate::wireName).forEach(names::add);
    names.add(ABOVE);
    Threshold.RATES.stream().map(rate -> LONG + rate.wireName()).forEach(names::add);
    return names;
  }

  /** Reads a price. Its faults are added to the faults of the form. */
  static Optional<PriceContent> read(Fields fields) {
    Optional<LocalDate> from =
        fields.required(VALID_FROM, "Say from which day on.", text -> Days.of(VALID_FROM, text));
    Rates rates = rates(fields, "", List.of(Rate.values()));
    Optional<Integer> above = fields.optional(ABOVE, Numbers::whole);
    Rates beyond = rates(fields, LONG, Threshold.RATES);
    Optional<Threshold> context =
        above.flatMap(tokens -> fields.made(ABOVE, () -> new Threshold(tokens, beyond)));
    if (above.isEmpty() && !beyond.isEmpty()) {
      Optional<Integer> unused =
          fields.required(
              ABOVE, "Say above how many tokens of input these rates apply.", Numbers::whole);
    }
    return from.flatMap(
        day ->
            fields.made(
                rates.isEmpty() ? Rate.INPUT.wireName() : VALID_FROM,
                () ->
                    new PriceContent(
                        day, PriceTerms.of(rates).withThresholds(context.stream().toList()))));
  }

  private static Rates rates(Fields fields, String prefix, Collection<Rate> of) {
    Map<Rate, Long> stated = new EnumMap<>(Rate.class);
    for (Rate rate : of) {
      fields
          .optional(
              prefix + rate.wireName(), text -> PicoDollars.parse(rate, Numbers.decimal(text)))
          .ifPresent(pico -> stated.put(rate, pico));
    }
    return new Rates(stated);
  }

  /** The values of a form for this price. */
  static Map<String, String> shown(Price price) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put(VALID_FROM, price.validFrom().toString());
    put(values, "", price.rates());
    price
        .thresholds()
        .forEach(
            beyond -> {
              values.put(ABOVE, Integer.toString(beyond.above()));
              put(values, LONG, beyond.rates());
            });
    return values;
  }

  private static void put(Map<String, String> values, String prefix, Rates rates) {
    rates
        .stated()
        .forEach(
            (rate, pico) -> values.put(prefix + rate.wireName(), PicoDollars.text(rate, pico)));
  }

  /** Returns what a rate is for, as people read it. */
  public static String label(Rate rate) {
    return switch (rate) {
      case INPUT -> "Input";
      case CACHED_INPUT -> "Cached input";
      case CACHE_WRITE_5M -> "Written to a cache for 5 minutes";
      case CACHE_WRITE_1H -> "Written to a cache for an hour";
      case AUDIO_INPUT -> "Audio input";
      case IMAGE_INPUT -> "Image input";
      case OUTPUT -> "Output";
      case REASONING -> "Reasoning";
      case AUDIO_OUTPUT -> "Audio output";
      case IMAGE_OUTPUT -> "Image output";
      case REQUEST -> "Each request";
      case IMAGE -> "Each image made";
    };
  }

  public static boolean showsRare(FormState form) {
    return RARE.stream().map(Rate::wireName).anyMatch(name -> isFilled(form, name));
  }

  /** Whether a form shows the rates of long input at once. */
  public static boolean showsLong(FormState form) {
    return isFilled(form, ABOVE)
        || Threshold.RATES.stream().anyMatch(rate -> isFilled(form, LONG + rate.wireName()));
  }

  private static boolean isFilled(FormState form, String name) {
    return !form.value(name).isEmpty() || form.error(name) != null;
  }
}
