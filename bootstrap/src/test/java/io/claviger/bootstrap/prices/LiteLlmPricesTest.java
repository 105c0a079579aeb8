package io.claviger.bootstrap.prices;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.application.prices.port.ImportedModel;
import io.claviger.domain.ModelName;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.prices.ModelBounds;
import io.claviger.domain.prices.PriceTerms;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import io.claviger.domain.prices.Threshold;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiteLlmPricesTest {
  private static final String LIST =
      """
      {
        "sample_spec": {
          "max_tokens": "LEGACY parameter. set to max_output_tokens",
          "max_input_tokens": "max input tokens, if the provider specifies it",
          "input_cost_per_token": 0.0000,
          "litellm_provider": "one of https://docs.litellm.ai/docs/providers",
          "supported_regions": ["global"]
        },
        "gpt-5.2": {
          "cache_read_input_token_cost": 1.75e-07,
          "input_cost_per_token": 1.75e-06,
          "input_cost_per_token_priority": 3.5e-06,
          "litellm_provider": "openai",
          "max_input_tokens": 272000,
          "max_output_tokens": 128000,
          "max_tokens": 128000,
          "mode": "chat",
          "output_cost_per_token": 1.4e-05,
          "supported_endpoints": ["/v1/chat/completions"],
          "search_context_cost_per_query": {"search_context_size_high": 0.05},
          "supports_vision": true
        },
        "gemini/gemini-2.5-pro": {
          "cache_read_input_token_cost": 1.25e-07,
          "cache_read_input_token_cost_above_200k_tokens": 2.5e-07,
          "input_cost_per_token": 1.25e-06,
          "input_cost_per_token_above_200k_tokens": 2.5e-06,
          "litellm_provider": "gemini",
          "max_audio_length_hours": 8.4,
          "max_input_tokens": 1048576.0,
          "max_output_tokens": "65535",
          "output_cost_per_token": 1e-05,
          "output_cost_per_token_above_200k_tokens": 1.5e-05
        },
        "claude-sonnet-4-5": {
          "litellm_provider": "anthropic",
          "cache_creation_input_token_cost": 3.75e-06,
          "cache_creation_input_token_cost_above_1hr": 6e-06,
          "cache_read_input_token_cost": 3e-07,
          "input_cost_per_token": 3e-06,
          "output_cost_per_token": 1.5e-05
        },
        "text-embedding-3-small": {
          "litellm_provider": "openai", "input_cost_per_token": 2e-08, "output_cost_per_token": 0.0
        },
        "azure/gpt-4o": {"litellm_provider": "azure", "input_cost_per_token": 0.0000025},
        "cohere/rerank-v3.5": {"litellm_provider": "cohere", "input_cost_per_query": 0.002},
        "ollama/llama3.2": {
          "litellm_provider": "ollama", "input_cost_per_token": 0.0, "output_cost_per_token": 0.0,
          "max_output_tokens": 8192
        },
        "groq/llama-3.3-70b": {"litellm_provider": "groq", "input_cost_per_token": 5.9e-07},
        "nobody's": {"input_cost_per_token": 1e-06}
      }
      """;

  @Test
  void a_list_in_litellms_shape_is_read_exactly() {
    PriceList list = read(LIST, false);

    assertThat(list.models())
        .containsExactly(
            model(
                Provider.OPENAI,
                "gpt-5.2",
                Map.of(
                    Rate.INPUT, 1_750_000L, Rate.CACHED_INPUT, 175_000L, Rate.OUTPUT, 14_000_000L),
                bounds(128_000, 272_000)),
            new ImportedModel(
                Provider.GOOGLE,
                new ModelName("gemini-2.5-pro"),
                PriceTerms.of(
                        new Rates(
                            Map.of(
                                Rate.INPUT,
                                1_250_000L,
                                Rate.CACHED_INPUT,
                                125_000L,
                                Rate.OUTPUT,
                                10_000_000L)))
                    .withThresholds(
                        List.of(
                            new Threshold(
                                200_000,
                                new Rates(
                                    Map.of(
                                        Rate.INPUT,
                                        2_500_000L,
                                        Rate.CACHED_INPUT,
                                        250_000L,
                                        Rate.OUTPUT,
                                        15_000_000L))))),
                bounds(65_535, 1_048_576)),
            model(
                Provider.ANTHROPIC,
                "claude-sonnet-4-5",
                Map.of(
                    Rate.INPUT,
                    3_000_000L,
                    Rate.CACHED_INPUT,
                    300_000L,
                    Rate.CACHE_WRITE_5M,
                    3_750_000L,
                    Rate.CACHE_WRITE_1H,
                    6_000_000L,
                    Rate.OUTPUT,
                    15_000_000L),
                ModelBounds.UNKNOWN),
            model(
                Provider.OPENAI,
                "text-embedding-3-small",
                Map.of(Rate.INPUT, 20_000L),
                ModelBounds.UNKNOWN),
            model(Provider.AZURE, "gpt-4o", Map.of(Rate.INPUT, 2_500_000L), ModelBounds.UNKNOWN),
            model(
                Provider.COHERE,
                "rerank-v3.5",
                Map.of(Rate.REQUEST, 2_000_000_000L),
                ModelBounds.UNKNOWN),
            model(
                Provider.OLLAMA,
                "llama3.2",
                Map.of(),
                new ModelBounds(OptionalLong.of(8_192), OptionalLong.empty())));
    assertThat(list.otherProviders()).isEqualTo(3);
    assertThat(list.withoutPrice()).isEqualTo(1);
    assertThat(list.leftOut()).isEmpty();
  }

  @Test
  void zero_is_a_price_only_when_it_is_said_to_be_one() {
    assertThat(last(read(LIST, false)).terms()).isEqualTo(PriceTerms.NONE);
    assertThat(last(read(LIST, true)).terms().rates())
        .isEqualTo(new Rates(Map.of(Rate.INPUT, 0L, Rate.OUTPUT, 0L)));
    assertThat(read(LIST, true).withoutPrice()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-1e-06",
        "NaN",
        "\"NaN\"",
        "Infinity",
        "-Infinity",
        "1e99",
        "\"\"",
        "1e-999999999"
      })
  void a_price_that_can_not_be_right_is_left_out_and_named(String number) {
    String good = "\"b\": {\"litellm_provider\": \"openai\", \"input_cost_per_token\": 1e-06}";
    PriceList list =
        read(
            "{\"a\": {\"litellm_provider\": \"openai\", \"output_cost_per_token\": 1e-06,"
                + " \"input_cost_per_token\": "
                + number
                + "}, "
                + good
                + "}",
            true);

    assertThat(list.models()).extracting(m -> m.model().value()).containsExactly("b");
    assertThat(list.leftOut()).containsExactly("openai a: input_cost_per_token is no price");
  }

  @Test
  void decimals_never_pass_through_a_floating_point_number() {
    PriceList list =
        read(
            "{\"a\": {\"litellm_provider\": \"openai\", \"input_cost_per_token\":"
                + " 0.000000100000000000000000000000000001}}",
            false);

    assertThat(list.models().get(0).terms().rates().of(Rate.INPUT)).isEqualTo(100_001);
  }

  @Test
  void a_model_that_is_listed_twice_with_two_prices_keeps_the_first() {
    PriceList list =
        read(
            """
            {"mistral/m": {"litellm_provider": "mistral", "input_cost_per_token": 1e-06},
             "m": {"litellm_provider": "mistral", "input_cost_per_token": 2e-06},
             "mistral/m": {"litellm_provider": "mistral", "input_cost_per_token": 1e-06}}
            """,
            false);

    assertThat(list.models()).hasSize(1);
    assertThat(list.leftOut()).containsExactly("mistral m: listed before with another price");
  }

  @Test
  void models_that_are_left_out_are_named_up_to_a_bound_and_counted() {
    StringBuilder text = new StringBuilder("{\"\": {\"litellm_provider\": \"openai\"}");
    for (int i = 0; i < 150; i++) {
      text.append(", \"m")
          .append(i)
          .append("\": {\"litellm_provider\": \"openai\", ")
          .append("\"input_cost_per_token\": -1}");
    }
    PriceList list = read(text.append('}').toString(), false);

    assertThat(list.leftOut()).hasSize(PriceList.MOST);
    assertThat(list.leftOut().get(0))
        .isEqualTo("a model without a usable name: no model can have that name");
    assertThat(list.leftOutInAll()).isEqualTo(151);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "1",
        "{",
        "{\"a\": {\"litellm_provider\": ",
        "{\"a\": {}} {}",
        "{\"a\": {}} x",
        "not json",
        "\u0000",
        "{\"a\": nul}"
      })
  void what_is_no_such_list_is_refused_as_a_whole(String text) {
    assertThatExceptionOfType(UnreadablePrices.class).isThrownBy(() -> read(text, false));
  }

  @Test
  void deep_nesting_is_refused_without_deep_recursion() {
    assertThatExceptionOfType(UnreadablePrices.class)
        .isThrownBy(() -> read("{\"a\": " + "[".repeat(1_000_000), false));
  }

  @Test
  void what_is_not_about_prices_is_passed_over() {
    assertThat(read("{\"a\": 1, \"b\": [{\"c\": {}}], \"c\": null, \"d\": {}}", false).models())
        .isEmpty();
  }

  private static ImportedModel last(PriceList list) {
    List<ImportedModel> models = list.models();
    return models.get(models.size() - 1);
  }

  private static ImportedModel model(
      Provider provider, String name, Map<Rate, Long> rates, ModelBounds bounds) {
    return new ImportedModel(
        provider, new ModelName(name), PriceTerms.of(new Rates(rates)), bounds);
  }

  private static ModelBounds bounds(long output, long context) {
    return new ModelBounds(OptionalLong.of(output), OptionalLong.of(context));
  }

  private static PriceList read(String text, boolean free) {
    return LiteLlmPrices.read(new ByteArrayInputStream(text.getBytes(UTF_8)), free);
  }
}
