package io.claviger.application.prices;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.InMemoryPorts;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.prices.Fee;
import io.claviger.domain.prices.ModelBounds;
import io.claviger.domain.prices.PicoDollars;
import io.claviger.domain.prices.Price;
import io.claviger.domain.prices.PriceContent;
import io.claviger.domain.prices.PriceScope;
import io.claviger.domain.prices.PriceTerms;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;
import io.claviger.domain.usage.UsageModel;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CachedPriceBookTest {
  private boolean fresh = true;
  private final InMemoryPorts ports = new InMemoryPorts();
  private final CachedPriceBook book =
      new CachedPriceBook(ports.prices(), ports.clock(), () -> fresh);
  private final User alice = AUser.called("alice").build();
  private final Instance service = AnInstance.of(alice, "s").build();
  private final PricedModel gpt = asked("gpt-4o-2024-08-06");

  @Test
  void prices_are_read_once_until_they_change() {
    Price first = save(today(), 1);
    assertThat(book.findAtOnce(gpt)).isEmpty();
    assertThat(book.find(gpt).deployment()).contains(first);

    Price second = save(today(), 2);
    assertThat(book.findAtOnce(gpt).flatMap(CallPrices::deployment)).contains(first);
    book.changed(Set.of(UUID.randomUUID()));
    assertThat(book.findAtOnce(gpt)).isPresent();
    book.changed(Set.of(CachedPriceBook.DEPLOYMENT));
    assertThat(book.findAtOnce(gpt)).isEmpty();
    assertThat(book.find(gpt).deployment()).contains(second);
    book.everythingChanged();
    assertThat(book.findAtOnce(gpt)).isEmpty();
  }

  @Test
  void while_changes_may_be_unknown_prices_are_looked_up() {
    Price first = save(today(), 1);
    assertThat(book.find(gpt).deployment()).contains(first);
    Price second = save(today(), 2);

    fresh = false;

    assertThat(book.findAtOnce(gpt)).isEmpty();
    assertThat(book.find(gpt).deployment()).contains(second);
  }

  @Test
  void a_change_of_a_service_concerns_its_entries_alone() {
    PricedModel others =
        new PricedModel(
            AnInstance.of(alice, "t").build().id(), Provider.OPENAI, UsageModel.called("gpt-4o"));
    CallPrices unused = book.find(gpt);
    CallPrices another = book.find(others);

    book.changed(Set.of(service.id().value()));

    assertThat(book.findAtOnce(gpt)).isEmpty();
    assertThat(book.findAtOnce(others)).isPresent();
  }

  @Test
  void a_price_begins_at_midnight_without_any_change() {
    Price first = save(today(), 1);
    Price second = save(today().plusDays(1), 2);
    assertThat(book.find(gpt).deployment()).contains(first);

    ports.clock().advance(Duration.ofDays(1));

    assertThat(book.findAtOnce(gpt)).isEmpty();
    assertThat(book.find(gpt).deployment()).contains(second);
  }

  @Test
  void models_without_a_price_are_cached_too_and_an_unknown_one_needs_no_look() {
    assertThat(book.find(gpt)).isEqualTo(CallPrices.NONE);
    assertThat(book.findAtOnce(gpt)).contains(CallPrices.NONE);
    assertThat(book.findAtOnce(new PricedModel(service.id(), Provider.OPENAI, UsageModel.UNKNOWN)))
        .contains(CallPrices.NONE);
  }

  /** OpenRouter charges fees for reading files and for searches, no matter what the model costs. */
  @ParameterizedTest
  @CsvSource({"OPENROUTER, true", "GROQ, false"})
  void a_free_model_has_the_fees_of_a_router(String provider, boolean has) {
    CallPrices free =
        new CallPrices(
            Optional.empty(),
            Optional.of(Price.of(1, today(), new Rates(Map.of(Rate.INPUT, 0L, Rate.OUTPUT, 0L)))),
            ModelBounds.UNKNOWN);
    Price price =
        ToolFees.addTo(free, Provider.of(provider.toLowerCase(Locale.ROOT)), "m:free")
            .deployment()
            .orElseThrow();

    assertThat(price.terms().isFree()).isTrue();
    assertThat(price.fee(new FeePiece(FeeKind.PAGE, "")).isPresent()).isEqualTo(has);
    assertThat(price.fee(new FeePiece(FeeKind.WEB_SEARCH, "")).isPresent()).isEqualTo(has);
  }

  @ParameterizedTest
  @ValueSource(strings = {"high", "xhigh", "max", "max/1536x1024"})
  void the_best_images_of_openais_tool_cost_at_least_as_much_as_good_ones(String quality) {
    CallPrices stated =
        new CallPrices(
            Optional.empty(),
            Optional.of(Price.of(1, today(), new Rates(Map.of(Rate.INPUT, 1L, Rate.OUTPUT, 1L)))),
            ModelBounds.UNKNOWN);
    Price price = ToolFees.addTo(stated, Provider.OPENAI, "gpt-6-sol").deployment().orElseThrow();

    Fee usual = price.fee(new FeePiece(FeeKind.IMAGE, "medium")).orElseThrow();
    Fee best = price.fee(new FeePiece(FeeKind.IMAGE, quality)).orElseThrow();
    assertThat(best.amount()).isGreaterThan(usual.amount());
  }

  /** Callers choose the names, so only the order tells such keys apart quickly. */
  @Test
  void keys_of_names_with_the_same_hash_are_told_apart_by_their_order() {
    List<String> names =
        IntStream.range(0, 1 << 8)
            .mapToObj(
                n ->
                    String.format("%8s", Integer.toBinaryString(n))
                        .replace("1", "BB")
                        .replace("0", "Aa")
                        .replace(" ", "Aa"))
            .toList();
    Set<CachedPriceBook.PriceKey> sorted = new TreeSet<>();
    for (String name : names) {
      for (Provider provider : List.of(Provider.OPENAI, Provider.AZURE)) {
        for (long day : List.of(20_000L, 20_001L)) {
          sorted.add(
              new CachedPriceBook.PriceKey(
                  new PricedModel(service.id(), provider, UsageModel.called(name)), day));
        }
      }
    }

    assertThat(names.stream().map(String::hashCode)).containsOnly(names.getFirst().hashCode());
    assertThat(sorted).hasSize(4 << 8);
    assertThat(sorted).allMatch(key -> sorted.contains(key));
  }

  @Test
  void an_azure_deployment_costs_what_the_services_own_model_does() {
    ports.users().insert(alice);
    ports.instances().insert(service, new SecretChange.Keep(), new SecretChange.Keep());
    Price price =
        ports
            .prices()
            .save(
                new PriceScope.OfProvider(Provider.AZURE),
                service.settings().fields().model(),
                content(today(), 5),
                ports.clock().instant())
            .orElseThrow();

    assertThat(
            book.find(new PricedModel(service.id(), Provider.AZURE, UsageModel.called("chat")))
                .deployment())
        .contains(price);
  }

  @ParameterizedTest
  @CsvSource({
    "openai, gpt-5, web_search '' 0.01",
    "openai, gpt-4.1, web_search '' 0.01",
    "openai, gpt-4.1, web_search preview 0.025",
    "openai, gpt-4o-search-preview, web_search '' 0.025",
    "openai, gpt-5, code_interpreter 64g 1.92",
    "azure, chat, web_search '' 0.014",
    "anthropic, claude-haiku-4-5, web_search '' 0.01",
    "google, models/gemini-2.5-pro, grounding '' 0.035",
    "vertex, gemini-3-pro, grounding '' 0.014",
    "xai, grok-4, web_search '' 0.005",
    "xai, grok-4, file_search '' 0.0025",
    "xai, grok-4, file_search attachments 0.01",
    "xai, grok-4, web_search post 0.005",
    "xai, grok-4, web_search profile 0.01",
    "openrouter, openai/gpt-5, web_search '' 0.02",
    "openrouter, openai/gpt-5, web_search fetch 0.0025",
    "openrouter, openai/gpt-4o-search-preview, web_search '' 0.025",
    "deepseek, deepseek-chat, web_search '' 0.00075",
    "deepseek, deepseek-chat, web_search fetch 0.00075",
    "vllm, llama, web_search '' 0",
  })
  void a_tool_without_a_fee_in_the_price_costs_what_its_provider_publishes(
      String provider, String model, String fee) {
    String[] words = fee.split(" ", -1);
    Fee published =
        new Fee(
            new FeePiece(FeeKind.named(words[0]), words[1].replace("'", "")),
            PicoDollars.parse(new BigDecimal(words[2])),
            1);

    assertThat(fees(Provider.of(provider), model, List.of())).contains(published);
    Fee own = new Fee(published.piece(), 7, 1);
    assertThat(fees(Provider.of(provider), model, List.of(own)))
        .contains(own)
        .doesNotContain(published);
  }

  @Test
  void nothing_is_known_of_the_tools_of_an_unknown_provider() {
    assertThat(fees(Provider.OPENAI_COMPAT, "m", List.of())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"openai", "azure"})
  void a_model_that_makes_images_by_itself_costs_no_fee_of_a_tool(String provider) {
    assertThat(fees(Provider.of(provider), "gpt-image-1", List.of())).isEmpty();
  }

  private List<Fee> fees(Provider provider, String model, List<Fee> stated) {
    Price unused =
        ports
            .prices()
            .save(
                new PriceScope.OfProvider(provider),
                new ModelName(model),
                new PriceContent(
                    today(),
                    PriceTerms.of(new Rates(Map.of(Rate.INPUT, 1L, Rate.OUTPUT, 1L)))
                        .withFees(stated)),
                ports.clock().instant())
            .orElseThrow();
    book.everythingChanged();
    return book.find(new PricedModel(service.id(), provider, UsageModel.called(model)))
        .forService()
        .orElseThrow()
        .fees();
  }

  private PricedModel asked(String model) {
    return new PricedModel(service.id(), Provider.OPENAI, UsageModel.called(model));
  }

  private LocalDate today() {
    return LocalDate.ofInstant(ports.clock().instant(), ZoneOffset.UTC);
  }

  private Price save(LocalDate from, long pico) {
    return ports
        .prices()
        .save(
            new PriceScope.OfProvider(Provider.OPENAI),
            new ModelName("gpt-4o"),
            content(from, pico),
            ports.clock().instant())
        .orElseThrow();
  }

  private static PriceContent content(LocalDate from, long pico) {
    return new PriceContent(from, PriceTerms.of(new Rates(Map.of(Rate.INPUT, pico))));
  }
}
