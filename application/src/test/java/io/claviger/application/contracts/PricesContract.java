package io.claviger.application.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AnInstance;
import io.claviger.application.prices.port.ImportedModel;
import io.claviger.application.prices.port.PriceFilter;
import io.claviger.application.prices.port.PricePosition;
import io.claviger.application.prices.port.PriceStore;
import io.claviger.application.prices.port.PriceStore.Imported;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.domain.ModelName;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.prices.Fee;
import io.claviger.domain.prices.ListedPrice;
import io.claviger.domain.prices.ModelBounds;
import io.claviger.domain.prices.Price;
import io.claviger.domain.prices.PriceContent;
import io.claviger.domain.prices.PriceScope;
import io.claviger.domain.prices.PriceTerms;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import io.claviger.domain.prices.Threshold;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;
import io.claviger.domain.usage.ServiceTier;
import io.claviger.testkit.Race;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What {@link PriceStore} promises. */
@SuppressWarnings("NullAway.Init") // set before each test
public abstract class PricesContract extends PortContract {
  private static final LocalDate JAN = LocalDate.of(2026, 1, 1);
  private static final LocalDate FEB = LocalDate.of(2026, 2, 1);
  private static final PriceScope OPENAI = new PriceScope.OfProvider(Provider.OPENAI);
  private static final ModelName GPT = new ModelName("gpt-4o");

  private PriceStore prices;
  private Instance service;
  private PriceScope own;

  @BeforeEach
  void fill() {
    prices = ports.prices();
    service = stored(AnInstance.of(user("alice"), "s").build());
    own = new PriceScope.OfService(service.id());
  }

  @Test
  void every_part_of_a_price_is_kept() {
    Map<Rate, Long> all =
        Arrays.stream(Rate.values())
            .collect(Collectors.toMap(Function.identity(), rate -> 100L + rate.ordinal()));
    Map<Rate, Long> beyond =
        Threshold.RATES.stream()
            .collect(Collectors.toMap(Function.identity(), rate -> 200L + rate.ordinal()));
    PriceContent whole =
        new PriceContent(
            JAN,
            PriceTerms.of(new Rates(all))
                .withThresholds(
                    List.of(
                        new Threshold(200_000, new Rates(beyond)),
                        new Threshold(300_000, new Rates(Map.of(Rate.OUTPUT, 1L)))))
                .withTiers(
                    Map.of(
                        ServiceTier.FLEX,
                        new Rates(Map.of(Rate.INPUT, 3L, Rate.REQUEST, 0L)),
                        ServiceTier.of("null"),
                        new Rates(Map.of(Rate.IMAGE_OUTPUT, 4L))))
                .withFees(
                    List.of(
                        new Fee(new FeePiece(FeeKind.WEB_SEARCH, "high"), 5, 1),
                        new Fee(new FeePiece(FeeKind.WEB_SEARCH, ""), 4, 1_000_000),
                        new Fee(new FeePiece(FeeKind.IMAGE, "high/1024x1024"), Fee.MOST, 1))));
    Price saved = prices.save(OPENAI, GPT, whole, NOW).orElseThrow();
    PriceContent little =
        new PriceContent(
            FEB, PriceTerms.NONE.withFees(List.of(new Fee(new FeePiece(FeeKind.PAGE, ""), 0, 1))));
    Price later = prices.save(OPENAI, GPT, little, NOW).orElseThrow();

    assertThat(whole.isOf(saved)).isTrue();
    assertThat(prices.list(none(), PriceFilter.NONE, none(), 9))
        .containsExactly(
            new ListedPrice(OPENAI, GPT, saved, NOW), new ListedPrice(OPENAI, GPT, later, NOW));
    assertThat(prices.lock(OPENAI, GPT, JAN)).contains(saved);
    assertThat(found(JAN, "gpt-4o").deployment()).contains(saved);
  }

  @Test
  void a_price_counts_from_its_first_day_until_the_next_one() {
    Price first = save(OPENAI, GPT, JAN, 1);
    Price second = save(OPENAI, GPT, FEB, 2);

    assertThat(found(JAN.minusDays(1), "gpt-4o").deployment()).isEmpty();
    assertThat(found(FEB.minusDays(1), "gpt-4o").deployment()).contains(first);
    assertThat(found(FEB, "gpt-4o").deployment()).contains(second);
    assertThat(on(FEB.plusYears(9))).containsExactly(second);
    assertThat(on(JAN)).containsExactly(first);
    assertThat(on(JAN.minusDays(1))).isEmpty();
  }

  @Test
  void the_first_name_with_a_price_counts_for_each_holder() {
    Price dated = save(OPENAI, new ModelName("gpt-4o-2024-08-06"), JAN, 1);
    Price plain = save(OPENAI, GPT, JAN, 2);
    Price mine = save(own, GPT, JAN, 3);

    assertThat(found(FEB, "gpt-4o-2024-08-06", "gpt-4o"))
        .isEqualTo(new CallPrices(Optional.of(mine), Optional.of(dated), ModelBounds.UNKNOWN));
    assertThat(found(FEB, "gpt-4o-2024-11-20", "gpt-4o").deployment()).contains(plain);
    assertThat(found(FEB, "gpt")).isEqualTo(CallPrices.NONE);
    assertThat(found(FEB)).isEqualTo(CallPrices.NONE);
  }

  @Test
  void versions_of_a_model_are_found_by_its_name() {
    Price ended = save(OPENAI, new ModelName("gpt-4o-2024-05-13"), JAN, 9);
    Price dated = save(OPENAI, new ModelName("gpt-4o-2024-05-13"), JAN, 1);
    Price at = save(own, new ModelName("gpt-4o@v2"), JAN, 2);
    save(OPENAI, GPT, JAN, 3);
    save(OPENAI, new ModelName("gpt-4o-2024-11-20"), FEB, 4);
    for (String other : List.of("gpt-4o-mini", "gpt-4oz", "gpt-4", "gpt-4o-2024-preview")) {
      save(OPENAI, new ModelName(other), JAN, 5);
    }

    assertThat(prices.versionsOf(service.id(), Provider.OPENAI, "gpt-4o", JAN))
        .containsExactlyInAnyOrder(dated, at)
        .doesNotContain(ended);
    assertThat(prices.versionsOf(service.id(), Provider.OPENAI, "gpt-4o", FEB)).hasSize(3);
    assertThat(prices.versionsOf(service.id(), Provider.OPENAI, "%", FEB)).isEmpty();
    assertThat(prices.versionsOf(service.id(), Provider.GOOGLE, "gpt-4o", FEB)).containsExactly(at);
    for (int i = 0; i < 20; i++) {
      save(OPENAI, new ModelName("o3-" + (100 + i)), JAN, i);
    }
    assertThat(prices.versionsOf(service.id(), Provider.OPENAI, "o3", JAN))
        .hasSize(PriceStore.MOST_VERSIONS)
        .extracting(price -> price.rates().of(Rate.INPUT))
        .contains(19L)
        .doesNotContain(0L);
  }

  @Test
  void a_replaced_price_ends_and_has_another_version() {
    Price first = save(OPENAI, GPT, JAN, 1);
    Price second = save(OPENAI, GPT, JAN, 2);

    assertThat(second.version()).isGreaterThan(first.version());
    assertThat(prices.list(none(), PriceFilter.NONE, none(), 9))
        .extracting(ListedPrice::price)
        .containsExactly(second);
  }

  @Test
  void prices_end_one_by_one_or_all_of_a_model() {
    save(OPENAI, GPT, JAN, 1);
    Price second = save(OPENAI, GPT, FEB, 2);
    Price third = save(OPENAI, GPT, FEB.plusDays(1), 3);
    Price other = save(OPENAI, new ModelName("o3"), JAN, 4);

    assertThat(prices.end(OPENAI, GPT, Optional.of(JAN), NOW)).isEqualTo(1);
    assertThat(prices.end(OPENAI, GPT, Optional.of(JAN), NOW)).isZero();
    assertThat(prices.list(none(), PriceFilter.NONE, none(), 9))
        .extracting(ListedPrice::price)
        .containsExactly(second, third, other);
    assertThat(prices.end(OPENAI, GPT, none(), NOW)).isEqualTo(2);
    assertThat(prices.end(own, GPT, none(), NOW)).isZero();
    assertThat(found(FEB, "gpt-4o")).isEqualTo(CallPrices.NONE);
  }

  @Test
  void prices_of_one_holder_and_model_are_locked_and_end_alone() {
    PriceScope others =
        new PriceScope.OfService(stored(AnInstance.of(user("bob"), "s").build()).id());
    ModelName o3 = new ModelName("o3");
    Price deployment = save(OPENAI, GPT, JAN, 1);
    Price mine = save(own, GPT, JAN, 2);
    Price his = save(others, GPT, JAN, 3);
    Price other = save(own, o3, JAN, 4);

    assertThat(prices.lock(own, GPT, JAN)).contains(mine);
    assertThat(prices.lock(own, o3, JAN)).contains(other);
    assertThat(prices.lock(others, o3, JAN)).isEmpty();
    assertThat(prices.end(own, GPT, none(), NOW)).isEqualTo(1);

    assertThat(all(own)).containsExactly(other);
    assertThat(all(others)).containsExactly(his);
    assertThat(all(OPENAI)).containsExactly(deployment);
  }

  private List<Price> all(PriceScope scope) {
    return prices.list(Optional.of(scope), PriceFilter.NONE, none(), 9).stream()
        .map(ListedPrice::price)
        .toList();
  }

  @Test
  void a_price_is_in_force_until_the_next_one_of_its_holder_and_model() {
    Price first = save(OPENAI, GPT, JAN, 1);
    save(own, GPT, FEB, 2);
    Price other = save(OPENAI, new ModelName("o3"), FEB, 3);
    save(OPENAI, GPT, FEB, 4);
    assertThat(prices.end(OPENAI, GPT, Optional.of(FEB), NOW)).isEqualTo(1);

    assertThat(on(FEB)).containsExactly(first, other);
  }

  @Test
  void ended_prices_of_services_alone_are_removed() {
    save(own, GPT, JAN, 1);
    Price mine = save(own, GPT, JAN, 2);
    Price former = save(OPENAI, GPT, JAN, 3);
    save(OPENAI, GPT, JAN, 4);

    Duration past = Duration.between(NOW, databaseNow());
    assertThat(prices.removeEnded(past.minusDays(1))).isEqualTo(1);

    assertThat(all(own)).containsExactly(mine);
    assertThat(prices.ofVersions(List.of(former.version()))).containsExactly(former);
  }

  @Test
  void lists_go_by_provider_model_and_day_page_by_page() {
    PriceScope google = new PriceScope.OfProvider(Provider.GOOGLE);
    Price one = save(google, new ModelName("z"), JAN, 1);
    Price three = save(OPENAI, GPT, FEB, 3);
    Price two = save(OPENAI, GPT, JAN, 2);
    Price four = save(OPENAI, new ModelName("o3"), JAN, 4);
    Price mine = save(own, GPT, JAN, 5);

    List<ListedPrice> page = prices.list(none(), PriceFilter.NONE, none(), 2);
    assertThat(page).extracting(ListedPrice::price).containsExactly(one, two);
    assertThat(prices.list(none(), PriceFilter.NONE, Optional.of(PricePosition.of(page.get(1))), 9))
        .extracting(ListedPrice::price)
        .containsExactly(three, four);
    PriceFilter ofGpt = new PriceFilter(Optional.of(GPT), none());
    assertThat(prices.list(Optional.of(OPENAI), ofGpt, none(), 9))
        .extracting(ListedPrice::price)
        .containsExactly(two, three);
    List<ListedPrice> all = prices.list(Optional.of(own), PriceFilter.NONE, none(), 9);
    assertThat(all).extracting(ListedPrice::price).containsExactly(mine);
    assertThat(
            prices.list(
                Optional.of(own), PriceFilter.NONE, Optional.of(PricePosition.of(all.get(0))), 9))
        .isEmpty();
  }

  @Tag("slow")
  @Test
  void a_service_has_a_bounded_number_of_prices_until_ended_ones_are_removed() {
    for (int n = 0; n < PriceStore.MOST_OF_A_SERVICE; n++) {
      save(own, GPT, JAN, n);
    }
    PriceContent more = content(FEB, 1);
    assertThat(prices.save(own, GPT, more, NOW)).isEmpty();
    save(OPENAI, GPT, FEB, 1);

    Duration past = Duration.between(NOW, databaseNow());
    assertThat(prices.removeEnded(past.plusDays(1))).isZero();
    assertThat(prices.removeEnded(past.minusDays(1))).isEqualTo(PriceStore.MOST_OF_A_SERVICE - 1);
    assertThat(prices.save(own, GPT, more, NOW)).isPresent();
  }

  @Test
  void a_service_that_is_gone_has_no_prices() {
    save(own, GPT, JAN, 1);
    ports.instances().delete(service.id());

    assertThat(prices.list(Optional.of(own), PriceFilter.NONE, none(), 9)).isEmpty();
    assertLost(
        ConcurrencyConflict.How.REFERENCE_GONE, () -> prices.save(own, GPT, content(JAN, 1), NOW));
  }

  @Test
  void an_import_changes_only_what_differs() {
    save(OPENAI, GPT, JAN, 1);
    ModelBounds bounds = new ModelBounds(OptionalLong.of(16_384), OptionalLong.of(128_000));
    List<ImportedModel> list =
        List.of(
            imported("gpt-4o", 1, bounds),
            imported("o3", 5, ModelBounds.UNKNOWN),
            new ImportedModel(
                Provider.OPENAI,
                new ModelName("free"),
                PriceTerms.NONE,
                new ModelBounds(OptionalLong.empty(), OptionalLong.of(1))));

    assertThat(prices.add(list, FEB, NOW)).isEqualTo(new Imported(1, 0, 2));
    assertThat(prices.add(list, FEB.plusDays(1), NOW)).isEqualTo(new Imported(0, 0, 0));
    assertThat(found(FEB, "gpt-4o").bounds()).isEqualTo(bounds);
    assertThat(found(FEB, "free").deployment()).isEmpty();
    assertThat(prices.add(List.of(imported("o3", 6, bounds)), FEB.plusDays(1), NOW))
        .isEqualTo(new Imported(0, 1, 1));
    assertThat(found(FEB, "o3").deployment().map(p -> p.rates().of(Rate.INPUT))).contains(5L);
    assertThat(found(FEB.plusDays(1), "o3").deployment().map(p -> p.rates().of(Rate.INPUT)))
        .contains(6L);
    assertThat(prices.add(List.of(), FEB, NOW)).isEqualTo(new Imported(0, 0, 0));
  }

  @Test
  void an_import_compares_with_the_deployments_prices_in_force() {
    ModelBounds bounds = new ModelBounds(OptionalLong.of(1_000), OptionalLong.of(2_000));
    ModelBounds later = new ModelBounds(OptionalLong.of(3_000), OptionalLong.of(4_000));
    ModelName o3 = new ModelName("o3");
    save(own, GPT, JAN, 1);
    save(OPENAI, GPT, JAN, 1);
    assertThat(prices.end(OPENAI, GPT, none(), NOW)).isEqualTo(1);
    save(OPENAI, o3, FEB.plusDays(1), 1);
    ImportedModel elsewhere =
        new ImportedModel(Provider.GOOGLE, GPT, PriceTerms.NONE, ModelBounds.UNKNOWN);

    assertThat(
            prices.add(
                List.of(
                    elsewhere,
                    imported("gpt-4o", 1, ModelBounds.UNKNOWN),
                    imported("o3", 1, bounds)),
                FEB,
                NOW))
        .isEqualTo(new Imported(2, 0, 1));
    assertThat(found(FEB, "gpt-4o").bounds()).isEqualTo(ModelBounds.UNKNOWN);
    assertThat(prices.add(List.of(imported("o3", 1, later)), FEB, NOW))
        .isEqualTo(new Imported(0, 0, 1));
    assertThat(found(FEB, "o3").bounds()).isEqualTo(later);
    assertThat(prices.find(service.id(), Provider.GOOGLE, List.of("o3"), FEB).bounds())
        .isEqualTo(ModelBounds.UNKNOWN);
    assertThat(all(own)).hasSize(1);
  }

  @Test
  void of_writers_at_once_one_price_stands() {
    List<Boolean> stored =
        Race.of(
            16,
            n -> {
              try {
                save(OPENAI, GPT, JAN, n);
                return true;
              } catch (ConcurrencyConflict e) {
                return false;
              }
            },
            2);

    assertThat(stored).contains(true);
    assertThat(prices.list(none(), PriceFilter.NONE, none(), 99)).hasSize(1);
  }

  private CallPrices found(LocalDate on, String... names) {
    return prices.find(service.id(), Provider.OPENAI, List.of(names), on);
  }

  private List<Price> on(LocalDate day) {
    PriceFilter filter = new PriceFilter(none(), Optional.of(day));
    return prices.list(none(), filter, none(), 9).stream().map(ListedPrice::price).toList();
  }

  private Price save(PriceScope scope, ModelName model, LocalDate from, long pico) {
    return ports
        .transactions()
        .inTransaction(() -> prices.save(scope, model, content(from, pico), NOW).orElseThrow());
  }

  private static PriceContent content(LocalDate from, long pico) {
    return new PriceContent(from, PriceTerms.of(new Rates(Map.of(Rate.INPUT, pico))));
  }

  private static ImportedModel imported(String model, long pico, ModelBounds bounds) {
    return new ImportedModel(
        Provider.OPENAI,
        new ModelName(model),
        PriceTerms.of(new Rates(Map.of(Rate.INPUT, pico))),
        bounds);
  }
}
