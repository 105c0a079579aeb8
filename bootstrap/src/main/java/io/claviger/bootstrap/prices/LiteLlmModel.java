package io.claviger.bootstrap.prices;

import io.claviger.application.prices.port.ImportedModel;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.ModelName;
import io.claviger.domain.prices.ModelBounds;
import io.claviger.domain.prices.PicoDollars;
import io.claviger.domain.prices.PriceTerms;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import io.claviger.domain.prices.Threshold;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One model of the list, of which some fields have been read. */
final class LiteLlmModel {
  private final String name;
  private final SortedMap<Integer, Map<Rate, Long>> rates = new TreeMap<>();
  private String provider = "";
  private OptionalLong maxOutput = OptionalLong.empty();
  private OptionalLong context = OptionalLong.empty();
  private Optional<String> fault = Optional.empty();

  LiteLlmModel(String name) {
    this.name = name;
  }

  Optional<LiteLlmProvider> provider() {
    return LiteLlmProvider.of(provider);
  }

  /** Returns why the price can't be right; empty if it may be right. */
  Optional<String> fault() {
    return fault;
  }

  void readText(String field, String value) {
    if (field.equals("litellm_provider")) {
      provider = value;
    } else {
      readNumber(field, value);
    }
  }

  /**
   * Reads a number.
   *
   * @param value the value as written in the list, so that nothing is rounded
   */
  void readNumber(String field, String value) {
    switch (field) {
      case "max_output_tokens" -> maxOutput = bound(value);
      case "max_input_tokens" -> context = bound(value);
      default -> LiteLlmField.of(field).ifPresent(of -> readRate(field, of, value));
    }
  }

  private void readRate(String field, LiteLlmField of, String value) {
    try {
      long pico = PicoDollars.roundUp(of.rate(), new BigDecimal(value));
      Map<Rate, Long> stated =
          rates.computeIfAbsent(of.above(), above -> new EnumMap<>(Rate.class));
      Long unused = stated.merge(of.rate(), pico, Math::max);
    } catch (NumberFormatException | InvalidValue e) {
      fault = Optional.of(field + " is no price");
    }
  }

  private static OptionalLong bound(String value) {
    try {
      long tokens = new BigDecimal(value).longValueExact();
      return tokens >= 1 && tokens <= ModelBounds.MOST
          ? OptionalLong.of(tokens)
          : OptionalLong.empty();
    } catch (ArithmeticException | NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /**
   * Returns the model that was read; empty if no caller can send its name.
   *
   * @param free whether zeros are prices
   */
  Optional<ImportedModel> imported(LiteLlmProvider of, boolean free) {
    try {
      ModelName called = new ModelName(of.called(name));
      Rates usual = stated(rates.getOrDefault(0, Map.of()), free);
      return Optional.of(
          new ImportedModel(
              of.provider(),
              called,
              PriceTerms.of(usual)
                  .withThresholds(
                      usual.isEmpty() ? List.of() : longContext(free).stream().toList()),
              new ModelBounds(maxOutput, context)));
    } catch (InvalidValue e) {
      return Optional.empty();
    }
  }

  /** Returns the rates above the first bound of input. Rates above a second bound are ignored. */
  private Optional<Threshold> longContext(boolean free) {
    return rates.tailMap(1).entrySet().stream()
        .map(entry -> new Beyond(entry.getKey(), ofContext(stated(entry.getValue(), free))))
        .filter(beyond -> !beyond.rates().isEmpty())
        .findFirst()
        .map(beyond -> new Threshold(beyond.above(), beyond.rates()));
  }

  private record Beyond(int above, Rates rates) {}

  private static Rates ofContext(Rates all) {
    Map<Rate, Long> kept = new EnumMap<>(Rate.class);
    all.stated()
        .forEach(
            (rate, pico) -> {
              if (Threshold.RATES.contains(rate)) {
                kept.put(rate, pico);
              }
            });
    return new Rates(kept);
  }

  private static Rates stated(Map<Rate, Long> read, boolean free) {
    Map<Rate, Long> kept = new EnumMap<>(Rate.class);
    read.forEach(
        (rate, pico) -> {
          if (free || pico > 0) {
            kept.put(rate, pico);
          }
        });
    return new Rates(kept);
  }

  /**
   * A rate in LiteLLM's list, in dollars for one token or item.
   *
   * @param above the tokens of input above which it applies; 0 for the usual rate
   */
  private record LiteLlmField(Rate rate, int above) {
    private static final Map<String, Rate> RATES =
        Map.ofEntries(
            Map.entry("input_cost_per_token", Rate.INPUT),
            Map.entry("cache_read_input_token_cost", Rate.CACHED_INPUT),
            Map.entry("cache_creation_input_token_cost", Rate.CACHE_WRITE_5M),
            Map.entry("cache_creation_input_token_cost_above_1hr", Rate.CACHE_WRITE_1H),
            Map.entry("input_cost_per_audio_token", Rate.AUDIO_INPUT),
            Map.entry("input_cost_per_image_token", Rate.IMAGE_INPUT),
            Map.entry("output_cost_per_token", Rate.OUTPUT),
            Map.entry("output_cost_per_reasoning_token", Rate.REASONING),
            Map.entry("output_cost_per_audio_token", Rate.AUDIO_OUTPUT),
            Map.entry("output_cost_per_image_token", Rate.IMAGE_OUTPUT),
            Map.entry("input_cost_per_request", Rate.REQUEST),
            Map.entry("input_cost_per_query", Rate.REQUEST),
            Map.entry("output_cost_per_image", Rate.IMAGE));

    /** The ending of the fields for long input, such as {@code _above_200k_tokens}. */
    private static final Pattern LONG = Pattern.compile("(.+)_above_([1-9]\\d{0,3})k_tokens");

    /** Finds the rate that a field states; empty for fields by which Claviger does not charge. */
    static Optional<LiteLlmField> of(String name) {
      Matcher beyond = LONG.matcher(name);
      boolean isLong = beyond.matches();
      return Optional.ofNullable(RATES.get(isLong ? beyond.group(1) : name))
          .map(
              rate ->
                  new LiteLlmField(rate, isLong ? Integer.parseInt(beyond.group(2)) * 1_000 : 0));
    }
  }
}
