package io.claviger.bootstrap.prices;

import io.claviger.domain.prices.Rate;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A rate that LiteLLM's list states: dollars for one token or piece.
 *
 * @param above the tokens of input above which it counts; 0 for the usual rate
 */
record LiteLlmField(Rate rate, int above) {
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

  /** Finds what a field states; empty for those that Claviger does not charge by. */
  static Optional<LiteLlmField> of(String name) {
    Matcher beyond = LONG.matcher(name);
    boolean isLong = beyond.matches();
    return Optional.ofNullable(RATES.get(isLong ? beyond.group(1) : name))
        .map(
            rate -> new LiteLlmField(rate, isLong ? Integer.parseInt(beyond.group(2)) * 1_000 : 0));
  }
}
