package io.claviger.console.prices;

import io.claviger.console.page.Days;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Numbers;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.WireNamed;
import io.claviger.domain.fields.TypedNumbers;
import io.claviger.domain.prices.Fee;
import io.claviger.domain.prices.PicoDollars;
import io.claviger.domain.prices.Price;
import io.claviger.domain.prices.PriceContent;
import io.claviger.domain.prices.PriceTerms;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import io.claviger.domain.prices.Threshold;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;
import io.claviger.domain.usage.ServiceTier;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The rates of a price as fields of a form, in dollars for a million tokens or for one item. */
public final class PriceFields {
  static final String VALID_FROM = "valid_from";

  /** The text areas of the form, in which each line is a threshold, a tier or a fee. */
  private static final String THRESHOLDS = "thresholds";

  private static final String TIERS = "tiers";
  private static final String FEES = "fees";

  /** The rates that most prices contain. */
  public static final List<Rate> USUAL = List.of(Rate.INPUT, Rate.CACHED_INPUT, Rate.OUTPUT);

  public static final List<Rate> RARE =
      Stream.of(Rate.values()).filter(rate -> !USUAL.contains(rate)).toList();

  /** A number of lines that is larger than the maximum number of lines in any text area. */
  private static final int MOST_LINES = PriceTerms.MOST_FEES + 1;

  private PriceFields() {}

  static Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    names.add(VALID_FROM);
    names.addAll(WireNamed.names(Rate.values()));
    names.addAll(List.of(THRESHOLDS, TIERS, FEES));
    return names;
  }

  /** Reads a price. Faults of the price are recorded as faults of the form. */
  static Optional<PriceContent> read(Fields fields) {
    Optional<LocalDate> from =
        fields.required(
            VALID_FROM, "Give the first day of the price.", text -> Days.of(VALID_FROM, text));
    Rates rates = rates(fields);
    Optional<PriceTerms> terms =
        fields
            .optional(FEES, text -> PriceTerms.of(rates).withFees(lines(text, PriceFields::fee)))
            .or(() -> fields.made(FEES, () -> PriceTerms.of(rates)));
    Optional<PriceTerms> thresholds =
        fields.optional(
            THRESHOLDS,
            text -> PriceTerms.NONE.withThresholds(lines(text, PriceFields::threshold)));
    Optional<PriceTerms> tiers =
        fields.optional(TIERS, text -> PriceTerms.NONE.withTiers(tiers(text)));
    PriceTerms whole =
        terms
            .orElse(PriceTerms.NONE)
            .withThresholds(thresholds.orElse(PriceTerms.NONE).thresholds())
            .withTiers(tiers.orElse(PriceTerms.NONE).tiers());
    return from.flatMap(
        day ->
            fields.made(
                whole.isEmpty() ? Rate.INPUT.wireName() : VALID_FROM,
                () -> new PriceContent(day, whole)));
  }

  private static Rates rates(Fields fields) {
    Map<Rate, Long> stated = new EnumMap<>(Rate.class);
    for (Rate rate : Rate.values()) {
      fields
          .optional(rate.wireName(), text -> PicoDollars.parse(rate, Numbers.decimal(text)))
          .ifPresent(pico -> stated.put(rate, pico));
    }
    return new Rates(stated);
  }

  /**
   * A line of a text area with a name and the values for the name, such as {@code flex: input 0.5,
   * output 2}.
   */
  private record NamedLine(String name, String said) {
    static NamedLine of(String line) {
      int colon = line.lastIndexOf(':');
      if (colon < 1) {
        throw new InvalidValue("", "lines with a colon, as in the example");
      }
      return new NamedLine(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
    }

    /** Reads rates from a text, such as {@code input 0.5, output 2}. */
    Rates rates() {
      Map<Rate, Long> stated = new EnumMap<>(Rate.class);
      for (String each : said.split(", ", -1)) {
        String[] words = each.strip().split("\\s+");
        Rate rate =
            Stream.of(Rate.values())
                .filter(known -> known.wireName().equals(words[0]))
                .findFirst()
                .filter(known -> words.length == 2 && !stated.containsKey(known))
                .orElseThrow(
                    () ->
                        new InvalidValue(
                            "", "rates such as input 0.5, output 2, each once in a line"));
        stated.put(rate, PicoDollars.parse(rate, Numbers.decimal(words[1])));
      }
      return new Rates(stated);
    }
  }

  private static <T> List<T> lines(String text, Function<NamedLine, T> read) {
    return text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .limit(MOST_LINES)
        .map(NamedLine::of)
        .map(read)
        .toList();
  }

  private static Threshold threshold(NamedLine line) {
    return TypedNumbers.whole(line.name(), above -> new Threshold(above, line.rates()));
  }

  private static Map<ServiceTier, Rates> tiers(String text) {
    Map<ServiceTier, Rates> tiers = new HashMap<>();
    for (NamedLine line : lines(text, line -> line)) {
      if (tiers.put(ServiceTier.of(line.name()), line.rates()) != null) {
        throw new InvalidValue(TIERS, "one line for each tier");
      }
    }
    return tiers;
  }

  private static Fee fee(NamedLine line) {
    String[] piece = line.name().split("\\s+", 2);
    String[] words = line.said().split("\\s+");
    if (words.length != 1 && (words.length != 3 || !words[1].equals("per"))) {
      throw new InvalidValue(FEES, "an amount, such as 0.01, or 15 per 1000000");
    }
    FeePiece what = new FeePiece(FeeKind.named(piece[0]), piece.length == 1 ? "" : piece[1]);
    long amount = PicoDollars.parse(Numbers.decimal(words[0]));
    return words.length == 1
        ? new Fee(what, amount, 1)
        : TypedNumbers.whole(words[2], per -> new Fee(what, amount, per));
  }

  /** Returns the values of the form's fields for this price. */
  static Map<String, String> shown(Price price) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put(VALID_FROM, price.validFrom().toString());
    price
        .rates()
        .stated()
        .forEach((rate, pico) -> values.put(rate.wireName(), PicoDollars.text(rate, pico)));
    put(values, THRESHOLDS, price.thresholds().stream().map(PriceFields::line));
    put(
        values,
        TIERS,
        price.tiers().entrySet().stream()
            .map(each -> each.getKey().name() + ": " + words(each.getValue())));
    put(values, FEES, price.fees().stream().map(PriceFields::line));
    return values;
  }

  private static void put(Map<String, String> values, String name, Stream<String> lines) {
    String text = lines.collect(Collectors.joining("\n"));
    if (!text.isEmpty()) {
      values.put(name, text);
    }
  }

  private static String line(Threshold threshold) {
    return threshold.above() + ": " + words(threshold.rates());
  }

  /** Returns the line of text that states a fee, such as {@code web_search high: 0.025}. */
  static String line(Fee fee) {
    return (fee.piece().what().wireName() + " " + fee.piece().quality()).strip()
        + ": "
        + PicoDollars.text(fee.amount())
        + (fee.per() == 1 ? "" : " per " + fee.per());
  }

  private static String words(Rates rates) {
    return rates.stated().entrySet().stream()
        .map(
            each ->
                each.getKey().wireName() + " " + PicoDollars.text(each.getKey(), each.getValue()))
        .collect(Collectors.joining(", "));
  }

  /** Returns what a rate is for, in words. */
  public static String label(Rate rate) {
    return switch (rate) {
      case INPUT -> "Input";
      case CACHED_INPUT -> "Cached input";
      case CACHE_WRITE_5M -> "Written to a cache for less than an hour";
      case CACHE_WRITE_1H -> "Written to a cache for an hour or longer";
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

  /** Whether the form shows from the start those rates and fees that apply only to some calls. */
  public static boolean showsDiffering(FormState form) {
    return Stream.of(THRESHOLDS, TIERS, FEES).anyMatch(name -> isFilled(form, name));
  }

  private static boolean isFilled(FormState form, String name) {
    return !form.value(name).isEmpty() || form.error(name) != null;
  }
}
