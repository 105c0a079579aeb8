package io.claviger.application.prices;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.fakes.InMemoryPorts;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.prices.Price;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import io.claviger.domain.prices.Threshold;
import io.claviger.domain.spending.UseBounds;
import io.claviger.domain.usage.ServiceTier;
import io.claviger.domain.usage.UsageModel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The prices that come with the program. */
final class PublishedPricesTest {
  private static final PublishedPrices BUNDLED = PublishedPrices.BUNDLED;

  private static Optional<Price> price(String url, String model) {
    return BUNDLED
        .find(Endpoint.of(url), UsageModel.called(model))
        .map(PublishedPrices.PublishedPrice::price);
  }

  @ParameterizedTest
  @CsvSource({
    "https://api.openai.com/v1, gpt-5",
    "https://api.openai.com/v1, text-embedding-3-large",
    "https://api.openai.com/v1, text-embedding-3-small",
    "https://api.cohere.com, embed-multilingual-v3.0",
    "https://api.cohere.com, embed-v4.0",
    "https://api.cohere.com, command-a-03-2025",
    "https://generativelanguage.googleapis.com, gemini-embedding-001",
    "https://generativelanguage.googleapis.com, gemini-2.5-flash",
    "https://generativelanguage.googleapis.com, models/gemini-2.5-flash",
    "https://api.anthropic.com, claude-sonnet-4-5",
    "https://team.openai.azure.com/openai/v1, gpt-4o",
  })
  void the_models_of_the_seeded_definitions_and_common_ones_have_a_price(String url, String model) {
    assertThat(price(url, model)).isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "https://gpt.example.com/v1, gpt-5",
    "http://api.openai.com/v1, gpt-5",
    "https://api.openai.com:8443/v1, gpt-5",
    "https://api.openai.com.example.com/v1, gpt-5",
    "https://eu.api.openai.com/v1, gpt-5",
    "https://openai.azure.com/v1, gpt-5",
    "https://a.b.openai.azure.com/v1, gpt-5",
    "http://localhost:11434/v1, llama3.3",
  })
  void a_service_elsewhere_has_none(String url, String model) {
    assertThat(price(url, model)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "gpt-5-2026-11-11",
    "gpt-5-latest",
    "ft:gpt-5:acme::7p4lURel",
    "GPT-5",
    "gpt-5:priority",
    "models/models/gpt-5",
  })
  void a_name_that_may_cost_more_has_none(String model) {
    assertThat(price("https://api.openai.com/v1", model)).isEmpty();
  }

  @Test
  void a_dated_model_that_costs_more_does() {
    long usual = price("https://api.openai.com/v1", "gpt-4o").orElseThrow().rates().of(Rate.INPUT);

    assertThat(
            price("https://api.openai.com/v1", "gpt-4o-2024-05-13")
                .orElseThrow()
                .rates()
                .of(Rate.INPUT))
        .isEqualTo(2 * usual);
  }

  @Test
  void a_price_has_the_rates_of_tiers_and_of_long_input() {
    Price gpt = price("https://api.openai.com/v1", "gpt-5").orElseThrow();

    assertThat(gpt.tiers().keySet()).containsExactly(ServiceTier.FLEX, ServiceTier.PRIORITY);
    assertThat(gpt.ofTier(ServiceTier.PRIORITY).rates().of(Rate.OUTPUT))
        .isEqualTo(2 * gpt.rates().of(Rate.OUTPUT));
    assertThat(price("https://api.anthropic.com", "claude-sonnet-4-5").orElseThrow().thresholds())
        .hasSize(1);
  }

  @Test
  void each_line_has_a_source_and_a_version_of_its_own_that_no_stored_price_reaches() {
    Set<Long> versions = new HashSet<>();
    for (PublishedPrices.PublishedPrice each : BUNDLED.all()) {
      assertThat(each.source()).startsWith("https://");
      assertThat(versions.add(each.price().version())).isTrue();
      assertThat(each.price().version()).isBetween(1L << 49, (1L << 53) - 1);
    }
  }

  @Test
  void the_rates_and_bounds_of_each_line_fit_together() {
    List<String> faults = new ArrayList<>();
    for (PublishedPrices.PublishedPrice each : BUNDLED.all()) {
      String model = each.models().getFirst().value();
      Price price = each.price();
      Rates usual = price.rates();
      for (Rate rate : usual.stated().keySet()) {
        long pico = usual.of(rate);
        price
            .tiers()
            .forEach(
                (tier, rates) -> {
                  boolean isFlex = tier.equals(ServiceTier.FLEX);
                  long other = rates.stated().getOrDefault(rate, isFlex ? pico : -1L);
                  boolean isInUs = tier.equals(ServiceTier.IN_US);
                  boolean fits =
                      isInUs ? 10 * other == 11 * pico : isFlex ? other <= pico : other >= pico;
                  if (!fits) {
                    faults.add(model + ", tier " + tier.name() + ": " + rate);
                  }
                });
        for (Threshold threshold : price.thresholds()) {
          long beyond = threshold.rates().stated().getOrDefault(rate, -1L);
          if (Threshold.RATES.contains(rate) && beyond < pico) {
            faults.add(model + ", above " + threshold.above() + ": " + rate);
          }
        }
      }
      long context = each.bounds().context().orElse(Long.MAX_VALUE);
      long output = each.bounds().maxOutput().orElse(Long.MAX_VALUE);
      boolean writes = usual.stated().containsKey(Rate.OUTPUT);
      if (writes && (context > UseBounds.ASSUMED_CONTEXT || output > context)) {
        faults.add(model + ": bounds");
      }
    }
    assertThat(faults).isEmpty();
  }

  @Test
  void the_age_is_told_after_ninety_days() {
    assertThat(BUNDLED.age(BUNDLED.publishedOn().plusDays(90))).endsWith("90 days ago.");
    assertThat(BUNDLED.age(BUNDLED.publishedOn().plusDays(91)))
        .contains("91 days ago.", "claviger prices import");
  }

  @Test
  void a_service_that_is_not_stored_has_none() {
    InMemoryPorts ports = new InMemoryPorts();

    assertThat(
            new CachedPriceBook(ports.prices(), ports.clock(), () -> true)
                .find(
                    new PricedModel(
                        new io.claviger.domain.instances.Instance.Id(new java.util.UUID(1, 1)),
                        Provider.OPENAI,
                        UsageModel.called("gpt-5")))
                .forService())
        .isEmpty();
  }
}
