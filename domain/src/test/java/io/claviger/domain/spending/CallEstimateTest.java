package io.claviger.domain.spending;

import static io.claviger.domain.spending.CallEstimate.Obstacle.INPUT_UNBOUNDED;
import static io.claviger.domain.spending.CallEstimate.Obstacle.MODEL_HAS_NO_PRICE;
import static io.claviger.domain.spending.CallEstimate.Obstacle.OUTPUT_UNBOUNDED;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.prices.Cost;
import io.claviger.domain.prices.Fee;
import io.claviger.domain.prices.ModelBounds;
import io.claviger.domain.prices.Price;
import io.claviger.domain.prices.PriceTerms;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import io.claviger.domain.spending.CallEstimate.Bound;
import io.claviger.domain.spending.CallEstimate.Obstacle;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.domain.usage.UsageModel;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CallEstimateTest {
  private static final ModelBounds BOUNDS =
      new ModelBounds(OptionalLong.of(4_000), OptionalLong.of(100_000));

  /** 2 dollars per million input tokens, and 10 dollars per million output tokens. */
  private static final Price PRICE = price(2_000_000, 10_000_000);

  private static Price price(long input, long output) {
    return Price.of(1, LocalDate.EPOCH, new Rates(Map.of(Rate.INPUT, input, Rate.OUTPUT, output)));
  }

  private static RequestedUse use(long bytes, long output, int answers) {
    return new RequestedUse(
        new UsageModel("m"),
        OperationKind.TEXT,
        bytes,
        RequestedUse.Reading.ONCE,
        new RequestedUse.Writing(
            output < 0 ? OptionalLong.empty() : OptionalLong.of(output),
            Optional.of("max_tokens"),
            answers,
            false),
        Set.of(),
        RequestedUse.ANY_TIER,
        FeesUsed.NONE,
        UnstatedUse.Asked.NOTHING);
  }

  private static RequestedUse elsewhere(int rounds, boolean unbounded) {
    return new RequestedUse(
        new UsageModel("m"),
        OperationKind.TEXT,
        10,
        new RequestedUse.Reading(true, rounds, unbounded),
        new RequestedUse.Writing(OptionalLong.of(5), Optional.of("max_tokens"), 1, false),
        Set.of(),
        RequestedUse.ANY_TIER,
        FeesUsed.NONE,
        UnstatedUse.Asked.NOTHING);
  }

  private static BudgetMeter meter(BudgetUnit unit, BudgetBound bound) {
    return new BudgetMeter(
        "user:1", new Budget(1_000, unit, BudgetWindow.DAY, BudgetZone.UTC, bound, false), true);
  }

  private static CallPrices prices(ModelBounds bounds) {
    return new CallPrices(Optional.empty(), Optional.of(PRICE), bounds);
  }

  private static Bound bound(RequestedUse use, BudgetUnit unit, BudgetBound bound) {
    return new CallEstimate(use, prices(BOUNDS), ObservedUse.NONE).amountFor(meter(unit, bound));
  }

  private static Bound strict(RequestedUse use, BudgetUnit unit) {
    return bound(use, unit, BudgetBound.STRICT);
  }

  private static Bound withoutBounds(RequestedUse use, BudgetUnit unit) {
    return new CallEstimate(use, prices(ModelBounds.UNKNOWN), ObservedUse.NONE)
        .amountFor(meter(unit, BudgetBound.STRICT));
  }

  private static Bound of(long amount) {
    return new Bound.Of(amount);
  }

  private static Bound missing(Obstacle why) {
    return new Bound.Missing(why);
  }

  @ParameterizedTest
  @EnumSource
  void a_request_is_one_request(BudgetBound bound) {
    assertThat(bound(elsewhere(1, true), BudgetUnit.REQUESTS, bound)).isEqualTo(of(1));
  }

  @Test
  void the_most_that_a_measured_budget_is_charged_is_what_a_strict_one_would_reserve() {
    for (RequestedUse use : List.of(use(500, 30, 1), use(0, 30, 4), use(500, -1, 2))) {
      CallEstimate estimate = new CallEstimate(use, prices(BOUNDS), ObservedUse.NONE);
      for (BudgetUnit unit : BudgetUnit.values()) {
        long most = estimate.mostFor(meter(unit, BudgetBound.MEASURED), estimate.bounds());

        assertThat(of(most)).isEqualTo(strict(use, unit));
        assertThat(((Bound.Of) bound(use, unit, BudgetBound.MEASURED)).amount())
            .isLessThanOrEqualTo(most);
      }
    }
    for (long output : List.of(1L, 90_000_000L)) {
      CallEstimate alias =
          new CallEstimate(
              use(500, 30, 1),
              prices(BOUNDS).withVersions(List.of(price(output, output))),
              ObservedUse.NONE);
      assertThat(of(alias.mostFor(meter(BudgetUnit.USD, BudgetBound.MEASURED), alias.bounds())))
          .isEqualTo(alias.amountFor(meter(BudgetUnit.USD, BudgetBound.STRICT)));
    }
    CallEstimate free = new CallEstimate(use(500, 30, 1), CallPrices.NONE, ObservedUse.NONE);
    assertThat(free.mostFor(meter(BudgetUnit.USD, BudgetBound.MEASURED), free.bounds())).isZero();
  }

  @Test
  void strict_input_is_the_body_in_bytes_and_something_for_what_providers_add() {
    assertThat(strict(use(500, 30, 1), BudgetUnit.TOKENS)).isEqualTo(of(500 + 2_000 + 30));
    assertThat(strict(use(500, 30, 4), BudgetUnit.TOKENS)).isEqualTo(of(500 + 2_000 + 120));
    assertThat(strict(use(500, 30, 1), BudgetUnit.USD)).isEqualTo(of(2_500 * 2_000 + 30 * 10_000));
  }

  @Test
  void without_a_stated_output_the_models_largest_counts() {
    assertThat(strict(use(0, -1, 2), BudgetUnit.TOKENS)).isEqualTo(of(2_000 + 8_000));
    assertThat(withoutBounds(use(0, -1, 2), BudgetUnit.TOKENS))
        .isEqualTo(missing(OUTPUT_UNBOUNDED));
    assertThat(withoutBounds(use(0, -1, 2), BudgetUnit.USD)).isEqualTo(missing(OUTPUT_UNBOUNDED));
  }

  @Test
  void input_from_elsewhere_is_bounded_by_the_context_each_time_it_is_read() {
    assertThat(strict(elsewhere(1, false), BudgetUnit.TOKENS)).isEqualTo(of(100_005));
    assertThat(strict(elsewhere(3, false), BudgetUnit.TOKENS)).isEqualTo(of(300_015));
    assertThat(strict(elsewhere(1, true), BudgetUnit.TOKENS)).isEqualTo(missing(INPUT_UNBOUNDED));
    assertThat(withoutBounds(elsewhere(1, false), BudgetUnit.TOKENS))
        .isEqualTo(missing(INPUT_UNBOUNDED));
  }

  @Test
  void a_measured_estimate_needs_no_bounds() {
    CallEstimate unbounded =
        new CallEstimate(elsewhere(1, true), prices(ModelBounds.UNKNOWN), ObservedUse.NONE);

    assertThat(unbounded.amountFor(meter(BudgetUnit.TOKENS, BudgetBound.MEASURED)))
        .isEqualTo(of(10_240 + 5));
    assertThat(bound(use(1_000, -1, 1), BudgetUnit.TOKENS, BudgetBound.MEASURED))
        .isEqualTo(of(500 + 100 + 4_000));
  }

  @Test
  void a_measured_estimate_is_what_calls_used_of_late_with_a_margin() {
    ObservedUse observed = ObservedUse.NONE;
    for (int i = 0; i < 64; i++) {
      observed = observed.after(use(1_000, 9, 1), 200, 40, 1_000, 500);
    }
    CallEstimate estimate = new CallEstimate(use(2_000, 4_000, 3), prices(BOUNDS), observed);
    BudgetMeter dollars = meter(BudgetUnit.USD, BudgetBound.MEASURED);

    assertThat(amount(estimate.amountFor(meter(BudgetUnit.TOKENS, BudgetBound.MEASURED))))
        .isBetween(500L + 3 * 50, 501L + 3 * 51);
    assertThat(amount(estimate.amountFor(dollars)))
        .isBetween((500 * 2_000L + 3 * 50 * 10_000L) / 2, (501 * 2_000L + 3 * 51 * 10_000L) / 2);
    assertThat(estimate.amountFor(meter(BudgetUnit.TOKENS, BudgetBound.STRICT)))
        .isEqualTo(of(4_000 + 3 * 4_000));
    long fits = estimate.largestOutputWithin(dollars, 700_000).orElseThrow();
    CallEstimate smaller = new CallEstimate(use(2_000, fits, 3), prices(BOUNDS), observed);
    assertThat(amount(smaller.amountFor(dollars))).isBetween(670_000L, 700_000L);
  }

  @Test
  void a_measured_estimate_is_never_above_the_output_that_is_asked_for() {
    ObservedUse observed = ObservedUse.NONE;
    for (int i = 0; i < 64; i++) {
      observed = observed.after(use(1_000, 9, 1), 1_000, 10_000, 0, 0);
    }
    CallEstimate estimate = new CallEstimate(use(0, 7, 2), prices(BOUNDS), observed);

    assertThat(estimate.amountFor(meter(BudgetUnit.TOKENS, BudgetBound.MEASURED)))
        .isEqualTo(of(14));
  }

  @Test
  void a_measured_estimate_is_never_above_what_the_call_can_cost() {
    RequestedUse asked = use(1_000, 100, 1);
    ObservedUse searched = ObservedUse.NONE;
    for (int call = 0; call < 20; call++) {
      searched = searched.after(use(1_000, 100, 1), 1_000, 100, 3_000_000, 45_000_000);
    }
    CallEstimate estimate = new CallEstimate(asked, prices(BOUNDS), searched);
    BudgetMeter meter = meter(BudgetUnit.USD, BudgetBound.MEASURED);
    long most = estimate.mostFor(meter, estimate.bounds());

    assertThat(searched.partOfDearest()).isGreaterThan(10);
    assertThat(amount(estimate.amountFor(meter))).isBetween(3_000_000L, most);
    long left = most - 500_000;
    long fits = estimate.largestOutputWithin(meter, left).orElseThrow();
    CallEstimate smaller = new CallEstimate(use(1_000, fits, 1), prices(BOUNDS), searched);
    assertThat(amount(smaller.amountFor(meter))).isBetween(left - 10_000, left);
  }

  @Test
  void a_model_without_a_price_is_refused_unless_the_budget_lets_it_pass() {
    CallEstimate unpriced = new CallEstimate(use(1, 1, 1), CallPrices.NONE, ObservedUse.NONE);
    Budget lax =
        new Budget(1, BudgetUnit.USD, BudgetWindow.DAY, BudgetZone.UTC, BudgetBound.STRICT, true);

    assertThat(unpriced.amountFor(meter(BudgetUnit.USD, BudgetBound.MEASURED)))
        .isEqualTo(missing(MODEL_HAS_NO_PRICE));
    assertThat(unpriced.amountFor(new BudgetMeter("user:1", lax, true))).isEqualTo(of(1));
    assertThat(unpriced.amountFor(meter(BudgetUnit.TOKENS, BudgetBound.STRICT)))
        .isEqualTo(of(2_002));
  }

  private static Price price(Map<Rate, Long> rates, Fee... fees) {
    return new Price(1, LocalDate.EPOCH, PriceTerms.of(new Rates(rates)).withFees(List.of(fees)));
  }

  private static Fee fee(FeeKind what) {
    return new Fee(new FeePiece(what, ""), 500_000_000, 1);
  }

  private static RequestedUse of(OperationKind kind, FeesUsed fees) {
    return RequestedUse.once(new UsageModel("m"), kind, 100, OptionalLong.empty(), Optional.empty())
        .with(RequestedUse.USUAL_TIER, fees);
  }

  @Test
  void a_price_that_counts_only_what_nobody_knows_of_an_operation_is_none_for_it() {
    Map<Rate, Long> noTokens = Map.of(Rate.INPUT, 0L, Rate.OUTPUT, 0L);
    FeesUsed page = FeesUsed.of(FeeKind.PAGE, 3);
    List<Price> ofImages =
        List.of(
            price(Map.of(Rate.IMAGE, 140_000_000_000L)),
            price(Map.of(Rate.INPUT, 0L, Rate.IMAGE, 140_000_000_000L)),
            price(Map.of(), fee(FeeKind.IMAGE)),
            price(noTokens, fee(FeeKind.IMAGE)));
    for (Price price : ofImages) {
      assertThat(ofPrice(price, OperationKind.IMAGES, FeesUsed.NONE)).isEqualTo(Known.COUNTED);
      for (OperationKind kind : List.of(OperationKind.TEXT, OperationKind.INPUT)) {
        assertThat(ofPrice(price, kind, FeesUsed.NONE)).isEqualTo(Known.UNKNOWN);
      }
      assertThat(ofPrice(price, OperationKind.MEDIA, page)).isEqualTo(Known.UNKNOWN);
      assertThat(ofPrice(price, OperationKind.NOTHING, FeesUsed.NONE)).isEqualTo(Known.FREE);
    }
    for (FeeKind what :
        List.of(FeeKind.PAGE, FeeKind.CHARACTER, FeeKind.AUDIO_MINUTE, FeeKind.SEARCH)) {
      FeesUsed some = FeesUsed.of(what, what.units());
      for (Map<Rate, Long> rates : List.of(Map.<Rate, Long>of(), noTokens)) {
        Price price = price(rates, fee(what));
        assertThat(ofPrice(price, OperationKind.MEDIA, some)).isEqualTo(Known.COUNTED);
        assertThat(ofPrice(price, OperationKind.TEXT, FeesUsed.NONE)).isEqualTo(Known.UNKNOWN);
      }
    }
    for (FeeKind tool : FeeKind.OF_TOOLS) {
      Price price = price(noTokens, fee(tool));
      FeesUsed some = FeesUsed.of(tool, 2);
      assertThat(ofPrice(price, OperationKind.TEXT, some)).isEqualTo(Known.COUNTED);
      // An image may be all that the model makes.
      assertThat(ofPrice(price, OperationKind.TEXT, FeesUsed.NONE))
          .isEqualTo(tool == FeeKind.IMAGE ? Known.UNKNOWN : Known.FREE);
      assertThat(ofPrice(price(Map.of(), fee(tool)), OperationKind.TEXT, FeesUsed.NONE))
          .isEqualTo(Known.UNKNOWN);
    }
    for (OperationKind kind : OperationKind.values()) {
      boolean isFree = kind == OperationKind.NOTHING;
      assertThat(ofPrice(price(noTokens), kind, FeesUsed.NONE)).isEqualTo(Known.FREE);
      assertThat(ofPrice(price(Map.of(Rate.REQUEST, 5_000L)), kind, FeesUsed.NONE))
          .isEqualTo(isFree ? Known.FREE : Known.COUNTED);
      assertThat(ofPrice(price(Map.of(Rate.INPUT, 5_000L)), kind, FeesUsed.NONE))
          .isEqualTo(isFree ? Known.FREE : Known.COUNTED);
    }
    assertThat(ofPrice(price(0, 1_000), OperationKind.INPUT, FeesUsed.NONE)).isEqualTo(Known.FREE);
    assertThat(ofPrice(price(Map.of(Rate.OUTPUT, 1_000L)), OperationKind.INPUT, FeesUsed.NONE))
        .isEqualTo(Known.UNKNOWN);
  }

  /** Tests what a price says about an operation. */
  private enum Known {
    COUNTED,
    FREE,
    UNKNOWN
  }

  private static Known ofPrice(Price price, OperationKind kind, FeesUsed fees) {
    CallPrices prices = new CallPrices(Optional.empty(), Optional.of(price), BOUNDS);
    CallEstimate estimate = new CallEstimate(of(kind, fees), prices, ObservedUse.NONE);
    Known known = null;
    for (BudgetBound bound : BudgetBound.values()) {
      BudgetMeter meter = meter(BudgetUnit.USD, bound);
      Budget lax = new Budget(1_000, BudgetUnit.USD, BudgetWindow.DAY, BudgetZone.UTC, bound, true);
      Bound needed = estimate.amountFor(meter);
      Known one =
          needed.equals(of(0))
              ? Known.FREE
              : needed instanceof Bound.Of ? Known.COUNTED : Known.UNKNOWN;
      assertThat(known).isIn(null, one);
      if (one == Known.UNKNOWN) {
        assertThat(needed).isEqualTo(missing(Obstacle.OPERATION_HAS_NO_PRICE));
        assertThat(estimate.amountFor(new BudgetMeter("user:1", lax, true))).isEqualTo(of(1));
      }
      known = one;
    }
    return known;
  }

  /** Many providers charge nothing for moderation, so that no budget may refuse or count it. */
  @Test
  void a_verdict_counts_only_where_the_model_has_a_price() {
    RequestedUse asked =
        RequestedUse.once(
            UsageModel.called("m"),
            OperationKind.VERDICTS,
            1_000_000,
            OptionalLong.empty(),
            Optional.empty());
    CallUse used = CallUse.of(TokenUsage.NONE.orEstimated(4_000, 0), CallUse.Evidence.UNKNOWN);
    for (Optional<Price> price :
        List.of(Optional.<Price>empty(), Optional.of(price(0, 0)), Optional.of(price(1_000, 0)))) {
      boolean counts = price.filter(each -> !each.terms().isFree()).isPresent();
      CallEstimate estimate =
          new CallEstimate(
              asked,
              new CallPrices(Optional.empty(), price, ModelBounds.UNKNOWN),
              ObservedUse.NONE);
      for (BudgetBound bound : BudgetBound.values()) {
        for (BudgetUnit unit : List.of(BudgetUnit.USD, BudgetUnit.TOKENS)) {
          assertThat(amount(estimate.reservationFor(meter(unit, bound))) > 0).isEqualTo(counts);
        }
        assertThat(amount(estimate.reservationFor(meter(BudgetUnit.REQUESTS, bound)))).isEqualTo(1);
      }
      assertThat(estimate.likeObserved(used).usage().input() > 0).isEqualTo(counts);
      assertThat(estimate.bounds().input() > 0).isEqualTo(counts);
      assertThat(estimate.demand().expected().input() > 0).isEqualTo(counts);
    }
  }

  @Test
  void what_is_expected_to_cost_nothing_reserves_the_least_amount_of_dollars_unless_it_is_free() {
    for (Price price : List.of(PRICE, price(0, 0), price(Map.of(Rate.REQUEST, 0L)))) {
      for (OperationKind kind : OperationKind.values()) {
        CallEstimate estimate =
            new CallEstimate(
                of(kind, FeesUsed.NONE),
                new CallPrices(Optional.empty(), Optional.of(price), BOUNDS),
                ObservedUse.NONE);
        for (BudgetUnit unit : BudgetUnit.values()) {
          for (BudgetBound bound : BudgetBound.values()) {
            BudgetMeter meter = meter(unit, bound);
            long amount = amount(estimate.amountFor(meter));
            boolean isLeast =
                unit == BudgetUnit.USD && kind != OperationKind.NOTHING && !price.terms().isFree();

            assertThat(estimate.reservationFor(meter))
                .isEqualTo(of(isLeast ? Math.max(1, amount) : amount));
          }
        }
      }
    }
    CallEstimate unpriced = new CallEstimate(use(1, 1, 1), CallPrices.NONE, ObservedUse.NONE);
    assertThat(unpriced.reservationFor(meter(BudgetUnit.USD, BudgetBound.STRICT)))
        .isEqualTo(missing(MODEL_HAS_NO_PRICE));
  }

  @Test
  void a_rate_of_nothing_needs_no_bound() {
    CallEstimate inputAlone =
        new CallEstimate(
            use(0, -1, 1),
            new CallPrices(Optional.empty(), Optional.of(price(1_000, 0)), ModelBounds.UNKNOWN),
            ObservedUse.NONE);

    assertThat(inputAlone.amountFor(meter(BudgetUnit.USD, BudgetBound.STRICT)))
        .isEqualTo(of(2_000));
  }

  @Test
  void what_uses_no_tokens_takes_nothing_of_tokens_or_dollars() {
    RequestedUse list = RequestedUse.nothing(UsageModel.UNKNOWN);

    assertThat(strict(list, BudgetUnit.TOKENS)).isEqualTo(of(0));
    assertThat(strict(list, BudgetUnit.USD)).isEqualTo(of(0));
    assertThat(strict(list, BudgetUnit.REQUESTS)).isEqualTo(of(1));
  }

  @Test
  void budgets_of_services_take_the_services_own_price() {
    CallPrices two = new CallPrices(Optional.of(price(0, 1_000)), Optional.of(PRICE), BOUNDS);
    CallEstimate estimate = new CallEstimate(use(0, 10, 1), two, ObservedUse.NONE);
    Budget budget = meter(BudgetUnit.USD, BudgetBound.STRICT).budget();

    assertThat(estimate.amountFor(new BudgetMeter("service:1:2", budget, true))).isEqualTo(of(10));
    assertThat(estimate.amountFor(new BudgetMeter("token:1", budget, true)))
        .isEqualTo(of(2_000 * 2_000 + 10 * 10_000));
  }

  @ParameterizedTest
  @EnumSource(
      value = BudgetUnit.class,
      names = {"USD", "TOKENS"})
  void the_output_that_is_said_to_fit_does_and_one_more_does_not(BudgetUnit unit) {
    Random random = new Random(16);
    for (int i = 0; i < 1_000; i++) {
      long left = random.nextLong(1, 50_000_000);
      int answers = random.nextInt(1, 4);
      long bytes = random.nextLong(0, 5_000);
      BudgetMeter meter = meter(unit, BudgetBound.STRICT);
      OptionalLong fits =
          new CallEstimate(use(bytes, 1_000, answers), prices(BOUNDS), ObservedUse.NONE)
              .largestOutputWithin(meter, left);

      long most = fits.orElse(0);
      assertThat(amount(strict(use(bytes, most + 1, answers), unit))).isGreaterThan(left);
      if (most > 0) {
        assertThat(amount(strict(use(bytes, most, answers), unit))).isLessThanOrEqualTo(left);
      }
    }
  }

  @Test
  void a_strict_bound_is_never_below_what_a_call_within_it_costs() {
    Random random = new Random(17);
    for (int i = 0; i < 1_000; i++) {
      long input = random.nextLong(0, 2_500);
      long cached = random.nextLong(0, input + 1);
      long output = random.nextLong(0, 31);
      TokenUsage used =
          TokenUsage.stated(
              input, output, new TokenParts(cached, 0, input - cached, output, 0, 0, 0, 0, 0, 0));

      assertThat(Cost.of(PRICE, used))
          .isLessThanOrEqualTo(amount(strict(use(500, 30, 1), BudgetUnit.USD)));
    }
  }

  private static ObservedUse observed(long output) {
    ObservedUse observed = ObservedUse.NONE;
    for (int i = 0; i < 64; i++) {
      observed = observed.after(use(1_000, 9, 1), 200, output, 1_000, 500);
    }
    return observed;
  }

  @Test
  void a_call_that_its_caller_left_used_at_least_what_such_calls_used_of_late() {
    for (ObservedUse observed : List.of(ObservedUse.NONE, observed(30))) {
      long usual = observed.isKnown() ? 30 : 4_096;
      for (long most : new long[] {-1, 20, 100_000}) {
        for (int answers : new int[] {1, 3}) {
          RequestedUse asked = use(1_000, most, answers);
          CallEstimate estimate = new CallEstimate(asked, prices(ModelBounds.UNKNOWN), observed);
          long least = answers * (most < 0 ? usual : Math.min(usual, most));
          for (long passed : new long[] {0, 3, 50_000}) {
            for (CallUse.Evidence evidence : CallUse.Evidence.values()) {
              CallUse used = CallUse.of(TokenUsage.stated(7, passed, TokenParts.NONE), evidence);
              boolean isRaised = evidence == CallUse.Evidence.UNKNOWN && passed < least;

              assertThat(estimate.likeObserved(used)).isEqualTo(used);
              TokenUsage like = estimate.likeObserved(used.abandoned()).usage();
              assertThat(like.input()).isEqualTo(7);
              assertThat(like.output()).isEqualTo(isRaised ? least : passed);
              assertThat(like.estimated().requests()).isEqualTo(isRaised ? 1 : 0);
              assertThat(like.estimated().inputTokens()).isZero();
              assertThat(like.estimated().outputTokens()).isEqualTo(isRaised ? least : 0);
            }
          }
        }
      }
    }
    CallUse nothing = CallUse.of(TokenUsage.NONE.orEstimated(4_000, 0), CallUse.Evidence.UNKNOWN);
    TokenUsage like =
        new CallEstimate(use(1_000, -1, 1), prices(BOUNDS), observed(30))
            .likeObserved(nothing.abandoned())
            .usage();
    assertThat(like).isEqualTo(TokenUsage.NONE.orTokens(200, 30));
  }

  @ParameterizedTest
  @CsvSource({
    "IMAGE_OUTPUT, 120000000, 1, 0 4096", // recent calls cost as much as images
    "IMAGE_OUTPUT, 120000000, 0.75, 0 4096",
    "AUDIO_OUTPUT, 80000000, 1, 4096 0",
    "IMAGE_OUTPUT, 120000000, 0.09, 0 0", // recent calls were text
    "IMAGE_OUTPUT, 10000000, 1, 0 0", // text costs as much
    "OUTPUT, 10000000, 1, 0 0"
  })
  void output_that_a_caller_did_not_wait_for_is_media_if_such_calls_cost_as_much(
      Rate rate, long pico, double part, String expected) {
    Map<Rate, Long> rates = new EnumMap<>(Map.of(Rate.INPUT, 2_000_000L, Rate.OUTPUT, 10_000_000L));
    Long unused = rates.put(rate, pico);
    CallPrices prices =
        new CallPrices(
            Optional.empty(), Optional.of(Price.of(1, LocalDate.EPOCH, new Rates(rates))), BOUNDS);
    ObservedUse observed = ObservedUse.NONE;
    for (int i = 0; part < 1 && i < 64; i++) {
      observed = observed.after(use(1_000, -1, 1), 200, 4_096, 10_000, (long) (part * 10_000));
    }
    CallUse left = CallUse.of(TokenUsage.stated(7, 0, TokenParts.NONE), CallUse.Evidence.UNKNOWN);

    TokenParts parts =
        new CallEstimate(use(1_000, 5_000, 1), prices, observed)
            .likeObserved(left.abandoned())
            .usage()
            .parts();

    assertThat(parts.audioOutput() + " " + parts.imageOutput()).isEqualTo(expected);
  }

  @Test
  void what_tools_bring_in_is_expected_of_a_call_that_its_caller_left() {
    ObservedUse observed = observed(30); // a token for five bytes
    RequestedUse once = use(10_000, 500, 1);
    TokenUsage begun = TokenUsage.stated(7, 1, TokenParts.NONE).orEstimated(10_000, 40);
    CallUse left = CallUse.of(begun, CallUse.Evidence.UNKNOWN).abandoned();

    assertThat(like(once, observed, left)).isEqualTo(begun);
    TokenUsage searching = like(rounds(once, 5), observed, left);
    assertThat(searching.input()).isEqualTo(2_000);
    assertThat(searching.statedOnly().input()).isEqualTo(7);
    assertThat(searching.output()).isEqualTo(40);
    assertThat(like(rounds(once, 5), ObservedUse.NONE, left).input()).isEqualTo(7);
    CallUse more = left.with(begun.atLeast(9_000, 700));
    assertThat(like(rounds(once, 5), observed, more).input()).isEqualTo(9_000);
    assertThat(like(once, observed, more).output()).isEqualTo(500);
  }

  private static RequestedUse rounds(RequestedUse once, int rounds) {
    return new RequestedUse(
        once.model(),
        once.kind(),
        once.bodyBytes(),
        new RequestedUse.Reading(false, rounds, false),
        new RequestedUse.Writing(once.statedOutput(), once.outputField(), 1, true),
        Set.of(),
        RequestedUse.ANY_TIER,
        FeesUsed.NONE,
        UnstatedUse.Asked.NOTHING);
  }

  private static TokenUsage like(RequestedUse asked, ObservedUse observed, CallUse used) {
    return new CallEstimate(asked, prices(BOUNDS), observed).likeObserved(used).usage();
  }

  @Test
  void a_call_that_its_caller_left_made_the_images_read_the_pages_and_used_each_tool_once() {
    FeePiece image = new FeePiece(FeeKind.IMAGE, "high");
    FeesUsed images = FeesUsed.of(image, 3);
    FeesUsed tools =
        FeesUsed.of(FeeKind.WEB_SEARCH, 5).plus(FeesUsed.of(FeeKind.CODE_INTERPRETER, 1));
    FeesUsed once =
        FeesUsed.of(FeeKind.WEB_SEARCH, 1).plus(FeesUsed.of(FeeKind.CODE_INTERPRETER, 1));
    FeesUsed searches = FeesUsed.of(FeeKind.WEB_SEARCH, 2);

    assertThat(left(OperationKind.IMAGES, images, FeesUsed.NONE)).isEqualTo(images);
    assertThat(left(OperationKind.IMAGES, images, FeesUsed.of(image, 1))).isEqualTo(images);
    assertThat(left(OperationKind.IMAGES, images, FeesUsed.of(FeeKind.IMAGE, 2)))
        .isEqualTo(FeesUsed.of(FeeKind.IMAGE, 2).plus(FeesUsed.of(image, 1)));
    assertThat(left(OperationKind.TEXT, tools, FeesUsed.NONE)).isEqualTo(once);
    assertThat(left(OperationKind.TEXT, tools, searches))
        .isEqualTo(searches.plus(FeesUsed.of(FeeKind.CODE_INTERPRETER, 1)));
    FeesUsed pages = FeesUsed.of(FeeKind.PAGE, 1_000);
    assertThat(left(OperationKind.MEDIA, pages, FeesUsed.of(FeeKind.PAGE, 1))).isEqualTo(pages);
    assertThat(left(OperationKind.INPUT, FeesUsed.of(FeeKind.SEARCH, 9), FeesUsed.NONE))
        .isEqualTo(FeesUsed.NONE);
  }

  /** The fees of a call whose caller left after these had been stated. */
  private static FeesUsed left(OperationKind kind, FeesUsed most, FeesUsed stated) {
    CallEstimate estimate = new CallEstimate(of(kind, most), prices(BOUNDS), ObservedUse.NONE);
    CallUse used = CallUse.of(TokenUsage.NONE, CallUse.Evidence.UNKNOWN).with(stated);
    assertThat(estimate.likeObserved(used)).isEqualTo(used);
    return estimate.likeObserved(used.abandoned()).fees();
  }

  private static CallEstimate naming(Price other, ModelBounds bounds) {
    RequestedUse named =
        new RequestedUse(
            new UsageModel("m"),
            OperationKind.TEXT,
            500,
            new RequestedUse.Reading(true, 3, false),
            new RequestedUse.Writing(OptionalLong.of(30), Optional.of("max_tokens"), 1, false),
            Set.of(new UsageModel("other")),
            RequestedUse.ANY_TIER,
            FeesUsed.NONE,
            UnstatedUse.Asked.NOTHING);
    CallPrices prices = new CallPrices(Optional.empty(), Optional.of(other), bounds);
    CallEstimate others =
        new CallEstimate(named.ofOther(new UsageModel("other")), prices, ObservedUse.NONE);
    return new CallEstimate(named, prices(BOUNDS), ObservedUse.NONE, List.of(others));
  }

  @Test
  void each_model_that_a_request_names_is_bounded_at_its_own_price() {
    CallEstimate estimate = naming(price(50_000_000, 200_000_000), BOUNDS);
    long own = 3 * (100_000L * 2_000 + 30 * 10_000);
    long others = 3 * (100_000L * 50_000 + 4_000 * 200_000L);

    assertThat(estimate.amountFor(meter(BudgetUnit.USD, BudgetBound.STRICT)))
        .isEqualTo(of(own + others));
    assertThat(estimate.amountFor(meter(BudgetUnit.TOKENS, BudgetBound.STRICT)))
        .isEqualTo(of(3 * 100_030 + 3 * 104_000));
    assertThat(estimate.amountFor(meter(BudgetUnit.REQUESTS, BudgetBound.STRICT))).isEqualTo(of(1));
    BudgetMeter dollars = meter(BudgetUnit.USD, BudgetBound.STRICT);
    assertThat(estimate.largestOutputWithin(dollars, own + others)).hasValue(30);
    assertThat(estimate.largestOutputWithin(dollars, own)).isEmpty();
  }

  @Test
  void a_strict_budget_refuses_a_model_of_which_it_does_not_know_what_it_costs() {
    BudgetMeter strict = meter(BudgetUnit.USD, BudgetBound.STRICT);
    CallEstimate unbounded = naming(PRICE, ModelBounds.UNKNOWN);
    CallEstimate other = unbounded.others().get(0);
    CallEstimate unpriced =
        new CallEstimate(
            unbounded.use(),
            unbounded.prices(),
            ObservedUse.NONE,
            List.of(new CallEstimate(other.use(), CallPrices.NONE, ObservedUse.NONE)));

    assertThat(unbounded.amountFor(strict)).isEqualTo(missing(INPUT_UNBOUNDED));
    assertThat(unpriced.amountFor(strict)).isEqualTo(missing(MODEL_HAS_NO_PRICE));
    assertThat(amount(unpriced.amountFor(meter(BudgetUnit.USD, BudgetBound.MEASURED))))
        .isPositive();
  }

  private static long amount(Bound bound) {
    return ((Bound.Of) bound).amount();
  }

  @Test
  void huge_numbers_stop_at_the_largest() {
    assertThat(strict(use(Long.MAX_VALUE, Long.MAX_VALUE, 9), BudgetUnit.TOKENS))
        .isEqualTo(of(Long.MAX_VALUE));
    assertThat(amount(strict(use(Long.MAX_VALUE, Long.MAX_VALUE, 9), BudgetUnit.USD)))
        .isGreaterThanOrEqualTo(Long.MAX_VALUE / 1_000);
  }
}
