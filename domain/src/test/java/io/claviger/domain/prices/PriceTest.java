package io.claviger.domain.prices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.ServiceTier;
import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.TokenUsage;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PriceTest {
  private static final LocalDate DAY = LocalDate.of(2026, 1, 1);
  private static final Rates USUAL =
      new Rates(Map.of(Rate.INPUT, 1_000L, Rate.CACHED_INPUT, 100L, Rate.OUTPUT, 4_000L));

  @Test
  void a_tier_changes_the_rates_that_it_states_and_long_input_in_proportion() {
    Price price =
        price(
            PriceTerms.of(USUAL)
                .withThresholds(
                    List.of(threshold(10, Rate.INPUT, 1_501), threshold(20, Rate.OUTPUT, 8_000)))
                .withTiers(
                    Map.of(
                        ServiceTier.FLEX, new Rates(Map.of(Rate.INPUT, 500L)),
                        ServiceTier.PRIORITY, new Rates(Map.of(Rate.OUTPUT, 8_000L)))));

    assertThat(cost(price, 10, 1)).isEqualTo(10 + 4);
    assertThat(cost(price.ofTier(ServiceTier.FLEX), 10, 1)).isEqualTo(5 + 4);
    assertThat(cost(price.ofTier(ServiceTier.PRIORITY), 10, 1)).isEqualTo(10 + 8);
    // Half of 1,501 is rounded up to 751 pico-dollars.
    assertThat(cost(price.ofTier(ServiceTier.FLEX), 20, 0))
        .isEqualTo(Math.ceilDiv(20 * 751, 1_000));
    assertThat(cost(price.ofTier(ServiceTier.PRIORITY), 30, 1))
        .isEqualTo(Math.ceilDiv(30 * 1_501 + 16_000, 1_000));
    assertThat(price.ofTier(ServiceTier.STANDARD)).isSameAs(price);
    assertThat(price.ofTier(ServiceTier.of("turbo"))).isSameAs(price);
    assertThat(price.ofTier(ServiceTier.FLEX).version()).isEqualTo(price.version());
  }

  @Test
  void published_fees_apply_to_the_kinds_of_which_a_price_of_a_model_that_writes_states_none() {
    Fee search = new Fee(new FeePiece(FeeKind.WEB_SEARCH, ""), 10, 1);
    Fee image = new Fee(new FeePiece(FeeKind.IMAGE, "high"), 20, 1);
    Fee free = new Fee(new FeePiece(FeeKind.WEB_SEARCH, "low"), 0, 1);
    List<Fee> fees = List.of(search, image);
    Map<Rate, Long> withImages = new EnumMap<>(USUAL.stated());
    withImages.put(Rate.IMAGE_OUTPUT, 5L);

    assertThat(price(PriceTerms.of(USUAL)).withFeesUnlessStated(fees))
        .isEqualTo(price(PriceTerms.of(USUAL).withFees(fees)));
    assertThat(price(PriceTerms.of(USUAL).withFees(List.of(free))).withFeesUnlessStated(fees))
        .isEqualTo(price(PriceTerms.of(USUAL).withFees(List.of(free, image))));
    assertThat(price(PriceTerms.of(new Rates(withImages))).withFeesUnlessStated(fees).fees())
        .containsExactly(search);
    for (Rates rates :
        List.of(
            new Rates(Map.of(Rate.INPUT, 1L)),
            new Rates(Map.of(Rate.INPUT, 0L, Rate.OUTPUT, 0L)))) {
      assertThat(price(PriceTerms.of(rates)).withFeesUnlessStated(fees).fees()).isEmpty();
    }
    List<Fee> many =
        IntStream.range(0, PriceTerms.MOST_FEES - 1)
            .mapToObj(i -> new Fee(new FeePiece(FeeKind.PAGE, "q" + i), 1, 1))
            .toList();
    assertThat(price(PriceTerms.of(USUAL).withFees(many)).withFeesUnlessStated(fees).fees())
        .hasSize(PriceTerms.MOST_FEES)
        .contains(search);
  }

  @Test
  void pieces_that_answers_count_apart_have_fees_of_their_own() {
    Fee search = new Fee(new FeePiece(FeeKind.WEB_SEARCH, ""), 10_000, 1);
    Fee post = new Fee(FeePiece.POST, 1_000, 1);
    Fee profile = new Fee(FeePiece.PROFILE, 20_000, 1);
    List<Fee> published = List.of(search, post, profile);
    Fee ownSearch = new Fee(search.piece(), 7_000, 1);
    Fee ownPost = new Fee(FeePiece.POST, 3_000, 1);
    PriceTerms usual = PriceTerms.of(USUAL);

    assertThat(price(usual.withFees(List.of(ownSearch))).withFeesUnlessStated(published).fees())
        .containsExactly(ownSearch, post, profile);
    assertThat(price(usual.withFees(List.of(ownPost))).withFeesUnlessStated(published).fees())
        .containsExactly(ownPost, search, profile);
    Price free =
        price(
            PriceTerms.of(new Rates(Map.of(Rate.INPUT, 0L, Rate.OUTPUT, 0L)))
                .withFees(List.of(new Fee(search.piece(), 0, 1))));
    assertThat(free.withFeesAlthoughFree(published).fee(FeePiece.POST)).contains(post);
    Price all = price(usual.withFees(published));
    assertThat(all.dearestFee(FeeKind.WEB_SEARCH)).contains(search);
    assertThat(all.fee(FeePiece.dearest(FeeKind.WEB_SEARCH))).contains(search);
    assertThat(Cost.atMost(all, 0, 0, 0, FeesUsed.of(FeeKind.WEB_SEARCH, 2))).isEqualTo(20);
    assertThat(price(usual.withFees(List.of(post, profile))).dearestFee(FeeKind.WEB_SEARCH))
        .contains(profile);
  }

  @Test
  void a_free_price_stays_free_but_for_what_the_provider_charges_although_it_is_free() {
    Fee page = new Fee(new FeePiece(FeeKind.PAGE, ""), 30_000, 1);
    Fee search = new Fee(new FeePiece(FeeKind.WEB_SEARCH, ""), 10_000, 1);
    Price free = price(PriceTerms.of(new Rates(Map.of(Rate.INPUT, 0L, Rate.OUTPUT, 0L))));
    Price charged = free.withFeesAlthoughFree(List.of(page, search));

    assertThat(charged.terms()).isEqualTo(free.terms());
    assertThat(charged).isNotEqualTo(free);
    assertThat(cost(charged, 9, 9)).isZero();
    assertThat(charged.says(true, 0, FeesUsed.NONE)).isTrue();
    assertThat(charged.lacks(FeesUsed.of(FeeKind.PAGE, 1))).isFalse();
    assertThat(Cost.of(charged, TokenUsage.NONE, FeesUsed.of(FeeKind.PAGE, 2)))
        .isEqualTo(Cost.of(charged, TokenUsage.NONE, FeesUsed.of(FeeKind.WEB_SEARCH, 6)))
        .isEqualTo(60);
    assertThat(Cost.atMost(charged, 9, 9, 0, FeesUsed.of(FeeKind.PAGE, 2))).isEqualTo(60);
    assertThat(charged.dearestOf(RequestedUse.ANY_TIER).fee(page.piece())).isPresent();

    Price stated = price(free.terms().withFees(List.of(new Fee(page.piece(), 0, 1))));
    assertThat(
            Cost.of(
                stated.withFeesAlthoughFree(List.of(page)),
                TokenUsage.NONE,
                FeesUsed.of(FeeKind.PAGE, 2)))
        .isZero();
    assertThat(price(PriceTerms.of(USUAL)).withFeesAlthoughFree(List.of(page)))
        .isEqualTo(price(PriceTerms.of(USUAL)).withFeesUnlessStated(List.of(page)));
  }

  @Test
  void a_tier_of_a_price_with_published_fees_has_these_fees() {
    Fee search = new Fee(new FeePiece(FeeKind.WEB_SEARCH, ""), 10_000, 1);
    Price price =
        price(
                PriceTerms.of(USUAL)
                    .withThresholds(List.of(threshold(10, Rate.INPUT, 1_500)))
                    .withTiers(Map.of(ServiceTier.PRIORITY, new Rates(Map.of(Rate.INPUT, 2_000L)))))
            .withFeesUnlessStated(List.of(search));

    assertThat(
            Cost.of(
                price.ofTier(ServiceTier.PRIORITY),
                TokenUsage.stated(20, 0, TokenParts.NONE),
                FeesUsed.of(FeeKind.WEB_SEARCH, 1)))
        .isEqualTo(20 * 3 + 10);
  }

  @Test
  void each_threshold_changes_what_it_states_of_the_rates_below_it() {
    Price price =
        price(
            PriceTerms.of(USUAL)
                .withThresholds(
                    List.of(threshold(10, Rate.INPUT, 2_000), threshold(20, Rate.OUTPUT, 9_000))));

    assertThat(cost(price, 10, 1)).isEqualTo(10 + 4);
    assertThat(cost(price, 20, 1)).isEqualTo(40 + 4);
    assertThat(cost(price, 21, 1)).isEqualTo(42 + 9);
    assertThat(price.dearestInput()).isEqualTo(2_000);
    assertThat(price.dearestOutput()).isEqualTo(9_000);
  }

  @Test
  void batches_have_their_stated_rates_or_else_half() {
    Price half = price(PriceTerms.of(USUAL)).ofBatches();
    Price stated =
        price(
                PriceTerms.of(USUAL)
                    .withTiers(Map.of(ServiceTier.BATCH, new Rates(Map.of(Rate.INPUT, 900L)))))
            .ofBatches();

    assertThat(half.rates().of(Rate.INPUT)).isEqualTo(500);
    assertThat(half.rates().of(Rate.OUTPUT)).isEqualTo(2_000);
    assertThat(stated.rates().of(Rate.INPUT)).isEqualTo(900);
    assertThat(stated.rates().of(Rate.OUTPUT)).isEqualTo(4_000);
  }

  @Test
  void the_dearest_price_of_tiers_is_never_below_that_of_one_of_them() {
    Random random = new Random(20260102);
    List<ServiceTier> known =
        List.of(
            ServiceTier.STANDARD,
            ServiceTier.FLEX,
            ServiceTier.PRIORITY,
            ServiceTier.BATCH,
            ServiceTier.of("turbo"));
    for (int i = 0; i < 500; i++) {
      Price price = price(some(random));
      Set<ServiceTier> asked = new HashSet<>();
      known.stream().filter(tier -> random.nextBoolean()).forEach(asked::add);
      asked.add(known.get(random.nextInt(known.size())));
      Price dearest = price.dearestOf(asked);
      Price ofAll = price.dearestOf(Set.of(ServiceTier.OTHER));
      TokenUsage usage = usage(random);
      FeesUsed fees = fees(random);
      long most = Cost.atMost(dearest, usage.input(), usage.output(), 60, fees);
      long least = 0;
      for (ServiceTier tier : asked) {
        long cost = Cost.of(price.ofTier(tier), usage, fees);
        assertThat(cost).isLessThanOrEqualTo(most);
        least = Math.max(least, cost);
        assertThat(Cost.of(dearest, usage, fees)).isGreaterThanOrEqualTo(cost);
        assertThat(Cost.of(ofAll, usage, fees)).isGreaterThanOrEqualTo(cost);
      }
      assertThat(price.dearestOf(asked)).isEqualTo(dearest);
      if (asked.size() == 1) {
        assertThat(Cost.of(dearest, usage, fees)).isEqualTo(least);
      }
    }
  }

  @Test
  void what_is_asked_for_last_is_kept_and_what_can_be_kept_is_weighed() {
    Map<ServiceTier, Rates> tiers = new HashMap<>();
    IntStream.range(0, 8).forEach(i -> tiers.put(new ServiceTier("t" + i), USUAL));
    Price price =
        price(
            PriceTerms.of(USUAL)
                .withTiers(tiers)
                .withThresholds(
                    IntStream.range(1, 5).mapToObj(i -> threshold(i, Rate.INPUT, 1)).toList())
                .withFees(
                    IntStream.range(0, 32).mapToObj(i -> fee(FeeKind.PAGE, "q" + i, 1)).toList()));

    assertThat(price.dearestOf(tiers.keySet())).isSameAs(price.dearestOf(tiers.keySet()));
    for (ServiceTier tier : tiers.keySet()) {
      assertThat(price.ofTier(tier)).isSameAs(price.ofTier(tier));
    }
    assertThat(price.weight()).isEqualTo(37);
    assertThat(price(PriceTerms.of(USUAL)).weight()).isEqualTo(1);
    assertThat(CallPrices.NONE.weight()).isEqualTo(1);
    CallPrices alias =
        new CallPrices(
            Optional.of(price(PriceTerms.of(USUAL))),
            Optional.empty(),
            ModelBounds.UNKNOWN,
            List.of(price, price));
    assertThat(alias.weight()).isEqualTo(1 + 2 * 37);
    assertThat(alias.dearestOf(tiers.keySet()).versions())
        .containsExactly(price.dearestOf(tiers.keySet()), price.dearestOf(tiers.keySet()));
  }

  @Test
  void a_fee_is_that_of_the_quality_or_of_its_parts_or_of_any_or_else_the_dearest() {
    Price price =
        price(
            PriceTerms.of(USUAL)
                .withFees(
                    List.of(
                        fee(FeeKind.IMAGE, "high/1024x1024", 9),
                        fee(FeeKind.IMAGE, "high", 7),
                        fee(FeeKind.IMAGE, "512x512", 3),
                        fee(FeeKind.IMAGE, "", 1),
                        fee(FeeKind.WEB_SEARCH, "low", 10),
                        fee(FeeKind.WEB_SEARCH, "high", 25))));

    assertThat(nano(price, FeeKind.IMAGE, "high/1024x1024")).isEqualTo(9);
    assertThat(nano(price, FeeKind.IMAGE, "high/512x512")).isEqualTo(7);
    assertThat(nano(price, FeeKind.IMAGE, "low/512x512")).isEqualTo(3);
    assertThat(nano(price, FeeKind.IMAGE, "low")).isEqualTo(1);
    assertThat(nano(price, FeeKind.IMAGE, "")).isEqualTo(1);
    assertThat(nano(price, FeeKind.WEB_SEARCH, "low")).isEqualTo(10);
    assertThat(nano(price, FeeKind.WEB_SEARCH, "")).isEqualTo(25);
    assertThat(nano(price, FeeKind.WEB_SEARCH, FeePiece.DEAREST)).isEqualTo(25);
    assertThat(nano(price, FeeKind.IMAGE, FeePiece.DEAREST)).isEqualTo(9);
    assertThat(nano(price, FeeKind.PAGE, FeePiece.DEAREST)).isZero();
    assertThat(nano(price, FeeKind.PAGE, "")).isZero();
    assertThat(price.lacks(FeesUsed.of(FeeKind.FILE_SEARCH, 1))).isTrue();
    // Tokens may pay for it.
    assertThat(price.lacks(FeesUsed.of(FeeKind.PAGE, 1))).isFalse();
    assertThat(price.lacks(FeesUsed.of(FeeKind.WEB_SEARCH, 1))).isFalse();
    assertThat(price.lacks(FeesUsed.NONE)).isFalse();
  }

  @Test
  void images_need_no_fee_if_their_tokens_have_a_rate() {
    FeesUsed image = FeesUsed.of(FeeKind.IMAGE, 1);

    assertThat(price(PriceTerms.of(new Rates(Map.of(Rate.OUTPUT, 1L)))).lacks(image)).isTrue();
    assertThat(price(PriceTerms.of(new Rates(Map.of(Rate.IMAGE_OUTPUT, 1L)))).lacks(image))
        .isFalse();
  }

  @Test
  void fees_are_for_any_number_of_pieces_and_the_sum_is_rounded_up_once() {
    Price price =
        price(
            PriceTerms.of(new Rates(Map.of(Rate.INPUT, 500L)))
                .withFees(
                    List.of(
                        new Fee(new FeePiece(FeeKind.CHARACTER, ""), 1_000, 3),
                        new Fee(new FeePiece(FeeKind.PAGE, ""), 1_000, 6),
                        new Fee(new FeePiece(FeeKind.AUDIO_MINUTE, ""), 60_000_000, 1))));
    FeesUsed one = FeesUsed.of(FeeKind.CHARACTER, 1).plus(FeesUsed.of(FeeKind.PAGE, 1));

    // A third, a sixth and a half of a nano-dollar.
    assertThat(Cost.of(price, stated(1, 0), one)).isEqualTo(1);
    assertThat(Cost.of(price, stated(1, 0), one.plus(FeesUsed.of(FeeKind.PAGE, 1)))).isEqualTo(2);
    assertThat(Cost.of(price, TokenUsage.NONE, FeesUsed.of(FeeKind.AUDIO_MINUTE, 90_001)))
        .isEqualTo(90_001);
    assertThat(Cost.of(price, TokenUsage.NONE, FeesUsed.of(FeeKind.PAGE, Long.MAX_VALUE)))
        .isEqualTo(Math.ceilDiv(Long.MAX_VALUE, 1_000));
    assertThat(Cost.of(price, TokenUsage.NONE, FeesUsed.of(FeeKind.AUDIO_MINUTE, Long.MAX_VALUE)))
        .isEqualTo(Math.ceilDiv(Long.MAX_VALUE, 1_000));
  }

  @Test
  void each_image_is_charged_once_however_it_is_counted() {
    TokenUsage three = TokenUsage.stated(0, 0, new TokenParts(0, 0, 0, 0, 0, 0, 0, 0, 3, 0));
    FeesUsed high = FeesUsed.of(new FeePiece(FeeKind.IMAGE, "high"), 2);
    Price byRate = price(PriceTerms.of(new Rates(Map.of(Rate.IMAGE, 5_000L))));
    Price byBoth = price(byRate.terms().withFees(List.of(fee(FeeKind.IMAGE, "high", 9))));
    Price byFee =
        price(
            PriceTerms.of(USUAL)
                .withFees(List.of(fee(FeeKind.IMAGE, "high", 9), fee(FeeKind.IMAGE, "low", 1))));

    assertThat(Cost.of(byRate, three)).isEqualTo(15);
    assertThat(Cost.of(byRate, three, high)).isEqualTo(15);
    assertThat(Cost.of(byRate, TokenUsage.NONE, high)).isEqualTo(10);
    assertThat(Cost.of(byBoth, three, high)).isEqualTo(9 + 9 + 5);
    assertThat(Cost.of(byFee, three, high)).isEqualTo(27);
    assertThat(Cost.of(byFee, three)).isEqualTo(27);
    assertThat(Cost.atMost(byBoth, 0, 0, 3, high)).isEqualTo(27);
    assertThat(Cost.atMost(byRate, 0, 0, 1, high)).isEqualTo(10);
  }

  @Test
  void what_contradicts_itself_or_is_too_much_is_no_price() {
    PriceTerms usual = PriceTerms.of(USUAL);
    refused("amount", () -> fee(FeeKind.PAGE, "", -1));
    refused("amount", () -> new Fee(new FeePiece(FeeKind.PAGE, ""), Fee.MOST + 1, 1));
    refused("per", () -> new Fee(new FeePiece(FeeKind.PAGE, ""), 1, 0));
    refused("per", () -> new Fee(new FeePiece(FeeKind.PAGE, ""), 1, Fee.MOST_PER + 1));
    refused(
        "fees", () -> usual.withFees(List.of(fee(FeeKind.PAGE, "", 1), fee(FeeKind.PAGE, "", 2))));
    refused(
        "fees",
        () ->
            PriceTerms.of(new Rates(Map.of(Rate.IMAGE, 1L)))
                .withFees(List.of(fee(FeeKind.IMAGE, "", 1))));
    refused(
        "fees",
        () ->
            usual.withFees(
                IntStream.range(0, 33).mapToObj(i -> fee(FeeKind.PAGE, "q" + i, 1)).toList()));
    refused(
        "thresholds",
        () ->
            usual.withThresholds(
                List.of(threshold(5, Rate.INPUT, 1), threshold(5, Rate.INPUT, 2))));
    refused(
        "thresholds",
        () ->
            usual.withThresholds(
                IntStream.range(1, 6).mapToObj(i -> threshold(i, Rate.INPUT, 1)).toList()));
    for (String name : List.of("standard", "other", "auto")) {
      refused("tiers", () -> usual.withTiers(Map.of(new ServiceTier(name), USUAL)));
    }
    refused("tiers", () -> usual.withTiers(Map.of(ServiceTier.FLEX, Rates.NONE)));
    refused(
        "tiers",
        () -> usual.withTiers(Map.of(ServiceTier.FLEX, new Rates(Map.of(Rate.IMAGE, 1L)))));
    Map<ServiceTier, Rates> nine = new HashMap<>();
    IntStream.range(0, 9).forEach(i -> nine.put(new ServiceTier("t" + i), USUAL));
    refused("tiers", () -> usual.withTiers(nine));
    refused("input", () -> new PriceContent(DAY, PriceTerms.NONE));
    assertThat(new PriceContent(DAY, PriceTerms.NONE.withFees(List.of(fee(FeeKind.PAGE, "", 1)))))
        .isNotNull();
  }

  @Test
  void the_same_price_is_kept_where_tiers_make_no_difference() {
    CallPrices prices =
        new CallPrices(
            Optional.of(price(PriceTerms.of(USUAL))), Optional.empty(), ModelBounds.UNKNOWN);

    assertThat(prices.ofTier(ServiceTier.FLEX)).isSameAs(prices);
    assertThat(prices.dearestOf(Set.of(ServiceTier.STANDARD, ServiceTier.PRIORITY)))
        .isSameAs(prices);
    assertThat(prices.lack(FeesUsed.NONE)).isFalse();
    assertThat(prices.lack(FeesUsed.of(FeeKind.FILE_SEARCH, 1))).isTrue();
    assertThat(prices.costOf(TokenUsage.NONE, FeesUsed.of(FeeKind.SEARCH, 1), true))
        .hasValueSatisfying(cost -> assertThat(cost.forService()).isZero());
  }

  private static void refused(String field, Runnable made) {
    assertThatThrownBy(made::run)
        .isInstanceOfSatisfying(InvalidValue.class, e -> assertThat(e.field()).isEqualTo(field));
  }

  private static PriceTerms some(Random random) {
    Map<ServiceTier, Rates> tiers = new HashMap<>();
    for (ServiceTier tier : List.of(ServiceTier.FLEX, ServiceTier.PRIORITY, ServiceTier.BATCH)) {
      if (random.nextBoolean()) {
        tiers.put(tier, rates(random, PriceTerms.TIER_RATES.toArray(Rate[]::new)));
      }
    }
    List<Threshold> thresholds = new ArrayList<>();
    for (int above = 10; random.nextBoolean() && above < 50; above += 10) {
      thresholds.add(new Threshold(above, rates(random, Threshold.RATES.toArray(Rate[]::new))));
    }
    List<Fee> fees = new ArrayList<>();
    for (FeeKind kind : List.of(FeeKind.IMAGE, FeeKind.WEB_SEARCH)) {
      for (String quality : List.of("low", "high")) {
        if (random.nextBoolean()) {
          fees.add(
              new Fee(new FeePiece(kind, quality), random.nextLong(10_000), 1 + random.nextInt(9)));
        }
      }
    }
    return PriceTerms.of(rates(random, Rate.values()))
        .withThresholds(thresholds)
        .withTiers(tiers)
        .withFees(fees);
  }

  private static Rates rates(Random random, Rate... of) {
    Map<Rate, Long> stated = new EnumMap<>(Rate.class);
    Arrays.stream(of)
        .filter(rate -> rate == Rate.INPUT || random.nextBoolean())
        .forEach(rate -> stated.put(rate, random.nextLong(10_000)));
    return new Rates(stated);
  }

  private static TokenUsage usage(Random random) {
    long[] n = random.longs(10, 0, 60).toArray();
    TokenParts parts = new TokenParts(n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], 0);
    return TokenUsage.stated(n[0] + n[1] + n[2] + n[9], n[5], parts);
  }

  private static FeesUsed fees(Random random) {
    FeesUsed used = FeesUsed.NONE;
    for (FeeKind kind : List.of(FeeKind.IMAGE, FeeKind.WEB_SEARCH)) {
      for (String quality : List.of("", "low", "high", "middle")) {
        used = used.plus(FeesUsed.of(new FeePiece(kind, quality), random.nextInt(3)));
      }
    }
    return used;
  }

  private static long nano(Price price, FeeKind kind, String quality) {
    return Cost.of(price, TokenUsage.NONE, FeesUsed.of(new FeePiece(kind, quality), 1));
  }

  private static Fee fee(FeeKind kind, String quality, long nano) {
    return new Fee(new FeePiece(kind, quality), nano * 1_000, 1);
  }

  private static Threshold threshold(int above, Rate rate, long pico) {
    return new Threshold(above, new Rates(Map.of(rate, pico)));
  }

  private static Price price(PriceTerms terms) {
    return new Price(3, DAY, terms);
  }

  private static long cost(Price price, long input, long output) {
    return Cost.of(price, stated(input, output));
  }

  private static TokenUsage stated(long input, long output) {
    return TokenUsage.stated(input, output, TokenParts.NONE);
  }
}
