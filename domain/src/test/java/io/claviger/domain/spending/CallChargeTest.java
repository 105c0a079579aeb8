package io.claviger.domain.spending;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.prices.CallCost;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.prices.Cost;
import io.claviger.domain.prices.Fee;
import io.claviger.domain.prices.ModelBounds;
import io.claviger.domain.prices.Price;
import io.claviger.domain.prices.PriceTerms;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import io.claviger.domain.spending.CallEstimate.Bound;
import io.claviger.domain.spending.CallUse.Evidence;
import io.claviger.domain.spending.UnstatedUse.Asked;
import io.claviger.domain.usage.ChargedFees;
import io.claviger.domain.usage.DisputedUsage;
import io.claviger.domain.usage.EstimatedUsage;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.PriceVersions;
import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageModel;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the charges of calls, over all combinations. */
class CallChargeTest {
  private static final UsageModel CHEAP = new UsageModel("cheap");
  private static final UsageModel DEAR = new UsageModel("dear");
  private static final CallPrices PRICES = prices(1, 2_000, 10_000);
  private static final CallPrices DEAR_PRICES = prices(2, 40_000, 200_000);
  private static final long[] AMOUNTS = {0, 1, 10, 200, 1_000, 5_000, 1L << 40};

  /** Input and output, in pico-dollars a token. */
  private static CallPrices prices(long version, long input, long output) {
    Rates rates = new Rates(Map.of(Rate.INPUT, input, Rate.OUTPUT, output));
    return new CallPrices(
        Optional.empty(),
        Optional.of(Price.of(version, LocalDate.EPOCH, rates)),
        new ModelBounds(OptionalLong.of(4_000), OptionalLong.of(100_000)));
  }

  private static RequestedUse asked(long bytes, long output) {
    return RequestedUse.once(
        CHEAP, OperationKind.TEXT, bytes, OptionalLong.of(output), Optional.empty());
  }

  private static BudgetMeter meter(BudgetUnit unit, BudgetBound bound) {
    return new BudgetMeter(
        "user:1", new Budget(1_000, unit, BudgetWindow.DAY, BudgetZone.UTC, bound, false), true);
  }

  private static CallUse use(long input, long output, Evidence evidence) {
    TokenUsage usage = TokenUsage.stated(input, output, TokenParts.NONE);
    return CallUse.of(evidence == Evidence.UNKNOWN ? usage.orTokens(1, 1) : usage, evidence);
  }

  @Test
  void the_rule_of_one_budget_over_all_combinations() {
    for (Evidence evidence : Evidence.values()) {
      for (long used : AMOUNTS) {
        for (long reserved : AMOUNTS) {
          assertThat(CallCharge.charged(BudgetBound.MEASURED, evidence, used, reserved))
              .isEqualTo(used);
          assertThat(CallCharge.charged(BudgetBound.STRICT, evidence, used, reserved))
              .isEqualTo(evidence == Evidence.UNKNOWN ? reserved : Math.min(used, reserved));
        }
      }
    }
  }

  @Test
  void no_budget_is_charged_more_than_the_request_could_use_whatever_the_provider_states() {
    RequestedUse asked = asked(500, 100);
    CallEstimate estimate = new CallEstimate(asked, PRICES, ObservedUse.NONE);
    for (BudgetUnit unit : BudgetUnit.values()) {
      for (BudgetBound bound : BudgetBound.values()) {
        BudgetMeter meter = meter(unit, bound);
        long most = reserved(estimate, meter(unit, BudgetBound.STRICT));
        for (Evidence evidence : Evidence.values()) {
          for (long input : AMOUNTS) {
            for (long output : AMOUNTS) {
              CallUse use = use(input, output, evidence);
              CallCharge charge = CallCharge.of(use, estimate.bounds(), AnswerPrices.of(PRICES));

              assertThat(charge.amountFor(meter, estimate)).isBetween(0L, most);
              assertThat(charge.amountFor(meter, estimate))
                  .isEqualTo(charge.amountFor(meter, estimate, 0));
              assertThat(charge.tokens() + charge.disputed().tokens())
                  .isEqualTo(use.usage().input() + use.usage().output());
            }
          }
        }
      }
    }
  }

  @Test
  void an_operation_that_uses_nothing_costs_nothing_even_at_a_price_for_each_request() {
    Price price =
        Price.of(9, LocalDate.EPOCH, new Rates(Map.of(Rate.REQUEST, 5_000_000L, Rate.INPUT, 2L)));
    CallPrices prices = new CallPrices(Optional.of(price), Optional.of(price), ModelBounds.UNKNOWN);
    RequestedUse counting = RequestedUse.nothing(CHEAP);
    CallEstimate estimate = new CallEstimate(counting, prices, ObservedUse.NONE);
    for (Evidence evidence : Evidence.values()) {
      CallUse use = CallUse.of(TokenUsage.NONE, evidence);
      CallCharge charge =
          CallCharge.of(use, UseBounds.of(counting, prices.bounds()), AnswerPrices.of(prices));

      assertThat(charge.cost()).hasValueSatisfying(cost -> assertThat(cost.forService()).isZero());
      assertThat(charge.cost().orElseThrow().forCallers()).isZero();
      assertThat(charge.disputed()).isEqualTo(DisputedUsage.NONE);
      for (BudgetBound bound : BudgetBound.values()) {
        BudgetMeter meter = meter(BudgetUnit.USD, bound);
        assertThat(charge.amountFor(meter, estimate)).isEqualTo(reserved(estimate, meter)).isZero();
        assertThat(estimate.mostFor(meter, estimate.bounds())).isZero();
      }
    }
  }

  @Test
  void under_a_strict_budget_nothing_that_was_billed_is_missing() {
    Random random = new Random(30);
    for (int i = 0; i < 100_000; i++) {
      RequestedUse asked = asked(random.nextInt(3_000), random.nextInt(1, 3_000));
      CallEstimate estimate = new CallEstimate(asked, PRICES, ObservedUse.NONE);
      UseBounds bounds = estimate.bounds();
      long input = random.nextLong(bounds.input() + 1);
      long output = random.nextLong(bounds.output() + 1);
      TokenUsage billed = TokenUsage.stated(input, output, TokenParts.NONE);
      CallUse use = seen(billed, random);
      CallCharge charge = CallCharge.of(use, bounds, AnswerPrices.of(PRICES));

      assertThat(charge.amountFor(meter(BudgetUnit.TOKENS, BudgetBound.STRICT), estimate))
          .isGreaterThanOrEqualTo(input + output);
      assertThat(charge.amountFor(meter(BudgetUnit.USD, BudgetBound.STRICT), estimate))
          .isGreaterThanOrEqualTo(Cost.of(PRICES.forCallers().orElseThrow(), billed));
    }
  }

  /** What is known of it: all, the input and the beginning of the output, or nothing. */
  private static CallUse seen(TokenUsage billed, Random random) {
    return switch (random.nextInt(3)) {
      case 0 -> CallUse.of(billed, Evidence.STATED);
      case 1 ->
          CallUse.of(
              TokenUsage.stated(
                  billed.input(), random.nextLong(billed.output() + 1), TokenParts.NONE),
              Evidence.UNKNOWN);
      default ->
          CallUse.of(
              TokenUsage.NONE.orEstimated(random.nextInt(3_000), random.nextInt(10)),
              Evidence.UNKNOWN);
    };
  }

  @Test
  void a_known_input_is_charged_exactly_though_the_output_is_not_known() {
    CallEstimate estimate = new CallEstimate(asked(500, 100), PRICES, ObservedUse.NONE);
    CallCharge charge =
        CallCharge.of(use(7, 3, Evidence.UNKNOWN), estimate.bounds(), AnswerPrices.of(PRICES));

    assertThat(charge.amountFor(meter(BudgetUnit.TOKENS, BudgetBound.STRICT), estimate))
        .isEqualTo(107);
    assertThat(charge.amountFor(meter(BudgetUnit.USD, BudgetBound.STRICT), estimate))
        .isEqualTo((7 * 2_000 + 100 * 10_000) / 1_000);
    assertThat(charge.amountFor(meter(BudgetUnit.TOKENS, BudgetBound.MEASURED), estimate))
        .isEqualTo(10);
  }

  @Test
  void what_is_stated_beyond_the_bounds_is_disputed_with_its_cost() {
    CallEstimate estimate = new CallEstimate(asked(500, 100), PRICES, ObservedUse.NONE);
    CallCharge charge =
        CallCharge.of(
            use(2_600, 1_100, Evidence.STATED), estimate.bounds(), AnswerPrices.of(PRICES));

    assertThat(charge.usage().input()).isEqualTo(2_500);
    assertThat(charge.usage().output()).isEqualTo(100);
    assertThat(charge.disputed()).isEqualTo(new DisputedUsage(1, 1_100, 200 + 10_000));
  }

  @Test
  void a_dearer_model_that_answers_costs_what_it_costs_and_under_strict_no_more_than_reserved() {
    CallEstimate estimate = new CallEstimate(asked(500, 100), PRICES, ObservedUse.NONE);
    CallUse use = use(2_500, 100, Evidence.STATED).by(DEAR);
    CallCharge measured =
        CallCharge.of(
            use, estimate.bounds(), AnswerPrices.of(CHEAP, PRICES, DEAR, DEAR_PRICES, false));
    CallCharge strict =
        CallCharge.of(
            use, estimate.bounds(), AnswerPrices.of(CHEAP, PRICES, DEAR, DEAR_PRICES, true));
    BudgetMeter dollars = meter(BudgetUnit.USD, BudgetBound.STRICT);

    assertThat(measured.amountFor(meter(BudgetUnit.USD, BudgetBound.MEASURED), estimate))
        .isEqualTo(120_000);
    assertThat(measured.disputed()).isEqualTo(DisputedUsage.NONE);
    long reserved = reserved(estimate, dollars);
    assertThat(strict.amountFor(dollars, estimate)).isEqualTo(reserved);
    assertThat(measured.amountFor(dollars, estimate, reserved)).isEqualTo(reserved);
    assertThat(strict.disputed()).isEqualTo(new DisputedUsage(1, 0, 120_000 - 6_000));
  }

  @Test
  void a_model_without_a_price_is_charged_as_the_one_asked_for_and_marked_unless_it_is_a_version() {
    CallEstimate estimate = new CallEstimate(asked(500, 100), PRICES, ObservedUse.NONE);
    CallCharge other = charged(estimate, new UsageModel("other"));
    CallCharge version = charged(estimate, new UsageModel("cheap-2411"));

    assertThat(other.cost()).isPresent();
    assertThat(other.cost().get().forService()).isEqualTo(20 + 100);
    assertThat(other.cost().get().estimated()).isEqualTo(120);
    assertThat(other.usage().estimated().requests()).isEqualTo(1);
    assertThat(version.cost().orElseThrow().forService()).isEqualTo(120);
    assertThat(version.cost().orElseThrow().estimated()).isZero();
  }

  @Test
  void budgets_of_callers_pay_no_price_of_the_owner_for_a_model_that_nobody_requested() {
    CallEstimate estimate = new CallEstimate(asked(500, 100), PRICES, ObservedUse.NONE);
    CallPrices ofOwner =
        new CallPrices(DEAR_PRICES.deployment(), Optional.empty(), DEAR_PRICES.bounds());
    CallPrices unpriced = new CallPrices(Optional.empty(), Optional.empty(), PRICES.bounds());
    CallUse use = use(2_500, 100, Evidence.STATED).by(DEAR);

    for (boolean isStrict : new boolean[] {false, true}) {
      CallCost cost = charged(use, estimate, PRICES, ofOwner, isStrict);
      assertThat(cost.forCallers()).isEqualTo(6_000);
      assertThat(cost.versions()).isEqualTo(new PriceVersions(2, 1));
    }
    assertThat(charged(use, estimate, PRICES, ofOwner, false).forService()).isEqualTo(120_000);
    assertThat(charged(use, estimate, unpriced, ofOwner, false).forCallers()).isEqualTo(120_000);
    assertThat(charged(use, estimate, PRICES, DEAR_PRICES, false).forCallers()).isEqualTo(120_000);
  }

  private static CallCost charged(
      CallUse use, CallEstimate estimate, CallPrices asked, CallPrices answered, boolean isStrict) {
    AnswerPrices prices = AnswerPrices.of(CHEAP, asked, DEAR, answered, isStrict);
    return CallCharge.of(use, estimate.bounds(), prices).cost().orElseThrow();
  }

  private static CallCharge charged(CallEstimate estimate, UsageModel answered) {
    return CallCharge.of(
        use(10, 10, Evidence.STATED).by(answered),
        estimate.bounds(),
        AnswerPrices.of(CHEAP, PRICES, answered, CallPrices.NONE, false));
  }

  @Test
  void a_dearer_model_that_the_request_names_for_a_tool_is_charged_what_was_reserved_for_it() {
    CallEstimate tool = new CallEstimate(asked(1_000, 500), DEAR_PRICES, ObservedUse.NONE);
    CallEstimate alone = new CallEstimate(asked(1_000, 500), PRICES, ObservedUse.NONE);
    CallEstimate both =
        new CallEstimate(asked(1_000, 500), PRICES, ObservedUse.NONE, List.of(tool));
    AnswerPrices prices = AnswerPrices.of(CHEAP, PRICES, UsageModel.UNKNOWN, CallPrices.NONE, true);
    for (BudgetBound bound : BudgetBound.values()) {
      for (BudgetUnit unit : BudgetUnit.values()) {
        BudgetMeter meter = meter(unit, bound);
        for (Evidence evidence : Evidence.values()) {
          CallUse use = use(100, 50, evidence);
          CallCharge charge = CallCharge.of(use, both.bounds(), prices);
          long ofTool =
              unit == BudgetUnit.REQUESTS || evidence == Evidence.REFUSED
                  ? 0
                  : ((Bound.Of) tool.amountFor(meter)).amount();

          long charged = charge.amountFor(meter, both);

          assertThat(charged)
              .isGreaterThanOrEqualTo(charge.amountFor(meter, alone) + ofTool)
              .isLessThanOrEqualTo(
                  bound == BudgetBound.STRICT ? both.reserved(meter) : Long.MAX_VALUE);
        }
      }
    }
  }

  @Test
  void what_another_model_used_by_the_answer_is_charged_at_its_price_in_place_of_the_expectation() {
    CallEstimate tool = advisor();
    CallEstimate both = advisedBy(tool);
    TokenUsage advice = TokenUsage.stated(90, 40, TokenParts.NONE);
    long ownCost = 100 * 2 + 50 * 10;
    long ofAdvice = 90 * 40 + 40 * 200;

    assertThat(charged(both, Map.of(DEAR, advice))).isEqualTo(ownCost + ofAdvice);
    assertThat(charged(both, Map.of(new UsageModel("dear-20260101"), advice)))
        .isEqualTo(ownCost + ofAdvice);
    assertThat(charged(both, Map.of())).isEqualTo(ownCost);
    // A model that was not asked for is one of the answering model's iterations.
    assertThat(charged(both, Map.of(new UsageModel("unknown"), advice)))
        .isEqualTo(ownCost + 90 * 2 + 40 * 10);
    // No more than the model could use is charged, whatever the answer states.
    CallCharge most =
        charge(both, Map.of(DEAR, TokenUsage.stated(1L << 40, 1L << 40, TokenParts.NONE)));
    assertThat(most.amountFor(meter(BudgetUnit.USD, BudgetBound.MEASURED), both))
        .isEqualTo(ownCost + tool.bounds().dearest(DEAR_PRICES.forService().orElseThrow()));
    assertThat(most.disputed().requests()).isEqualTo(1);
    assertThat(most.amountFor(meter(BudgetUnit.USD, BudgetBound.STRICT), both))
        .isLessThanOrEqualTo(both.reserved(meter(BudgetUnit.USD, BudgetBound.STRICT)));
    assertThat(
            charge(both, Map.of(DEAR, advice))
                .amountFor(meter(BudgetUnit.TOKENS, BudgetBound.MEASURED), both))
        .isEqualTo(100 + 50 + 90 + 40);
  }

  @Test
  void advice_of_a_model_with_a_price_is_charged_under_a_model_that_has_none() {
    CallEstimate tool = advisor();
    CallEstimate both = advisedBy(tool, CallPrices.NONE);
    TokenUsage advice = TokenUsage.stated(90, 40, TokenParts.NONE);
    BudgetMeter allowing =
        new BudgetMeter(
            "user:1",
            new Budget(
                1_000,
                BudgetUnit.USD,
                BudgetWindow.DAY,
                BudgetZone.UTC,
                BudgetBound.MEASURED,
                true),
            true);

    CallCharge stated = charge(both, statedWith(Map.of(DEAR, advice), both));
    assertThat(stated.amountFor(allowing, both)).isEqualTo(90 * 40 + 40 * 200);
    assertThat(stated.cost().orElseThrow().versions()).isEqualTo(PriceVersions.NONE);
    assertThat(stated.usage().input()).isEqualTo(190);
    CallCharge most =
        charge(
            both, statedWith(Map.of(DEAR, TokenUsage.stated(1L << 40, 1, TokenParts.NONE)), both));
    assertThat(most.amountFor(allowing, both))
        .isLessThanOrEqualTo(tool.bounds().dearest(DEAR_PRICES.forService().orElseThrow()));
    assertThat(charge(both, statedWith(Map.of(), both)).cost()).isEmpty();
  }

  private static CallUse statedWith(Map<UsageModel, TokenUsage> others, CallEstimate estimate) {
    return use(100, 50, Evidence.STATED)
        .withOthers(Optional.of(others))
        .of(estimate.use().others());
  }

  /** A request that lets a dear model answer in place of a cheap one. */
  private static CallEstimate replaceable() {
    return replaceable(DEAR);
  }

  private static CallEstimate replaceable(UsageModel substitute) {
    RequestedUse asked =
        new RequestedUse(
            CHEAP,
            OperationKind.TEXT,
            1_000,
            RequestedUse.Reading.ONCE,
            new RequestedUse.Writing(OptionalLong.of(500), Optional.empty(), 1, false),
            Set.of(substitute),
            Set.of(substitute),
            RequestedUse.ANY_TIER,
            FeesUsed.NONE,
            UnstatedUse.Asked.NOTHING);
    return new CallEstimate(
        asked,
        PRICES,
        ObservedUse.NONE,
        List.of(new CallEstimate(asked.ofOther(substitute), DEAR_PRICES, ObservedUse.NONE)));
  }

  private static long charged(CallEstimate estimate, CallUse use, BudgetBound bound) {
    AnswerPrices prices =
        AnswerPrices.of(
            CHEAP,
            estimate.prices(),
            use.answeredBy(),
            use.answeredBy().equals(DEAR) ? DEAR_PRICES : CallPrices.NONE,
            bound == BudgetBound.STRICT && !use.isBySubstitute(estimate.use()));
    return CallCharge.of(use, estimate.boundsOf(use, estimate.bounds()), prices)
        .withOthers(estimate.ofOthers(use))
        .amountFor(meter(BudgetUnit.USD, bound), estimate);
  }

  @Test
  void a_model_that_may_answer_in_place_of_another_is_charged_only_if_it_answers() {
    CallEstimate both = replaceable();
    CallUse whole = use(100, 50, Evidence.STATED);
    long cheap = 100 * 2 + 50 * 10;
    long dear = 100 * 40 + 50 * 200;

    for (BudgetBound bound : BudgetBound.values()) {
      assertThat(charged(both, whole, bound)).isEqualTo(cheap);
      assertThat(charged(both, whole.by(CHEAP), bound)).isEqualTo(cheap);
    }
    assertThat(charged(both, whole.by(DEAR), BudgetBound.MEASURED)).isEqualTo(dear);
    CallUse broken = use(100, 50, Evidence.UNKNOWN);
    assertThat(charged(both, broken, BudgetBound.MEASURED)).isGreaterThan(cheap);
    assertThat(charged(both, broken, BudgetBound.STRICT))
        .isEqualTo(both.reserved(meter(BudgetUnit.USD, BudgetBound.STRICT)));
  }

  @Test
  void each_model_that_tried_to_answer_is_charged_at_its_own_price() {
    CallEstimate both = replaceable();
    UsageModel version = new UsageModel("dear-20260101");
    TokenUsage attempt = TokenUsage.stated(90, 40, TokenParts.NONE);
    long cheap = 100 * 2 + 50 * 10;
    long dear = 90 * 40 + 40 * 200;

    for (UsageModel served : List.of(DEAR, version)) {
      CallUse use =
          CallUse.of(TokenUsage.NONE, Evidence.STATED)
              .by(served)
              .withOthers(
                  Optional.of(
                      Map.of(served, attempt, CHEAP, TokenUsage.stated(100, 50, TokenParts.NONE))));
      CallUse apart = use.of(both.use());
      for (BudgetBound bound : BudgetBound.values()) {
        assertThat(charged(both, apart, bound)).isEqualTo(cheap + dear);
      }
      TokenUsage lie = TokenUsage.stated(1L << 40, 1L << 40, TokenParts.NONE);
      CallUse lying = use.withOthers(Optional.of(Map.of(served, lie, CHEAP, lie))).of(both.use());
      for (BudgetBound bound : BudgetBound.values()) {
        assertThat(charged(both, lying, bound))
            .isEqualTo(both.reserved(meter(BudgetUnit.USD, BudgetBound.STRICT)));
      }
    }
  }

  /**
   * For example a request with {@code "fallbacks": "default"}, which permits models without naming
   * them.
   */
  @Test
  void a_model_that_the_request_does_not_name_is_charged_apart_from_the_called_one() {
    RequestedUse asked = replaceable(CHEAP).use();
    CallEstimate both =
        new CallEstimate(
            asked,
            PRICES,
            ObservedUse.NONE,
            List.of(new CallEstimate(asked.ofOther(CHEAP), PRICES, ObservedUse.NONE)));
    CallUse use =
        CallUse.of(TokenUsage.NONE, Evidence.STATED)
            .by(DEAR)
            .withOthers(
                Optional.of(
                    Map.of(
                        DEAR, TokenUsage.stated(90, 40, TokenParts.NONE),
                        CHEAP, TokenUsage.stated(100, 50, TokenParts.NONE))))
            .of(asked);

    assertThat(charged(both, use, BudgetBound.MEASURED))
        .isEqualTo(100 * 2 + 50 * 10 + 90 * 40 + 40 * 200);
    assertThat(charged(both, use, BudgetBound.STRICT))
        .isLessThanOrEqualTo(both.reserved(meter(BudgetUnit.USD, BudgetBound.STRICT)));
  }

  @Test
  void the_longest_name_tells_whose_version_a_model_is() {
    UsageModel longer = new UsageModel("dear-er");
    RequestedUse asked = replaceable().use().of(longer);
    TokenUsage usage = TokenUsage.stated(9, 4, TokenParts.NONE);
    CallUse stated =
        CallUse.of(TokenUsage.NONE, Evidence.STATED)
            .withOthers(Optional.of(Map.of(new UsageModel("dear-er-2026"), usage, DEAR, usage)));

    assertThat(stated.of(asked).usage()).isEqualTo(usage);
    assertThat(stated.of(asked).others()).contains(Map.of(DEAR, usage));
  }

  @Test
  void a_model_without_a_price_that_may_answer_is_as_one_that_is_called() {
    RequestedUse asked = replaceable().use();
    CallEstimate both =
        new CallEstimate(
            asked,
            PRICES,
            ObservedUse.NONE,
            List.of(new CallEstimate(asked.ofOther(DEAR), CallPrices.NONE, ObservedUse.NONE)));

    for (BudgetBound bound : BudgetBound.values()) {
      assertThat(both.amountFor(meter(BudgetUnit.USD, bound)))
          .isEqualTo(new Bound.Missing(CallEstimate.Obstacle.MODEL_HAS_NO_PRICE));
    }
  }

  @Test
  void an_answer_that_broke_off_has_used_the_advice_that_was_expected() {
    CallEstimate both = advisedBy(advisor());
    BudgetMeter meter = meter(BudgetUnit.USD, BudgetBound.MEASURED);
    CallUse broken = use(100, 50, Evidence.UNKNOWN);
    TokenUsage little = TokenUsage.stated(1, 1, TokenParts.NONE);
    long expected = charge(both, broken).amountFor(meter, both);

    for (Map<UsageModel, TokenUsage> stated :
        List.of(Map.<UsageModel, TokenUsage>of(), Map.of(DEAR, little))) {
      CallCharge charge = charge(both, broken.withOthers(Optional.of(stated)));
      assertThat(charge.amountFor(meter, both)).isEqualTo(expected);
    }
    TokenUsage much = TokenUsage.stated(2_000, 500, TokenParts.NONE);
    assertThat(
            charge(both, broken.withOthers(Optional.of(Map.of(DEAR, much)))).amountFor(meter, both))
        .isGreaterThan(expected);
  }

  @Test
  void a_call_of_several_models_counts_once_as_estimated() {
    CallEstimate both = advisedBy(advisor());
    CallUse broken =
        new CallUse(
            TokenUsage.NONE.orEstimated(400, 50),
            Evidence.UNKNOWN,
            UsageModel.UNKNOWN,
            Optional.empty(),
            FeesUsed.NONE);

    CallCharge charge = charge(both, broken.withOthers(Optional.of(Map.of())));

    EstimatedUsage counted =
        UsageCounts.ofCall(true, 400, 200, TokenUsage.NONE)
            .charged(charge.usage(), charge.disputed())
            .estimated();
    assertThat(counted)
        .isEqualTo(new EstimatedUsage(1, charge.usage().input(), charge.usage().output()));
  }

  @Test
  void what_a_provider_charges_beyond_all_else_is_the_fee_for_the_pages_of_files() {
    CallPrices prices =
        PRICES.withFeesUnlessStated(
            List.of(new Fee(new FeePiece(FeeKind.PAGE, ""), 2_000_000_000L, 1)));
    UseBounds bounds =
        new UseBounds(10_000, 1_000, 0, RequestedUse.USUAL_TIER, RequestedFees.ofFiles(1));
    long ofTokens = 3_000;
    long ofPage = 2_000_000;
    CallUse use = use(1_000, 100, Evidence.STATED);
    OptionalLong more = OptionalLong.of(ofTokens + 9 * ofPage);
    Map<CallUse, Long> expected =
        Map.of(
            use.costing(OptionalLong.of(0), true),
            0L,
            use.costing(OptionalLong.of(ofTokens), true),
            0L,
            use.costing(OptionalLong.of(ofTokens + 1), true),
            1L,
            use.costing(more, true),
            9L,
            use.costing(OptionalLong.of(Long.MAX_VALUE), true),
            1_000L,
            use,
            0L,
            use.with(FeesUsed.of(FeeKind.PAGE, 7)),
            7L,
            use(1_000, 100, Evidence.REFUSED).costing(more, true),
            0L,
            use(1_000, 100, Evidence.UNKNOWN).abandoned().costing(more, true),
            0L);
    expected.forEach(
        (each, pages) -> {
          CallCharge charge = CallCharge.of(each, bounds, AnswerPrices.of(prices));
          assertThat(charge.fees().count(FeeKind.PAGE)).isEqualTo(pages);
          long most = ofTokens + pages * ofPage;
          assertThat(charge.cost().orElseThrow().forService())
              .isEqualTo(pages == 0 ? ofTokens : Math.min(most, each.statedCost().orElse(most)));
        });
    CallCharge paidElsewhere =
        CallCharge.of(use.costing(more, false), bounds, AnswerPrices.of(prices));
    assertThat(paidElsewhere.fees().count(FeeKind.PAGE)).isEqualTo(9);
    assertThat(paidElsewhere.cost().orElseThrow().forService()).isEqualTo(ofTokens + 9 * ofPage);
    UseBounds without = new UseBounds(10_000, 1_000, 0);
    CallUse dear = use.costing(OptionalLong.of(Long.MAX_VALUE), true);
    assertThat(CallCharge.of(dear, without, AnswerPrices.of(prices)).fees().isNone()).isTrue();
  }

  /** An image of this quality costs less than one of which nothing is known. */
  @ParameterizedTest
  @CsvSource({"0, 2000", "2000, 2000", "4000, 2000", "9000, 2000"})
  void an_image_of_a_cheap_quality_costs_its_fee_whatever_the_provider_states(
      long stated, long cost) {
    FeePiece draft = new FeePiece(FeeKind.IMAGE, "draft");
    Rates rates = new Rates(Map.of(Rate.INPUT, 0L, Rate.IMAGE, 5_000_000L));
    CallPrices prices =
        new CallPrices(
            Optional.empty(),
            Optional.of(
                new Price(
                    1,
                    LocalDate.EPOCH,
                    PriceTerms.of(rates).withFees(List.of(new Fee(draft, 2_000_000L, 1))))),
            ModelBounds.UNKNOWN);
    FeesUsed image = FeesUsed.of(draft, 1);
    UseBounds bounds = new UseBounds(100, 100, 1, RequestedUse.USUAL_TIER, image);
    TokenUsage usage = TokenUsage.stated(1, 0, new TokenParts(0, 0, 0, 0, 0, 0, 0, 0, 1, 0));
    CallUse use =
        CallUse.of(usage, Evidence.STATED).with(image).costing(OptionalLong.of(stated), true);

    CallCost charged = CallCharge.of(use, bounds, AnswerPrices.of(prices)).cost().orElseThrow();

    assertThat(charged.forService()).isEqualTo(cost);
    assertThat(charged.forCallers()).isEqualTo(cost);
  }

  /** A router publishes the highest fee for a search, and states what the whole call costs. */
  @ParameterizedTest
  @CsvSource({
    "'', STATED, 43000, 0",
    "0, STATED, 3000, 0",
    "3000, STATED, 3000, 0",
    "17000, STATED, 17000, 0",
    "43000, STATED, 43000, 0",
    "90000, STATED, 43000, 0",
    "17000, UNKNOWN, 17000, 0",
    "17000, REFUSED, 43000, 0",
  })
  void searches_cost_at_most_what_the_provider_states_beyond_the_tokens(
      String stated, Evidence evidence, long cost, long disputed) {
    CallPrices prices =
        PRICES.withFeesUnlessStated(
            List.of(new Fee(new FeePiece(FeeKind.WEB_SEARCH, ""), 20_000_000, 1)));
    UseBounds bounds =
        new UseBounds(
            10_000, 1_000, 0, RequestedUse.USUAL_TIER, FeesUsed.of(FeeKind.WEB_SEARCH, 5));
    OptionalLong whole =
        stated.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(stated));
    CallUse use =
        use(1_000, 100, evidence).with(FeesUsed.of(FeeKind.WEB_SEARCH, 2)).costing(whole, true);

    CallCharge charge = CallCharge.of(use, bounds, AnswerPrices.of(prices));

    CallCost charged = charge.cost().orElseThrow();
    assertThat(charged.forService()).isEqualTo(charged.forCallers()).isEqualTo(cost);
    assertThat(charged.fees().of().values().stream().mapToLong(ChargedFees.Fee::cost).sum())
        .isEqualTo(cost - 3_000);
    assertThat(charge.disputed().cost()).isEqualTo(disputed);
    CallCharge paidElsewhere =
        CallCharge.of(use.costing(whole, false), bounds, AnswerPrices.of(prices));
    assertThat(paidElsewhere.cost().orElseThrow().forService()).isEqualTo(43_000);
  }

  private static long charged(CallEstimate estimate, Map<UsageModel, TokenUsage> others) {
    CallCharge charge = charge(estimate, others);
    long measured = charge.amountFor(meter(BudgetUnit.USD, BudgetBound.MEASURED), estimate);
    assertThat(charge.cost().orElseThrow().forService()).isEqualTo(measured);
    return measured;
  }

  private static CallCharge charge(CallEstimate estimate, Map<UsageModel, TokenUsage> others) {
    return charge(estimate, statedWith(others, estimate));
  }

  private static CallCharge charge(CallEstimate estimate, CallUse use) {
    return CallCharge.of(
            use, estimate.boundsOf(use, estimate.bounds()), AnswerPrices.of(estimate.prices()))
        .withOthers(estimate.ofOthers(use));
  }

  private static CallEstimate advisor() {
    return new CallEstimate(asked(1_000, 500).of(DEAR), DEAR_PRICES, ObservedUse.NONE);
  }

  private static CallEstimate advisedBy(CallEstimate advisor) {
    return advisedBy(advisor, PRICES);
  }

  private static CallEstimate advisedBy(CallEstimate advisor, CallPrices prices) {
    return new CallEstimate(
        new RequestedUse(
            CHEAP,
            OperationKind.TEXT,
            1_000,
            new RequestedUse.Reading(false, 1, false),
            new RequestedUse.Writing(OptionalLong.of(500), Optional.empty(), 1, false),
            Set.of(DEAR),
            RequestedUse.ANY_TIER,
            FeesUsed.NONE,
            UnstatedUse.Asked.NOTHING),
        prices,
        ObservedUse.NONE,
        List.of(advisor));
  }

  @Test
  void a_call_with_advice_costs_no_more_than_its_models_could_use_whatever_the_answer_states() {
    CallEstimate advisor = advisor();
    CallEstimate both = advisedBy(advisor);
    UseBounds bounds = both.bounds();
    for (long own : AMOUNTS) {
      for (long more : AMOUNTS) {
        // Parts that contradict each other count as all of the input, each.
        TokenUsage usage = TokenUsage.stated(own, own, overlapping(own));
        TokenUsage advice = TokenUsage.stated(more, more, overlapping(more));
        CallUse unstated = CallUse.of(usage, Evidence.STATED);
        for (CallUse use :
            List.of(
                unstated,
                unstated.withOthers(Optional.of(Map.of())),
                unstated.withOthers(Optional.of(Map.of(DEAR, advice))))) {
          CallCharge charge = charge(both, use);
          for (BudgetUnit unit : BudgetUnit.values()) {
            BudgetMeter meter = meter(unit, BudgetBound.MEASURED);

            assertThat(charge.amountFor(meter, both)).isBetween(0L, both.mostFor(meter, bounds));
          }
          if (use.others().isPresent()) {
            assertThat(charge.usage().input()).isLessThanOrEqualTo(bounds.input());
            assertThat(charge.usage().output()).isLessThanOrEqualTo(bounds.output());
          }
        }
        CallCharge stated = charge(both, unstated.withOthers(Optional.of(Map.of(DEAR, advice))));
        long whole =
            Cost.of(PRICES.forService().orElseThrow(), usage)
                + Cost.of(DEAR_PRICES.forService().orElseThrow(), advice);
        assertThat(stated.cost().orElseThrow().forService() + stated.disputed().cost())
            .isEqualTo(whole);
      }
    }
  }

  private static TokenParts overlapping(long input) {
    return new TokenParts(input, input, input, 0, 0, 0, 0, 0, 0, 0);
  }

  @Test
  void a_request_that_was_not_read_is_bounded_as_well() {
    UseBounds bounds = UseBounds.ofUnread(100, ModelBounds.UNKNOWN);
    CallCharge charge =
        CallCharge.of(
            use(1L << 40, 1L << 40, Evidence.STATED), bounds, AnswerPrices.of(CallPrices.NONE));

    assertThat(charge.usage().input()).isEqualTo(bounds.input()).isLessThan(1L << 26);
    assertThat(charge.usage().output()).isEqualTo(bounds.output()).isLessThan(1L << 26);
    assertThat(charge.disputed().requests()).isEqualTo(1);
    assertThat(charge.disputed().cost()).isZero();
  }

  @Test
  void the_cost_of_a_request_that_was_not_read_includes_at_most_the_assumed_fees() {
    CallPrices prices =
        PRICES.withFeesUnlessStated(
            List.of(new Fee(new FeePiece(FeeKind.WEB_SEARCH, ""), 10_000_000_000L, 1)));
    Price price = prices.forService().orElseThrow();
    UseBounds bounds = UseBounds.ofUnread(100, ModelBounds.UNKNOWN);
    long tokens = Cost.atMost(price, bounds.input(), bounds.output(), 0);
    long most = Cost.atMost(price, bounds.input(), bounds.output(), bounds.images(), bounds.fees());
    assertThat(most).isGreaterThan(tokens);
    for (long used : AMOUNTS) {
      for (long searches : AMOUNTS) {
        FeesUsed fees = FeesUsed.of(FeeKind.WEB_SEARCH, searches);
        CallUse use = use(used, used, Evidence.STATED).with(fees);
        CallCharge charge = CallCharge.of(use, bounds, AnswerPrices.of(prices));

        long whole = Cost.of(price, bounds.within(use.usage()), fees.atMost(bounds.fees()));
        assertThat(charge.cost().orElseThrow().forService()).isEqualTo(Math.min(whole, most));
      }
    }
  }

  @Test
  void no_medium_costs_nothing() {
    assertThat(media("audio/speech", 400, 80_000)).isEqualTo(new long[] {100, 100});
    assertThat(media("audio/transcriptions", 160_000, 400)).isEqualTo(new long[] {100, 100});
    assertThat(media("audio/speech", 1, 1)).isEqualTo(new long[] {1, 1});
    TokenUsage images =
        UnstatedUse.of(
            OperationKind.IMAGES,
            "images/generations",
            TokenUsage.stated(0, 0, new TokenParts(0, 0, 0, 0, 0, 0, 0, 0, 2, 0)),
            40,
            1_000,
            0,
            Asked.NOTHING);
    assertThat(images.output()).isEqualTo(2 * 1_056);
    assertThat(images.estimated().requests()).isEqualTo(1);
  }

  @Test
  void speech_is_as_long_as_its_text_in_whatever_format_it_comes() {
    long second = Asked.tokensOf(1_500, 100) / 100;
    assertThat(second).isEqualTo(20);
    for (long bytesASecond : new long[] {4_000, 16_000, 20_000, 48_000}) {
      assertThat(speech(Asked.tokensOf(1_500, 100), 100 * bytesASecond)).isEqualTo(2_000);
    }
    assertThat(Asked.tokensOf(1_500, 25)).isEqualTo(8_000);
    assertThat(Asked.tokensOf(1_500, 400)).isEqualTo(500);
    assertThat(Asked.tokensOf(1_500, 1)).isEqualTo(8_000);
    assertThat(Asked.tokensOf(1_500, 9_000)).isEqualTo(500);
    assertThat(Asked.tokensOf(1, 100)).isEqualTo(2);
    assertThat(Asked.tokensOf(Long.MAX_VALUE, 25)).isPositive();
  }

  @Test
  void speech_is_no_shorter_than_its_bytes_say_in_any_format() {
    assertThat(speech(Asked.tokensOf(15, 100), 480_000)).isEqualTo(200);
  }

  private static long speech(long tokens, long bytesOut) {
    return UnstatedUse.of(
            OperationKind.MEDIA,
            "audio/speech",
            TokenUsage.NONE,
            400,
            bytesOut,
            0,
            new Asked(false, tokens))
        .output();
  }

  private static long[] media(String path, long bytesIn, long bytesOut) {
    TokenUsage used =
        UnstatedUse.of(
            OperationKind.MEDIA, path, TokenUsage.NONE, bytesIn, bytesOut, 0, Asked.NOTHING);
    assertThat(used.estimated().requests()).isEqualTo(1);
    return new long[] {used.input(), used.output()};
  }

  private static long reserved(CallEstimate estimate, BudgetMeter meter) {
    return ((Bound.Of) estimate.amountFor(meter)).amount();
  }
}
