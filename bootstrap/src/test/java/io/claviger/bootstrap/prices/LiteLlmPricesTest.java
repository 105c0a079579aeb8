package io.claviger.bootstrap.prices;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.claviger.application.prices.port.ImportedModel;
import io.claviger.domain.ModelName;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.prices.Fee;
import io.claviger.domain.prices.ModelBounds;
import io.claviger.domain.prices.PriceTerms;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import io.claviger.domain.prices.Threshold;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;
import io.claviger.domain.usage.ServiceTier;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
        "cerebras/llama-3.3-70b": {"litellm_provider": "cerebras", "input_cost_per_token": 5.9e-07},
        "nobody's": {"input_cost_per_token": 1e-06}
      }
      """;

  @Test
  void a_list_in_litellms_shape_is_read_exactly() {
    PriceList list = read(LIST, false);

    assertThat(list.models())
        .containsExactly(
            new ImportedModel(
                Provider.OPENAI,
                new ModelName("gpt-5.2"),
                PriceTerms.of(
                        new Rates(
                            Map.of(
                                Rate.INPUT, 1_750_000L,
                                Rate.CACHED_INPUT, 175_000L,
                                Rate.OUTPUT, 14_000_000L)))
                    .withTiers(
                        Map.of(ServiceTier.PRIORITY, new Rates(Map.of(Rate.INPUT, 3_500_000L))))
                    .withFees(List.of(fee(FeeKind.WEB_SEARCH, "", 50_000_000_000L, 1))),
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
  void tiers_and_several_thresholds_are_read() {
    PriceTerms terms =
        terms(
            """
            "litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 1e-06,
            "input_cost_per_token_flex": 5e-07, "output_cost_per_token_flex": 2e-06,
            "input_cost_per_token_priority": 2e-06, "cache_read_input_token_cost_ultrafast": 9e-07,
            "input_cost_per_token_batches": 5e-07, "output_cost_per_image_batches": 1,
            "input_cost_per_token_above_272k_tokens_priority": 7e-06,
            "input_cost_per_token_above_128k_tokens": 3e-06,
            "output_cost_per_token_above_200k_tokens": 9e-06,
            "cache_creation_input_token_cost_above_1hr_above_200k_tokens": 8e-06
            """);

    assertThat(terms.tiers())
        .isEqualTo(
            Map.of(
                ServiceTier.FLEX,
                new Rates(Map.of(Rate.INPUT, 500_000L, Rate.OUTPUT, 2_000_000L)),
                ServiceTier.PRIORITY,
                new Rates(Map.of(Rate.INPUT, 2_000_000L)),
                ServiceTier.of("ultrafast"),
                new Rates(Map.of(Rate.CACHED_INPUT, 900_000L))));
    Map<Rate, Long> fast = Map.of(Rate.INPUT, 6_000_000L);
    Map<Rate, Long> inUs = Map.of(Rate.INPUT, 1_100_000L);
    Map<Rate, Long> fastInUs = Map.of(Rate.INPUT, 6_600_000L);
    assertThat(
            terms(
                    """
                    "litellm_provider": "anthropic", "mode": "chat", "input_cost_per_token": 1e-06,
                    "provider_specific_entry": {"us": 1.1, "fast": 6.0}
                    """)
                .tiers())
        .isEqualTo(
            Map.of(
                ServiceTier.of("fast"),
                new Rates(fast),
                ServiceTier.IN_US,
                new Rates(inUs),
                ServiceTier.of("fast.us"),
                new Rates(fastInUs)));
    assertThat(terms.thresholds())
        .containsExactly(
            new Threshold(128_000, new Rates(Map.of(Rate.INPUT, 3_000_000L))),
            new Threshold(
                200_000,
                new Rates(Map.of(Rate.OUTPUT, 9_000_000L, Rate.CACHE_WRITE_1H, 8_000_000L))));
    assertThat(
            terms(
                    """
                    "litellm_provider": "openai", "input_cost_per_token": 4e-06,
                    "input_cost_per_token_batches": 1e-06
                    """)
                .tiers())
        .containsOnlyKeys(ServiceTier.BATCH);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'search_context_cost_per_query': {'search_context_size_low': 0.01,"
            + " 'search_context_size_medium': 0.01, 'search_context_size_high': 0.01} |"
            + " web_search 10000000000 1",
        "'search_context_cost_per_query': {'search_context_size_low': 0.01,"
            + " 'search_context_size_high': 0.02} |"
            + " web_search high 20000000000 1, web_search low 10000000000 1",
        "'file_search_cost_per_1k_calls': 2.5 | file_search 2500000000000 1000",
        "'code_interpreter_cost_per_session': 0.03 | code_interpreter 30000000000 1",
        "'mode': 'audio_transcription', 'input_cost_per_second': 0.0001,"
            + " 'output_cost_per_second': 0.0001 | audio_minute 6000000000 1",
        "'mode': 'chat', 'input_cost_per_second': 0.0001 |",
        "'input_cost_per_audio_per_second': 2e-06 | audio_minute 120000000 1",
        "'mode': 'audio_speech', 'input_cost_per_character': 1.5e-05 | character 15000000 1",
        "'mode': 'chat', 'input_cost_per_character': 1.5e-05 |",
        "'ocr_cost_per_page': 0.001, 'annotation_cost_per_page': 0.003 |"
            + " page 1000000000 1, page annotated 3000000000 1",
        "'ocr_cost_per_page': 0 |",
        "'google_maps_grounding_cost_per_query': 0.025 | grounding maps 25000000000 1",
      })
  void fees_are_read(String fields, @Nullable String fees) {
    assertThat(fees(terms("'litellm_provider': 'openai', " + fields)))
        .isEqualTo(fees == null ? "" : fees);
  }

  @Test
  void what_a_query_or_search_is_depends_on_the_provider() {
    String query = "'litellm_provider': '%s', 'mode': 'rerank', 'input_cost_per_query': 0.002";
    for (String provider : List.of("cohere", "bedrock")) {
      assertThat(fees(terms(query.formatted(provider)))).isEqualTo("search 2000000000 1");
    }
    assertThat(fees(terms(query.formatted("vertex_ai")))).isEmpty();
    assertThat(
            fees(
                terms(
                    "'litellm_provider': 'gemini', 'search_context_cost_per_query':"
                        + " {'search_context_size_medium': 0.035}")))
        .isEqualTo("grounding 35000000000 1");
  }

  @Test
  void the_publishers_of_vertex_are_one_provider_and_only_googles_models_are_grounded() {
    PriceList list =
        read(
            """
            {"gemini-2.5-pro": {"litellm_provider": "vertex_ai-language-models",
              "search_context_cost_per_query": {"search_context_size_medium": 0.035}},
             "vertex_ai/claude-sonnet-4-5@20250929": {"litellm_provider":
              "vertex_ai-anthropic_models",
              "search_context_cost_per_query": {"search_context_size_medium": 0.01}},
             "vertex_ai/imagen-4": {"litellm_provider": "vertex_ai", "input_cost_per_token": 1e-06}}
            """,
            false);

    assertThat(list.models())
        .extracting(
            model -> model.provider() + " " + model.model().value() + ": " + fees(model.terms()))
        .containsExactlyInAnyOrder(
            "vertex gemini-2.5-pro: grounding 35000000000 1",
            "vertex claude-sonnet-4-5@20250929: web_search 10000000000 1",
            "vertex imagen-4: ");
  }

  @Test
  void an_image_costs_as_much_as_the_dearest_of_its_model() {
    PriceList list =
        read(
            """
            {"amazon.titan-image-generator-v2:0": {"litellm_provider": "bedrock",
              "mode": "image_generation", "input_cost_per_image": 0.0,
              "output_cost_per_image": 0.008,
              "output_cost_per_image_above_1024_and_1024_pixels": 0.01,
              "output_cost_per_image_premium_image": 0.01,
              "output_cost_per_image_above_1024_and_1024_pixels_and_premium_image": 0.012}}
            """,
            false);

    assertThat(list.models().getFirst().terms().rates())
        .isEqualTo(new Rates(Map.of(Rate.IMAGE, 12_000_000_000L)));
    assertThat(list.leftOut()).isEmpty();
  }

  @Test
  void cached_input_of_conversations_in_speech_costs_as_much_as_cached_audio() {
    PriceList list =
        read(
            """
            {"gpt-realtime-mini": {"litellm_provider": "openai", "mode": "realtime",
              "input_cost_per_token": 6e-07, "cache_read_input_token_cost": 6e-08,
              "cache_read_input_audio_token_cost": 3e-07, "output_cost_per_token": 2.4e-06},
             "gemini/gemini-2.5-flash": {"litellm_provider": "gemini", "mode": "chat",
              "input_cost_per_token": 3e-07, "cache_read_input_token_cost": 3e-08,
              "cache_read_input_audio_token_cost": 1e-07, "output_cost_per_token": 2.5e-06}}
            """,
            false);

    assertThat(list.models())
        .extracting(model -> model.terms().rates().of(Rate.CACHED_INPUT))
        .containsExactly(300_000L, 30_000L);
  }

  @Test
  void fees_that_are_listed_as_models_belong_to_the_models_that_they_are_for() {
    PriceList list =
        read(
            """
            {"openai/container": {"litellm_provider": "openai", "mode": "chat",
              "code_interpreter_cost_per_session": 0.03},
             "hd/1024-x-1024/dall-e-3": {"litellm_provider": "openai", "mode": "image_generation",
              "input_cost_per_pixel": 7.629e-08, "output_cost_per_pixel": 0.0},
             "dall-e-3": {"litellm_provider": "openai", "mode": "image_generation",
              "input_cost_per_image": 0.04},
             "low/1024-x-1536/gpt-image-1": {"litellm_provider": "openai",
              "mode": "image_generation", "input_cost_per_image": 0.016},
             "gpt-image-1": {"litellm_provider": "openai", "mode": "image_generation",
              "input_cost_per_image": 0.042, "output_cost_per_image_token": 4e-05},
             "256-x-256/dall-e-2": {"litellm_provider": "openai", "mode": "image_generation",
              "input_cost_per_pixel": 2.4414e-07},
             "gpt": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 1e-06},
             "00-x-00/none": {"litellm_provider": "openai", "mode": "image_generation"},
             "99999-x-99999/huge": {"litellm_provider": "openai", "mode": "image_generation",
              "input_cost_per_pixel": 999},
             "embed": {"litellm_provider": "openai", "mode": "embedding",
              "input_cost_per_token": 1e-06}}
            """,
            false);

    assertThat(list.models())
        .extracting(model -> model.model().value() + ": " + fees(model.terms()))
        .containsExactly(
            "dall-e-3: image hd/1024x1024 79995863040 1",
            "gpt-image-1: ",
            "gpt: code_interpreter 30000000000 1",
            "00-x-00/none: ",
            "embed: ",
            "dall-e-2: image 256x256 15999959040 1",
            "huge: image 99999x99999 1000000000000000 1");
    assertThat(list.models().get(0).terms().rates())
        .isEqualTo(new Rates(Map.of(Rate.IMAGE, 40_000_000_000L)));
    assertThat(list.withoutPrice()).isEqualTo(1);
    assertThat(list.leftOut()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'ocr_cost_per_page': -1 | ocr_cost_per_page is no price",
        "'ocr_cost_per_page': NaN | ocr_cost_per_page is no price",
        "'ocr_cost_per_page': Infinity | ocr_cost_per_page is no price",
        "'ocr_cost_per_page': '1e-1000000000' | ocr_cost_per_page is no price",
        "'ocr_cost_per_page': 'much' | ocr_cost_per_page is no price",
        "'ocr_cost_per_page': null | ocr_cost_per_page states no amount",
        "'ocr_cost_per_page': {} | ocr_cost_per_page states no amount",
        "'ocr_cost_per_page': [1] | ocr_cost_per_page states no amount",
        "'ocr_cost_per_page': 1, 'ocr_cost_per_page': 1 | ocr_cost_per_page is listed twice",
        "'search_context_cost_per_query': {} | search_context_cost_per_query states no amount",
        "'search_context_cost_per_query': {'search_context_size_low': null} |"
            + " search_context_cost_per_query.search_context_size_low states no amount",
        "'search_context_cost_per_query': {'search_context_size_low': 1,"
            + " 'search_context_size_low': 2} |"
            + " search_context_cost_per_query.search_context_size_low is listed twice",
        "'input_cost_per_query': -2 | input_cost_per_query is no price",
        "'input_cost_per_token_flex': -2 | input_cost_per_token_flex is no price",
        "'provider_specific_entry': {'fast': -1} | provider_specific_entry.fast is no price",
        "'input_cost_per_token_above_1k_tokens': 1, 'input_cost_per_token_above_2k_tokens': 1,"
            + " 'input_cost_per_token_above_3k_tokens': 1,"
            + " 'input_cost_per_token_above_4k_tokens': 1,"
            + " 'input_cost_per_token_above_5k_tokens': 1 | thresholds: at most 4",
      })
  void a_model_with_a_bad_fee_is_left_out_and_named(String field, String why) {
    PriceList list =
        read(
            ("{'bad': {'litellm_provider': 'openai', 'input_cost_per_token': 1e-06, "
                    + field
                    + "}, 'good': {'litellm_provider': 'openai', 'input_cost_per_token': 1e-06}}")
                .replace('\'', '"'),
            false);

    assertThat(list.models()).extracting(model -> model.model().value()).containsExactly("good");
    assertThat(list.leftOut()).containsExactly("openai bad: " + why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "gemini | 'mode': 'embedding', 'input_cost_per_token': 2e-07, 'output_cost_per_token': 0,"
            + " 'input_cost_per_audio_per_second': 0.00016, 'input_cost_per_image': 0.00012,"
            + " 'input_cost_per_video_per_second': 0.00079 | input_cost_per_audio_per_second",
        "bedrock | 'mode': 'chat', 'output_cost_per_token': 7.5e-06,"
            + " 'input_cost_per_video_per_second': 0.00049 | input_cost_per_video_per_second",
        "bedrock | 'mode': 'embedding', 'input_cost_per_token': 8e-07,"
            + " 'input_cost_per_image': 6e-05 | input_cost_per_image",
        "vertex_ai | 'mode': 'embedding', 'input_cost_per_token': 8e-07,"
            + " 'input_cost_per_something_new': 1 | input_cost_per_something_new",
        "vertex_ai | 'mode': 'rerank', 'input_cost_per_query': 1,"
            + " 'input_cost_per_character': 1 | input_cost_per_character",
      })
  void a_model_whose_input_is_charged_by_a_unit_that_is_not_counted_is_left_out_and_named(
      String provider, String fields, String field) {
    PriceList list =
        read(
            ("{'m': {'litellm_provider': '" + provider + "', " + fields + "}}").replace('\'', '"'),
            false);

    assertThat(list.models()).isEmpty();
    assertThat(list.leftOut()).singleElement().asString().endsWith(field + " can't be charged");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'litellm_provider': 'openrouter', 'mode': 'chat', 'input_cost_per_image': 0.0048",
        "'litellm_provider': 'gemini', 'input_cost_per_video_per_second': 3.3e-05",
        "'litellm_provider': 'vertex_ai', 'mode': 'embedding', 'input_cost_per_character': 1e-08",
        "'litellm_provider': 'cohere', 'mode': 'embedding', 'input_cost_per_image': 0.0001",
        "'litellm_provider': 'vertex_ai', 'mode': 'embedding', 'input_cost_per_image': 0",
        "'litellm_provider': 'openai', 'mode': 'image_edit', 'input_cost_per_pixel': 1e-08",
      })
  void units_that_are_counted_in_tokens_or_as_pieces_leave_no_model_out(String fields) {
    assertThat(terms("'input_cost_per_token': 1e-06, " + fields).rates())
        .isEqualTo(new Rates(Map.of(Rate.INPUT, 1_000_000L)));
  }

  @Test
  void a_listed_image_that_is_too_cheap_to_be_one_is_a_token_of_an_image() {
    assertThat(
            terms(
                    "'litellm_provider': 'openai', 'mode': 'realtime',"
                        + " 'input_cost_per_token': 4e-06, 'input_cost_per_image': 5e-06")
                .rates())
        .isEqualTo(new Rates(Map.of(Rate.INPUT, 4_000_000L, Rate.IMAGE_INPUT, 5_000_000L)));
  }

  private static PriceTerms terms(String fields) {
    PriceList list = read(("{'m': {" + fields + "}}").replace('\'', '"'), false);
    assertThat(list.leftOut()).isEmpty();
    return last(list).terms();
  }

  private static String fees(PriceTerms terms) {
    return terms.fees().stream()
        .map(
            fee ->
                (fee.piece().what().wireName() + " " + fee.piece().quality()).strip()
                    + " "
                    + fee.amount()
                    + " "
                    + fee.per())
        .collect(Collectors.joining(", "));
  }

  private static Fee fee(FeeKind what, String quality, long pico, int per) {
    return new Fee(new FeePiece(what, quality), pico, per);
  }

  @Test
  void a_model_that_is_listed_twice_with_two_prices_is_left_out_in_any_order() {
    PriceList list =
        read(
            """
            {"mistral/m": {"litellm_provider": "mistral", "input_cost_per_token": 1e-06},
             "m": {"litellm_provider": "mistral", "input_cost_per_token": 2e-06},
             "mistral/m": {"litellm_provider": "mistral", "input_cost_per_token": 1e-06},
             "mistral/same": {"litellm_provider": "mistral", "input_cost_per_token": 1e-06},
             "same": {"litellm_provider": "mistral", "input_cost_per_token": 1e-06}}
            """,
            false);

    assertThat(list.models()).extracting(each -> each.model().value()).containsExactly("same");
    assertThat(list.leftOut()).containsExactly("mistral m: listed again with another price");
    assertThat(list.leftOutInAll()).isEqualTo(1);
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

  @Test
  void prices_belong_to_the_provider_of_which_an_administrator_states_the_name() {
    Provider house = Provider.of("house");
    String list =
        """
        {"house_ai/m": {"litellm_provider": "house_ai", "mode": "chat", "input_cost_per_token": 1e-6}}
        """;

    assertThat(read(list, false).otherProviders()).isEqualTo(1);
    assertThat(
            LiteLlmPrices.read(
                    new ByteArrayInputStream(list.getBytes(UTF_8)),
                    false,
                    Map.of("house_ai", List.of(house)))
                .models())
        .extracting(ImportedModel::provider)
        .containsExactly(house);
  }

  @Test
  void prices_belong_to_all_providers_of_a_name_and_to_the_built_in_one() {
    Provider east = Provider.of("east");
    Provider west = Provider.of("west");
    String list =
        """
        {"azure/m": {"litellm_provider": "azure", "mode": "chat", "input_cost_per_token": 1e-6},
         "c": {"litellm_provider": "cohere_chat", "mode": "chat", "input_cost_per_token": 1e-6},
         "e": {"litellm_provider": "cohere", "mode": "embedding", "input_cost_per_image": 1e-3,
           "input_cost_per_token": 1e-6}}
        """;
    PriceList read =
        LiteLlmPrices.read(
            new ByteArrayInputStream(list.getBytes(UTF_8)),
            false,
            Map.of(
                "azure",
                List.of(east, west),
                "cohere_chat",
                List.of(east),
                "cohere",
                List.of(west)));

    assertThat(read.models())
        .extracting(each -> each.provider() + " " + each.model())
        .containsExactly(
            Provider.AZURE + " m",
            east + " m",
            west + " m",
            Provider.COHERE + " c",
            west + " c",
            east + " c",
            Provider.COHERE + " e");
    assertThat(read.leftOut()).singleElement(STRING).startsWith("west e");
    assertThat(read.otherProviders()).isZero();
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
    return LiteLlmPrices.read(new ByteArrayInputStream(text.getBytes(UTF_8)), free, Map.of());
  }
}
