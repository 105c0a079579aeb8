package io.claviger.domain.prices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.claviger.domain.EveryCase;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.usage.EstimatedUsage;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.PriceVersions;
import io.claviger.domain.usage.ServiceTier;
import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.TokenUsage;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests which prices are valid, and what calls cost at these prices, over many combinations. */
final class PriceRulesTest {
  private static final LocalDate DAY = LocalDate.of(2026, 3, 1);
  private static final FeePiece SEARCH = new FeePiece(FeeKind.WEB_SEARCH, "");
  private static final Rates ONE = rates(Rate.INPUT, 1);

  private static Rates rates(Rate rate, long pico) {
    return new Rates(Map.of(rate, pico));
  }

  private static Price price(long version, Rates rates) {
    return Price.of(version, DAY, rates);
  }

  private static CallPrices prices(Optional<Price> own, Optional<Price> deployment) {
    return new CallPrices(own, deployment, ModelBounds.UNKNOWN);
  }

  private static void refused(Runnable attempt) {
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(attempt::run);
  }

  private static Fee fee(FeePiece piece, long amount, int per) {
    return new Fee(piece, amount, per);
  }

  // Bounds.

  @Test
  void amounts_have_bounds() {
    LongStream.of(0, 1, Fee.MOST).forEach(amount -> fee(SEARCH, amount, 1));
    LongStream.of(-1, Fee.MOST + 1).forEach(amount -> refused(() -> fee(SEARCH, amount, 1)));
    IntStream.of(1, Fee.MOST_PER).forEach(per -> fee(SEARCH, 1, per));
    IntStream.of(-1, 0, Fee.MOST_PER + 1).forEach(per -> refused(() -> fee(SEARCH, 1, per)));
    for (Rate rate : Rate.values()) {
      LongStream.of(0, Rates.MOST).forEach(pico -> rates(rate, pico));
      LongStream.of(-1, Rates.MOST + 1).forEach(pico -> refused(() -> rates(rate, pico)));
    }
    IntStream.of(1, Threshold.MOST).forEach(above -> new Threshold(above, ONE));
    IntStream.of(0, -1, Threshold.MOST + 1)
        .forEach(above -> refused(() -> new Threshold(above, ONE)));
    refused(() -> new Threshold(1, Rates.NONE));
    for (Rate rate : Rate.values()) {
      if (Threshold.RATES.contains(rate)) {
        assertThatNoException().isThrownBy(() -> new Threshold(1, rates(rate, 1)));
      } else {
        refused(() -> new Threshold(1, rates(rate, 1)));
      }
    }
  }

  @Test
  void bounds_of_a_model_have_bounds_themselves() {
    List<OptionalLong> good =
        List.of(OptionalLong.empty(), OptionalLong.of(1), OptionalLong.of(ModelBounds.MOST));
    List<OptionalLong> bad =
        List.of(OptionalLong.of(-1), OptionalLong.of(0), OptionalLong.of(ModelBounds.MOST + 1));
    for (OptionalLong one : good) {
      good.forEach(other -> new ModelBounds(one, other));
      for (OptionalLong other : bad) {
        assertThatExceptionOfType(IllegalArgumentException.class)
            .isThrownBy(() -> new ModelBounds(one, other));
        assertThatExceptionOfType(IllegalArgumentException.class)
            .isThrownBy(() -> new ModelBounds(other, one));
      }
    }
  }

  @Test
  void costs_are_not_negative_and_partly_estimated() {
    for (long service = -1; service < 3; service++) {
      for (long callers = -1; callers < 3; callers++) {
        for (long estimated = -1; estimated < 3; estimated++) {
          long[] of = {service, callers, estimated};
          if (service >= 0 && callers >= 0 && estimated >= 0 && estimated <= service) {
            CallCost cost = new CallCost(of[0], of[1], of[2], PriceVersions.NONE);
            assertThat(cost.estimatedWhole().estimated()).isEqualTo(service);
            assertThat(cost.atMost(1, 0))
                .isEqualTo(
                    new CallCost(
                        Math.min(service, 1), 0, Math.min(estimated, 1), PriceVersions.NONE));
          } else {
            assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> new CallCost(of[0], of[1], of[2], PriceVersions.NONE));
          }
        }
      }
    }
  }

  @Test
  void a_price_begins_in_these_centuries_and_states_something() {
    PriceTerms terms = PriceTerms.of(ONE);
    for (LocalDate day : List.of(LocalDate.of(2000, 1, 1), DAY, LocalDate.of(2199, 12, 31))) {
      PriceContent content = new PriceContent(day, terms);
      Price price = content.as(7);

      assertThat(price).isEqualTo(new Price(7, day, terms));
      assertThat(price.validFrom()).isEqualTo(day);
      assertThat(content.isOf(price)).isTrue();
      assertThat(content.isOf(content.as(8))).isTrue();
      assertThat(content.isOf(new Price(7, LocalDate.of(2050, 1, 1), terms))).isFalse();
      assertThat(content.isOf(new Price(7, day, PriceTerms.of(rates(Rate.INPUT, 2))))).isFalse();
    }
    refused(() -> new PriceContent(LocalDate.of(1999, 12, 31), terms));
    refused(() -> new PriceContent(LocalDate.of(2200, 1, 1), terms));
    refused(() -> new PriceContent(DAY, PriceTerms.NONE));
    assertThatNoException()
        .isThrownBy(
            () -> new PriceContent(DAY, PriceTerms.NONE.withFees(List.of(fee(SEARCH, 1, 1)))));
  }

  @Test
  void terms_are_bounded_in_number() {
    List<Threshold> five =
        IntStream.rangeClosed(1, 5).mapToObj(above -> new Threshold(above, ONE)).toList();
    assertThat(PriceTerms.of(ONE).withThresholds(five.subList(0, 4)).thresholds()).hasSize(4);
    refused(() -> PriceTerms.of(ONE).withThresholds(five));
    refused(() -> PriceTerms.of(ONE).withThresholds(List.of(five.get(1), five.get(0))));
    refused(() -> PriceTerms.of(ONE).withThresholds(List.of(five.get(1), five.get(1))));

    Map<ServiceTier, Rates> tiers = new HashMap<>();
    for (int n = 0; n < 8; n++) {
      tiers.put(new ServiceTier("tier-" + n), ONE);
    }
    assertThat(PriceTerms.of(ONE).withTiers(tiers).tiers()).hasSize(8);
    tiers.put(ServiceTier.FLEX, ONE);
    refused(() -> PriceTerms.of(ONE).withTiers(tiers));
    refused(() -> PriceTerms.of(ONE).withTiers(Map.of(ServiceTier.STANDARD, ONE)));
    refused(() -> PriceTerms.of(ONE).withTiers(Map.of(ServiceTier.OTHER, ONE)));
    refused(() -> PriceTerms.of(ONE).withTiers(Map.of(ServiceTier.FLEX, Rates.NONE)));

    List<Fee> fees = new ArrayList<>();
    for (int n = 0; n < 32; n++) {
      fees.add(fee(new FeePiece(FeeKind.IMAGE, "q" + n), 1, 1));
    }
    assertThat(PriceTerms.NONE.withFees(fees).fees()).hasSize(32);
    fees.add(fee(SEARCH, 1, 1));
    refused(() -> PriceTerms.NONE.withFees(fees));
    refused(() -> PriceTerms.NONE.withFees(List.of(fee(SEARCH, 1, 1), fee(SEARCH, 2, 1))));
    for (String reserved : List.of(FeePiece.DEAREST, FeePiece.USUAL)) {
      Fee fee = fee(new FeePiece(FeeKind.IMAGE, reserved), 1, 1);
      refused(() -> PriceTerms.NONE.withFees(List.of(fee)));
    }
  }

  // What is free, and what is the same.

  @Test
  void only_what_states_nothing_but_zeros_is_free() {
    Rates zero = rates(Rate.OUTPUT, 0);
    Rates some = new Rates(Map.of(Rate.OUTPUT, 0L, Rate.INPUT, 1L));
    assertThat(zero.isFree()).isTrue();
    assertThat(Rates.NONE.isFree()).isTrue();
    assertThat(some.isFree()).isFalse();
    for (Rates base : List.of(zero, some)) {
      for (Rates above : List.of(zero, ONE)) {
        for (Rates flex : List.of(zero, some)) {
          for (long amount = 0; amount < 2; amount++) {
            PriceTerms terms =
                PriceTerms.of(base)
                    .withThresholds(List.of(new Threshold(5, above)))
                    .withTiers(Map.of(ServiceTier.FLEX, flex))
                    .withFees(List.of(fee(SEARCH, amount, 1)));
            assertThat(terms.isFree())
                .as("%s", terms)
                .isEqualTo(base == zero && above == zero && flex == zero && amount == 0);
            assertThat(terms.isEmpty()).isFalse();
          }
        }
      }
    }
    assertThat(PriceTerms.NONE.isEmpty()).isTrue();
    assertThat(PriceTerms.NONE.isFree()).isTrue();
  }

  @Test
  void prices_and_rates_are_equal_if_they_say_the_same() {
    List<Object> all =
        List.of(
            price(1, ONE),
            price(2, ONE),
            Price.of(1, DAY.plusDays(1), ONE),
            price(1, rates(Rate.INPUT, 2)),
            price(1, rates(Rate.OUTPUT, 1)),
            ONE,
            rates(Rate.INPUT, 2),
            rates(Rate.OUTPUT, 1),
            Rates.NONE,
            "1");
    for (Object one : all) {
      for (Object other : all) {
        assertThat(one.equals(other)).isEqualTo(one == other);
      }
    }
    assertThat(price(1, ONE)).isEqualTo(price(1, rates(Rate.INPUT, 1)));
    assertThat(price(1, ONE).hashCode()).isEqualTo(price(1, rates(Rate.INPUT, 1)).hashCode());
    assertThat(price(3, ONE).toString()).contains("3", "2026-03-01", "INPUT=1");
  }

  @Test
  void each_rate_has_a_name_and_a_side() {
    Set<Rate> ofPieces = Set.of(Rate.REQUEST, Rate.IMAGE);
    Set<Rate> ofOutput = Set.of(Rate.OUTPUT, Rate.REASONING, Rate.AUDIO_OUTPUT, Rate.IMAGE_OUTPUT);
    for (Rate rate : Rate.values()) {
      assertThat(rate.isOfTokens()).isEqualTo(!ofPieces.contains(rate));
      assertThat(rate.isOfOutput()).isEqualTo(ofOutput.contains(rate));
      assertThat(rate.isOfInput()).isEqualTo(!ofPieces.contains(rate) && !ofOutput.contains(rate));
      assertThat(rate.wireName()).isEqualTo(rate.toString().toLowerCase(Locale.ROOT));
    }
  }

  // Amounts as people write them.

  @Test
  void amounts_are_read_and_written_exactly() {
    for (String text :
        List.of("0", "0.000000000001", "0.01", "1", "12.5", "999.999999999999", "1000")) {
      long pico = PicoDollars.parse(new BigDecimal(text));
      assertThat(pico).isEqualTo(new BigDecimal(text).movePointRight(12).longValueExact());
      assertThat(PicoDollars.text(pico)).isEqualTo(text);
    }
    assertThat(PicoDollars.parse(new BigDecimal("0e-60"))).isZero();
    assertThat(PicoDollars.parse(new BigDecimal("1." + "0".repeat(59))))
        .isEqualTo(1_000_000_000_000L);
    assertThat(PicoDollars.text(Rate.INPUT, PicoDollars.parse(Rate.INPUT, new BigDecimal("1e3"))))
        .isEqualTo("1000");
    for (String bad :
        List.of(
            "-1",
            "0.0000000000001",
            "1000.000000000001",
            "1e10",
            "0e-61",
            "1." + "0".repeat(60),
            "1e-1000000000",
            "1e1000000000")) {
      refused(() -> PicoDollars.parse(new BigDecimal(bad)));
    }
  }

  @Test
  void a_refused_rate_is_told_its_bounds() {
    for (Rate rate : Rate.values()) {
      assertThatExceptionOfType(InvalidValue.class)
          .isThrownBy(() -> PicoDollars.parse(rate, BigDecimal.ONE.negate()))
          .withMessageContaining(rate.wireName())
          .withMessageContaining(rate.isOfTokens() ? "million tokens" : "for one");
    }
  }

  // What calls cost.

  /** Computes the cost in exact decimals, as the documentation describes it. */
  private static BigDecimal pico(Price price, TokenUsage usage) {
    TokenParts parts = usage.parts();
    Rates rates = price.ratesAt(usage.input());
    long billed = Math.max(0, usage.input() - parts.unbilledInput());
    long cached = Math.min(parts.cachedInput(), billed);
    long fresh = Math.max(0, billed - cached - parts.cacheWrite5m() - parts.cacheWrite1h());
    long audio = Math.min(fresh, parts.audioInput());
    long image = Math.min(fresh - audio, parts.imageInput());
    long audioOut = Math.min(usage.output(), parts.audioOutput());
    long imageOut = Math.min(usage.output() - audioOut, parts.imageOutput());
    long reasoning = Math.min(usage.output() - audioOut - imageOut, parts.reasoning());
    Map<Rate, Long> counts = new HashMap<>();
    counts.put(Rate.REQUEST, 1L);
    counts.put(Rate.INPUT, fresh - audio - image);
    counts.put(Rate.AUDIO_INPUT, audio);
    counts.put(Rate.IMAGE_INPUT, image);
    counts.put(Rate.CACHED_INPUT, cached);
    counts.put(Rate.CACHE_WRITE_5M, parts.cacheWrite5m());
    counts.put(Rate.CACHE_WRITE_1H, parts.cacheWrite1h());
    counts.put(Rate.OUTPUT, usage.output() - audioOut - imageOut - reasoning);
    counts.put(Rate.AUDIO_OUTPUT, audioOut);
    counts.put(Rate.IMAGE_OUTPUT, imageOut);
    counts.put(Rate.REASONING, reasoning);
    counts.put(Rate.IMAGE, parts.images());
    BigDecimal sum = BigDecimal.ZERO;
    for (Map.Entry<Rate, Long> each : counts.entrySet()) {
      sum =
          sum.add(
              BigDecimal.valueOf(each.getValue())
                  .multiply(BigDecimal.valueOf(rates.of(each.getKey()))));
    }
    return sum;
  }

  private static long nano(BigDecimal pico) {
    BigDecimal most = BigDecimal.valueOf(Long.MAX_VALUE);
    return pico.min(most)
        .divide(BigDecimal.valueOf(1_000), 0, RoundingMode.CEILING)
        .longValueExact();
  }

  private static TokenUsage usage(Random random, int bound) {
    long[] n = random.longs(12, 0, bound).toArray();
    return TokenUsage.stated(
        n[0],
        n[1],
        new TokenParts(
            n[2] / 3, n[3] / 4, n[4] / 4, n[5] / 3, n[6] / 3, n[7] / 3, n[8] / 3, n[9] / 3,
            n[10] / 3, n[11] / 4));
  }

  private static Rates rates(Random random, long bound) {
    Map<Rate, Long> rates = new HashMap<>();
    for (Rate rate : Rate.values()) {
      if (random.nextInt(4) > 0) {
        rates.put(rate, random.nextLong(bound));
      }
    }
    rates.put(Rate.INPUT, random.nextLong(bound));
    return new Rates(rates);
  }

  @Test
  void a_call_costs_the_sum_of_its_parts_rounded_up_once() {
    Random random = new Random(7);
    for (int n = 0; n < 2_000; n++) {
      long most = random.nextInt(10) == 0 ? Rates.MOST : 5_000_000;
      Price price = price(1, rates(random, most));
      TokenUsage usage = usage(random, random.nextInt(10) == 0 ? Integer.MAX_VALUE : 50);

      assertThat(Cost.of(price, usage)).isEqualTo(nano(pico(price, usage)));
    }
  }

  @Test
  void sums_stop_at_the_largest_number() {
    Price dear = price(1, new Rates(Map.of(Rate.INPUT, Rates.MOST, Rate.OUTPUT, Rates.MOST)));
    long most = Math.ceilDiv(Long.MAX_VALUE, 1_000);
    for (long count : new long[] {9_223, 9_224, 18_446, 18_447, 18_448, 27_671, Long.MAX_VALUE}) {
      BigInteger exact = BigInteger.valueOf(count).multiply(BigInteger.valueOf(Rates.MOST));
      assertThat(Cost.atMost(dear, count, 0, 0)).isEqualTo(nano(new BigDecimal(exact)));
      assertThat(Cost.atMost(dear, 9_000, count, 0))
          .isEqualTo(nano(new BigDecimal(exact.add(BigInteger.valueOf(9_000 * Rates.MOST)))));
    }
    assertThat(Cost.atMost(dear, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE)).isEqualTo(most);
    Fee large = fee(SEARCH, Fee.MOST, 1);
    Price withFee = new Price(1, DAY, PriceTerms.NONE.withFees(List.of(large)));
    assertThat(Cost.of(withFee, TokenUsage.NONE, FeesUsed.of(SEARCH, Long.MAX_VALUE)))
        .isEqualTo(most);
  }

  @Test
  void fees_are_added_exactly_and_rounded_once() {
    FeePiece high = new FeePiece(FeeKind.WEB_SEARCH, "high");
    Price price =
        new Price(
            1,
            DAY,
            PriceTerms.of(ONE).withFees(List.of(fee(SEARCH, 1_000, 3), fee(high, 1, 1_000_000))));
    TokenUsage one = TokenUsage.stated(1, 0, TokenParts.NONE);

    assertThat(Cost.of(price, one, FeesUsed.of(SEARCH, 3))).isEqualTo(2);
    assertThat(Cost.of(price, TokenUsage.NONE, FeesUsed.of(SEARCH, 3))).isEqualTo(1);
    assertThat(Cost.of(price, TokenUsage.NONE, FeesUsed.of(SEARCH, 4))).isEqualTo(2);
    assertThat(Cost.of(price, TokenUsage.NONE, FeesUsed.of(SEARCH, 6))).isEqualTo(2);
    assertThat(Cost.of(price, TokenUsage.NONE, FeesUsed.of(high, 1))).isEqualTo(1);
    assertThat(Cost.of(price, TokenUsage.NONE, FeesUsed.of(FeeKind.PAGE, 9))).isZero();
    assertThat(Cost.atMost(price, 0, 0, 0, FeesUsed.of(high, 6))).isEqualTo(1);
    assertThat(Cost.atMost(price, 0, 0, 0, FeesUsed.of(SEARCH, 6))).isEqualTo(2);
  }

  @Test
  void an_image_that_tokens_and_fees_count_is_charged_once() {
    FeePiece hd = new FeePiece(FeeKind.IMAGE, "hd");
    Price price =
        new Price(
            1, DAY, PriceTerms.of(rates(Rate.IMAGE, 2_000)).withFees(List.of(fee(hd, 5_000, 1))));
    TokenUsage three = TokenUsage.stated(0, 0, new TokenParts(0, 0, 0, 0, 0, 0, 0, 0, 3, 0));

    assertThat(Cost.of(price, three)).isEqualTo(6);
    assertThat(Cost.of(price, three, FeesUsed.of(hd, 1))).isEqualTo(5 + 4);
    assertThat(Cost.of(price, three, FeesUsed.of(hd, 4))).isEqualTo(20);
    assertThat(Cost.atMost(price, 0, 0, 3)).isEqualTo(15);
    assertThat(Cost.atMost(price, 0, 0, 3, FeesUsed.of(hd, 1))).isEqualTo(15);
    assertThat(Cost.atMost(price, 0, 0, 0, FeesUsed.of(FeeKind.IMAGE, 2))).isEqualTo(10);
    assertThat(Cost.atMost(price(1, rates(Rate.IMAGE, 2_000)), 0, 0, 3)).isEqualTo(6);
  }

  @Test
  void the_dearer_fee_is_that_of_which_a_piece_costs_more() {
    List<Fee> fees = new ArrayList<>();
    for (long amount : new long[] {0, 1, 2, 3, 999_999, Fee.MOST - 1, Fee.MOST}) {
      for (int per : new int[] {1, 2, 3, 18_447, 999_999, 1_000_000}) {
        fees.add(fee(SEARCH, amount, per));
      }
    }
    EveryCase.of(
        fees.stream().flatMap(one -> fees.stream().map(other -> List.of(one, other))),
        pair -> {
          Fee one = pair.get(0);
          Fee other = pair.get(1);
          BigInteger each =
              BigInteger.valueOf(one.amount()).multiply(BigInteger.valueOf(other.per()));
          BigInteger others =
              BigInteger.valueOf(other.amount()).multiply(BigInteger.valueOf(one.per()));
          assertThat(one.isDearerThan(other)).isEqualTo(each.compareTo(others) > 0);
        });
  }

  @Test
  void a_piece_has_the_fee_of_its_quality_or_of_any_or_the_dearest() {
    FeePiece low = new FeePiece(FeeKind.IMAGE, "low");
    FeePiece large = new FeePiece(FeeKind.IMAGE, "large");
    Fee ofLow = fee(low, 5, 1);
    Fee ofLarge = fee(large, 7, 1);
    Price price = new Price(1, DAY, PriceTerms.NONE.withFees(List.of(ofLow, ofLarge)));
    Price withAny = new Price(1, DAY, PriceTerms.of(rates(Rate.IMAGE, 6)).withFees(List.of(ofLow)));

    assertThat(price.fee(low)).contains(ofLow);
    assertThat(price.fee(new FeePiece(FeeKind.IMAGE, "low/large"))).contains(ofLarge);
    assertThat(price.fee(new FeePiece(FeeKind.IMAGE, "/low"))).contains(ofLow);
    assertThat(price.fee(Fee.ANY_IMAGE)).contains(ofLarge);
    assertThat(withAny.fee(large).orElseThrow().amount()).isEqualTo(6);
    assertThat(withAny.fee(new FeePiece(FeeKind.IMAGE, "x/")).orElseThrow().amount()).isEqualTo(6);
    assertThat(withAny.fee(new FeePiece(FeeKind.IMAGE, "low/")).orElseThrow().amount())
        .isEqualTo(5);
    assertThat(price.fee(SEARCH)).isEmpty();
    assertThat(withAny.fee(SEARCH)).isEmpty();
    assertThat(price(1, ONE).fee(Fee.ANY_IMAGE)).isEmpty();
    assertThat(price(1, ONE).fee(SEARCH)).isEmpty();
    assertThat(price.lacks(FeesUsed.of(SEARCH, 1))).isTrue();
    assertThat(price.lacks(FeesUsed.of(low, 1))).isFalse();
    assertThat(price.lacks(FeesUsed.of(low, 1).plus(FeesUsed.of(SEARCH, 1)))).isTrue();
    assertThat(price.lacks(FeesUsed.NONE)).isFalse();
  }

  @Test
  void the_dearest_of_tiers_is_the_dearer_one_of_each_rate() {
    Rates usual = new Rates(Map.of(Rate.INPUT, 10L, Rate.OUTPUT, 20L));
    Rates flex = rates(Rate.INPUT, 5);
    Rates priority = rates(Rate.OUTPUT, 40);
    Price price =
        new Price(
            1,
            DAY,
            PriceTerms.of(usual)
                .withThresholds(List.of(new Threshold(100, rates(Rate.INPUT, 30))))
                .withTiers(Map.of(ServiceTier.FLEX, flex, ServiceTier.PRIORITY, priority)));
    record Asked(Set<ServiceTier> tiers, long input, long output, long above) {}

    EveryCase.of(
        Stream.of(
            new Asked(Set.of(ServiceTier.STANDARD), 10, 20, 30),
            new Asked(Set.of(ServiceTier.SCALE), 10, 20, 30),
            new Asked(Set.of(ServiceTier.FLEX), 5, 20, 15),
            new Asked(Set.of(ServiceTier.PRIORITY), 10, 40, 30),
            new Asked(Set.of(ServiceTier.FLEX, ServiceTier.PRIORITY), 10, 40, 30),
            new Asked(Set.of(ServiceTier.FLEX, ServiceTier.STANDARD), 10, 20, 30),
            new Asked(Set.of(ServiceTier.OTHER), 10, 40, 30)),
        asked -> {
          for (int again = 0; again < 2; again++) {
            Price dearest = price.dearestOf(asked.tiers());
            assertThat(dearest.ratesAt(100).of(Rate.INPUT)).isEqualTo(asked.input());
            assertThat(dearest.ratesAt(100).of(Rate.OUTPUT)).isEqualTo(asked.output());
            assertThat(dearest.ratesAt(101).of(Rate.INPUT)).isEqualTo(asked.above());
          }
        });
    assertThat(price.dearestOf(Set.of(ServiceTier.STANDARD))).isSameAs(price);
    assertThat(price.dearestOf(Set.of())).isSameAs(price);
    assertThat(price.ofTier(ServiceTier.SCALE)).isSameAs(price);
    assertThat(price.terms().ofTier(ServiceTier.SCALE)).isSameAs(price.terms());
    assertThat(price(1, usual).dearestOf(Set.of(ServiceTier.OTHER)).rates()).isEqualTo(usual);
  }

  @Test
  void long_input_of_a_tier_costs_more_in_the_same_proportion() {
    for (long usual : new long[] {0, 1, 3, 10}) {
      for (long tier : new long[] {0, 1, 3, 20}) {
        for (long above : new long[] {0, 7, Rates.MOST}) {
          PriceTerms terms =
              PriceTerms.of(rates(Rate.INPUT, usual))
                  .withThresholds(List.of(new Threshold(100, rates(Rate.INPUT, above))))
                  .withTiers(Map.of(ServiceTier.FLEX, rates(Rate.INPUT, tier)));
          BigDecimal exact =
              usual == 0
                  ? BigDecimal.valueOf(above)
                  : BigDecimal.valueOf(above)
                      .multiply(BigDecimal.valueOf(tier))
                      .divide(BigDecimal.valueOf(usual), 0, RoundingMode.CEILING)
                      .min(BigDecimal.valueOf(Rates.MOST));

          assertThat(terms.ofTier(ServiceTier.FLEX).thresholds().getFirst().rates().of(Rate.INPUT))
              .isEqualTo(exact.longValueExact());
        }
      }
    }
  }

  @Test
  void a_batch_costs_its_tier_or_else_half() {
    PriceTerms terms =
        PriceTerms.of(rates(Rate.INPUT, 9))
            .withThresholds(List.of(new Threshold(100, rates(Rate.INPUT, 21))));
    Price half = new Price(1, DAY, terms).ofBatches();
    Price stated =
        new Price(1, DAY, terms.withTiers(Map.of(ServiceTier.BATCH, rates(Rate.INPUT, 3))))
            .ofBatches();

    assertThat(half.ratesAt(1).of(Rate.INPUT)).isEqualTo(5);
    assertThat(half.ratesAt(101).of(Rate.INPUT)).isEqualTo(11);
    assertThat(half.thresholds().getFirst().rates()).isEqualTo(rates(Rate.INPUT, 11));
    assertThat(stated.ratesAt(1).of(Rate.INPUT)).isEqualTo(3);
    assertThat(stated.ratesAt(101).of(Rate.INPUT)).isEqualTo(7);
  }

  // Whose price counts.

  @Test
  void the_services_price_counts_for_it_and_the_deployments_for_callers() {
    Price own = price(1, rates(Rate.REQUEST, 1_000));
    Price deployments = price(2, rates(Rate.REQUEST, 3_000));
    CallPrices both = prices(Optional.of(own), Optional.of(deployments));
    CallPrices first = prices(Optional.of(own), Optional.empty());
    CallPrices second = prices(Optional.empty(), Optional.of(deployments));

    assertThat(both.areAlike()).isFalse();
    assertThat(first.areAlike()).isTrue();
    assertThat(second.areAlike()).isTrue();
    assertThat(first.forCallers()).contains(own);
    assertThat(second.forService()).contains(deployments);
    assertThat(both.costOf(TokenUsage.NONE, false))
        .contains(new CallCost(1, 3, 0, new PriceVersions(1, 2)));
    assertThat(first.costOf(TokenUsage.NONE, false))
        .contains(new CallCost(1, 1, 0, new PriceVersions(1, 1)));
    assertThat(second.costOf(TokenUsage.NONE, false))
        .contains(new CallCost(3, 3, 0, new PriceVersions(2, 2)));
    assertThat(CallPrices.NONE.costOf(TokenUsage.NONE, false)).isEmpty();
  }

  @Test
  void a_failed_call_that_states_nothing_costs_nothing() {
    Price price =
        new Price(
            1,
            DAY,
            PriceTerms.of(rates(Rate.REQUEST, 1_000)).withFees(List.of(fee(SEARCH, 5_000, 1))));
    CallPrices prices = prices(Optional.of(price), Optional.empty());
    TokenUsage some = TokenUsage.stated(1, 0, TokenParts.NONE);
    FeesUsed search = FeesUsed.of(SEARCH, 1);

    assertThat(prices.costOf(TokenUsage.NONE, true).orElseThrow().forService()).isZero();
    assertThat(prices.costOf(TokenUsage.NONE, true).orElseThrow().versions())
        .isEqualTo(new PriceVersions(1, 1));
    assertThat(prices.costOf(some, true).orElseThrow().forService()).isEqualTo(1);
    assertThat(prices.costOf(TokenUsage.NONE, search, true).orElseThrow().forService())
        .isEqualTo(6);
    assertThat(prices.costOf(TokenUsage.NONE, search, false).orElseThrow().forService())
        .isEqualTo(6);
    assertThat(prices.lack(FeesUsed.of(FeeKind.PAGE, 1))).isTrue();
    assertThat(prices.lack(search)).isFalse();
    CallPrices differing =
        prices(Optional.of(price), Optional.of(price(2, rates(Rate.REQUEST, 1))));
    assertThat(differing.lack(search)).isTrue();
    assertThat(prices(differing.deployment(), differing.own()).lack(search)).isTrue();
    assertThat(CallPrices.NONE.lack(search)).isFalse();
  }

  @Test
  void the_estimated_part_is_what_estimated_tokens_add() {
    CallPrices prices = prices(Optional.of(price(1, rates(Rate.INPUT, 1_000))), Optional.empty());
    TokenUsage usage = new TokenUsage(10, 0, TokenParts.NONE, new EstimatedUsage(1, 4, 0));

    assertThat(prices.costOf(usage, false).orElseThrow().estimated()).isEqualTo(4);
    assertThat(prices.costOf(usage.statedOnly(), false).orElseThrow().estimated()).isZero();
  }

  @Test
  void prices_that_a_tier_does_not_change_stay_the_same_object() {
    Price plain = price(1, ONE);
    Price tiered =
        new Price(
            2, DAY, PriceTerms.of(ONE).withTiers(Map.of(ServiceTier.FLEX, rates(Rate.INPUT, 9))));
    List<Optional<Price>> each = List.of(Optional.empty(), Optional.of(plain), Optional.of(tiered));
    for (Optional<Price> own : each) {
      for (Optional<Price> deployment : each) {
        CallPrices prices = prices(own, deployment);
        boolean changes = own.equals(each.get(2)) || deployment.equals(each.get(2));
        for (CallPrices changed :
            List.of(prices.ofTier(ServiceTier.FLEX), prices.dearestOf(Set.of(ServiceTier.FLEX)))) {
          assertThat(changed == prices).isEqualTo(!changes);
          assertThat(changed.own().map(p -> p.rates().of(Rate.INPUT)))
              .isEqualTo(own.map(p -> p == tiered ? 9L : 1L));
          assertThat(changed.deployment().map(p -> p.rates().of(Rate.INPUT)))
              .isEqualTo(deployment.map(p -> p == tiered ? 9L : 1L));
        }
        assertThat(prices.ofBatches().own().isPresent()).isEqualTo(own.isPresent());
      }
    }
  }

  /** Providers charge containers by their memory, and lists of prices state the usual one. */
  @ParameterizedTest
  @CsvSource({
    "'', 30",
    "usual, 30",
    "1g, 30",
    "4g, 110",
    "16g, 480",
    "64g, 1920",
    "32g, 960",
    "0g, 1920",
    "99999g, 1920",
    "huge, 1920",
    "dearest, 1920"
  })
  void a_container_costs_as_many_times_the_usual_fee_as_it_has_gigabytes(
      String memory, long expected) {
    Price price =
        new Price(
            1,
            LocalDate.EPOCH,
            PriceTerms.of(ONE)
                .withFees(
                    List.of(
                        new Fee(new FeePiece(FeeKind.CODE_INTERPRETER, ""), 30, 1),
                        new Fee(new FeePiece(FeeKind.CODE_INTERPRETER, "4g"), 110, 1))));

    assertThat(price.fee(new FeePiece(FeeKind.CODE_INTERPRETER, memory)).orElseThrow().amount())
        .isEqualTo(expected);
  }
}
