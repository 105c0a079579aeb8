package io.claviger.domain.prices;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.usage.ChargedFees;
import io.claviger.domain.usage.EstimatedUsage;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.PriceVersions;
import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.TokenUsage;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CostTest {
  private static final LocalDate DAY = LocalDate.of(2026, 1, 1);

  @Test
  void the_sum_is_rounded_up_once() {
    Price price = price(Map.of(Rate.INPUT, 1L, Rate.OUTPUT, 1L));

    assertThat(Cost.of(price, stated(1, 1))).isEqualTo(1);
    assertThat(Cost.of(price, stated(500, 500))).isEqualTo(1);
    assertThat(Cost.of(price, stated(500, 501))).isEqualTo(2);
    assertThat(Cost.of(price, TokenUsage.NONE)).isZero();
  }

  @Test
  void each_kind_of_token_has_its_own_rate_and_each_token_one() {
    Price price =
        price(
            Arrays.stream(Rate.values())
                .collect(
                    Collectors.toMap(
                        Function.identity(), r -> (long) Math.pow(10, 3 + r.ordinal()))));
    TokenParts parts = new TokenParts(1, 2, 3, 4, 5, 6, 7, 8, 9, 0);

    // Input 20: 1 cached, 2 and 3 written, 5 audio, 7 images, 2 left. Output 20: 6, 8, 4, 2 left.
    assertThat(Cost.of(price, TokenUsage.stated(20, 20, parts))).isEqualTo(918_642_753_212L);
  }

  @Test
  void what_is_not_stated_costs_what_stands_in_for_it() {
    Price price = price(Map.of(Rate.INPUT, 1_000L, Rate.CACHE_WRITE_5M, 2_000L));
    TokenParts parts = new TokenParts(1, 1, 1, 0, 1, 0, 1, 0, 5, 0);

    assertThat(Cost.of(price, TokenUsage.stated(10, 9, parts))).isEqualTo(7 + 1 + 2 * 2);
  }

  @Test
  void a_call_with_long_input_has_the_other_rates_for_all_its_tokens() {
    Threshold beyond = new Threshold(100, new Rates(Map.of(Rate.INPUT, 2_000L)));
    Price price =
        new Price(
            1,
            DAY,
            PriceTerms.of(new Rates(Map.of(Rate.INPUT, 1_000L, Rate.OUTPUT, 3_000L)))
                .withThresholds(List.of(beyond)));

    assertThat(Cost.of(price, stated(100, 1))).isEqualTo(103);
    assertThat(Cost.of(price, stated(101, 1))).isEqualTo(205);
    assertThat(price.dearestInput()).isEqualTo(2_000);
    assertThat(price.dearestOutput()).isEqualTo(3_000);
  }

  @Test
  void huge_numbers_stop_at_the_largest_cost_instead_of_overflowing() {
    Price price = price(Map.of(Rate.INPUT, Rates.MOST, Rate.OUTPUT, Rates.MOST));
    long most = Math.ceilDiv(Long.MAX_VALUE, 1_000);

    assertThat(Cost.of(price, stated(Long.MAX_VALUE, Long.MAX_VALUE))).isEqualTo(most);
    assertThat(Cost.atMost(price, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE)).isEqualTo(most);
    assertThat(most).isLessThan(Cost.MOST);
  }

  @Test
  void no_usage_costs_more_than_the_most_of_its_size() {
    Random random = new Random(20260101);
    for (int i = 0; i < 2_000; i++) {
      Price price =
          new Price(
              1,
              DAY,
              PriceTerms.of(some(random, Rate.values()))
                  .withThresholds(
                      List.of(
                          new Threshold(
                              1 + random.nextInt(50),
                              some(random, Threshold.RATES.toArray(Rate[]::new))))));
      long[] n = random.longs(10, 0, 60).toArray();
      TokenParts parts = new TokenParts(n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], 0);
      long input = n[0] + n[1] + n[2] + n[9];
      TokenUsage usage = TokenUsage.stated(input, n[5], parts);

      assertThat(Cost.of(price, usage))
          .as("%s of %s", usage, price)
          .isLessThanOrEqualTo(Cost.atMost(price, input, n[5], n[8]));
    }
  }

  @Test
  void a_failed_call_without_usage_costs_nothing_and_one_without_price_is_unknown() {
    Price price = price(Map.of(Rate.REQUEST, 5_000L));
    CallPrices prices = new CallPrices(Optional.empty(), Optional.of(price), ModelBounds.UNKNOWN);

    assertThat(prices.costOf(TokenUsage.NONE, true))
        .contains(new CallCost(0, 0, 0, new PriceVersions(1, 1)));
    assertThat(prices.costOf(TokenUsage.NONE, false))
        .contains(new CallCost(5, 5, 0, new PriceVersions(1, 1)));
    assertThat(CallPrices.NONE.costOf(stated(1, 1), false)).isEmpty();
  }

  @Test
  void a_services_own_price_counts_for_the_service_and_the_deployments_for_callers() {
    Price own = Price.of(7, DAY, new Rates(Map.of(Rate.OUTPUT, 2_000L)));
    Price deployment = price(Map.of(Rate.OUTPUT, 3_000L));
    TokenUsage usage = new TokenUsage(0, 10, TokenParts.NONE, new EstimatedUsage(1, 0, 4));

    assertThat(
            new CallPrices(Optional.of(own), Optional.of(deployment), ModelBounds.UNKNOWN)
                .costOf(usage, false))
        .contains(new CallCost(20, 30, 8, new PriceVersions(7, 1)));
    assertThat(
            new CallPrices(Optional.of(own), Optional.empty(), ModelBounds.UNKNOWN)
                .costOf(usage, false))
        .contains(new CallCost(20, 20, 8, new PriceVersions(7, 7)));
  }

  @Test
  void the_fees_of_a_cost_are_told_by_kind_and_never_more_than_the_whole() {
    Price price =
        new Price(
            1,
            DAY,
            PriceTerms.of(new Rates(Map.of(Rate.INPUT, 1_000L)))
                .withFees(
                    List.of(
                        new Fee(new FeePiece(FeeKind.WEB_SEARCH, "high"), 30_000, 1),
                        new Fee(new FeePiece(FeeKind.WEB_SEARCH, ""), 10_000, 1),
                        new Fee(new FeePiece(FeeKind.SEARCH, ""), 1_000, 3))));
    CallPrices prices = new CallPrices(Optional.of(price), Optional.empty(), ModelBounds.UNKNOWN);
    FeesUsed used =
        FeesUsed.of(new FeePiece(FeeKind.WEB_SEARCH, "high"), 1)
            .plus(FeesUsed.of(FeeKind.WEB_SEARCH, 2))
            .plus(FeesUsed.of(FeeKind.SEARCH, 5))
            .plus(FeesUsed.of(FeeKind.PAGE, 7));

    CallCost cost = prices.costOf(stated(10, 0), used, false).orElseThrow();

    assertThat(cost.forService()).isEqualTo(10 + 50 + 2);
    assertThat(cost.fees().of())
        .containsExactly(
            Map.entry(FeeKind.WEB_SEARCH, new ChargedFees.Fee(3, 50)),
            Map.entry(FeeKind.PAGE, new ChargedFees.Fee(7, 0)),
            Map.entry(FeeKind.SEARCH, new ChargedFees.Fee(5, 1)));
    assertThat(cost.estimatedWhole().fees()).isEqualTo(cost.fees());
    for (long most = 0; most < 70; most++) {
      CallCost within = cost.atMost(most, most);
      long fees = within.fees().of().values().stream().mapToLong(ChargedFees.Fee::cost).sum();
      assertThat(fees).isEqualTo(Math.min(51, most)).isLessThanOrEqualTo(within.forService());
    }
    assertThat(prices.costOf(stated(10, 0), false).orElseThrow().fees()).isSameAs(ChargedFees.NONE);
  }

  private static Rates some(Random random, Rate... of) {
    return new Rates(
        Arrays.stream(of)
            .filter(rate -> rate == Rate.INPUT || random.nextBoolean())
            .collect(Collectors.toMap(Function.identity(), r -> random.nextLong(10_000))));
  }

  private static Price price(Map<Rate, Long> rates) {
    return Price.of(1, DAY, new Rates(rates));
  }

  private static TokenUsage stated(long input, long output) {
    return TokenUsage.stated(input, output, TokenParts.NONE);
  }
}
