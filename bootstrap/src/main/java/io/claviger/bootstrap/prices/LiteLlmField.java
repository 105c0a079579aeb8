package io.claviger.bootstrap.prices;

import io.claviger.domain.prices.Rate;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;
import io.claviger.domain.usage.ServiceTier;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a field in LiteLLM's list states about a price. */
sealed interface LiteLlmField {
  /**
   * A rate, in dollars per token or item.
   *
   * @param above the number of input tokens above which the rate applies; 0 if the rate applies
   *     from the first token
   * @param tier the service tier for which the rate applies
   */
  record OfRate(Rate rate, int above, ServiceTier tier) implements LiteLlmField {}

  /**
   * A fee.
   *
   * @param times the factor by which the stated amount is multiplied
   * @param per the number of items for which the multiplied amount is charged once
   * @param modes the kinds of models for which the fee is charged; if empty, the fee is charged for
   *     all kinds of models
   */
  record OfFee(FeePiece piece, int times, int per, Set<String> modes) implements LiteLlmField {
    public OfFee {
      modes = Set.copyOf(modes);
    }

    static OfFee of(FeeKind what, String quality) {
      return new OfFee(new FeePiece(what, quality), 1, 1, Set.of());
    }

    /**
     * @param mode the model's kind; empty if the list does not state it
     */
    boolean isFor(String mode) {
      return modes.isEmpty() || mode.isEmpty() || modes.contains(mode);
    }

    BigDecimal amount(BigDecimal stated) {
      return stated.multiply(BigDecimal.valueOf(times));
    }
  }

  /**
   * The name of the field whose value is an object with the fees for searches. These fees depend on
   * the size of the context.
   */
  String SEARCHES = "search_context_cost_per_query";

  /**
   * The name of the field whose value is an object with factors for faster processing and for
   * processing in a certain country.
   */
  String MULTIPLIERS = "provider_specific_entry";

  Map<String, Rate> RATES =
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
          Map.entry("output_cost_per_image", Rate.IMAGE));

  /**
   * The fields for fees, keyed by their names. For audio, the list states an amount per second, but
   * providers charge per minute. The fields for audio input and for audio output state the same
   * fee.
   */
  Map<String, OfFee> FEES =
      Map.ofEntries(
          Map.entry(SEARCHES, OfFee.of(FeeKind.WEB_SEARCH, "")),
          Map.entry(SEARCHES + ".search_context_size_low", OfFee.of(FeeKind.WEB_SEARCH, "low")),
          Map.entry(
              SEARCHES + ".search_context_size_medium", OfFee.of(FeeKind.WEB_SEARCH, "medium")),
          Map.entry(SEARCHES + ".search_context_size_high", OfFee.of(FeeKind.WEB_SEARCH, "high")),
          Map.entry("google_maps_grounding_cost_per_query", OfFee.of(FeeKind.GROUNDING, "maps")),
          Map.entry(
              "file_search_cost_per_1k_calls",
              new OfFee(new FeePiece(FeeKind.FILE_SEARCH, ""), 1, 1_000, Set.of())),
          Map.entry("code_interpreter_cost_per_session", OfFee.of(FeeKind.CODE_INTERPRETER, "")),
          Map.entry(
              "input_cost_per_second",
              new OfFee(
                  new FeePiece(FeeKind.AUDIO_MINUTE, ""), 60, 1, Set.of("audio_transcription"))),
          Map.entry(
              "input_cost_per_audio_per_second",
              new OfFee(
                  new FeePiece(FeeKind.AUDIO_MINUTE, ""), 60, 1, Set.of("audio_transcription"))),
          Map.entry(
              "input_cost_per_character",
              new OfFee(new FeePiece(FeeKind.CHARACTER, ""), 1, 1, Set.of("audio_speech"))),
          Map.entry("ocr_cost_per_page", OfFee.of(FeeKind.PAGE, "")),
          Map.entry("annotation_cost_per_page", OfFee.of(FeeKind.PAGE, "annotated")));

  Map<String, ServiceTier> TIERS =
      Map.of(
          "flex", ServiceTier.FLEX,
          "priority", ServiceTier.PRIORITY,
          "ultrafast", ServiceTier.of("ultrafast"),
          "batches", ServiceTier.BATCH);

  Pattern TIERED = Pattern.compile("(.+)_(flex|priority|ultrafast|batches)");

  /**
   * The pattern of the names of fields for long input. These names end with texts such as {@code
   * _above_200k_tokens}.
   */
  Pattern LONG = Pattern.compile("(.+)_above_([1-9]\\d{0,3})k_tokens");

  /**
   * The fields for larger and better images. How a request or an answer states which of these
   * fields applies is not known. So the highest of their amounts is the price of each image.
   */
  Pattern DEARER_IMAGE =
      Pattern.compile(
          "output_cost_per_image_(?:premium_image"
              + "|above_\\d+_and_\\d+_pixels(?:_and_premium_image)?)");

  /**
   * Returns what the field with the given name states; empty if Claviger charges nothing for what
   * this field states.
   */
  static Optional<LiteLlmField> of(String name) {
    OfFee fee = FEES.get(name);
    if (fee != null) {
      return Optional.of(fee);
    }
    if (DEARER_IMAGE.matcher(name).matches()) {
      return Optional.of(new OfRate(Rate.IMAGE, 0, ServiceTier.STANDARD));
    }
    Matcher tiered = TIERED.matcher(name);
    boolean isTiered = tiered.matches();
    String usual = isTiered ? tiered.group(1) : name;
    Matcher beyond = LONG.matcher(usual);
    boolean isLong = beyond.matches();
    return Optional.ofNullable(RATES.get(isLong ? beyond.group(1) : usual))
        .map(
            rate ->
                new OfRate(
                    rate,
                    isLong ? Integer.parseInt(beyond.group(2)) * 1_000 : 0,
                    isTiered
                        ? TIERS.getOrDefault(tiered.group(2), ServiceTier.STANDARD)
                        : ServiceTier.STANDARD));
  }
}
