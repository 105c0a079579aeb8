package io.claviger.domain.spending;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.formats.ObeyedCaps;
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
import io.claviger.domain.spending.CallEstimate.Obstacle;
import io.claviger.domain.spending.CallUse.Evidence;
import io.claviger.domain.usage.DisputedUsage;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.ServiceTier;
import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.domain.usage.UsageModel;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tiers and fees in reservations and charges, over all combinations. */
class ChargedTiersTest {
  private static final ServiceTier FASTEST = ServiceTier.of("ultrafast");
  private static final List<Set<ServiceTier>> ASKED =
      List.of(
          RequestedUse.ANY_TIER,
          RequestedUse.USUAL_TIER,
          Set.of(ServiceTier.STANDARD, ServiceTier.FLEX),
          Set.of(ServiceTier.STANDARD, ServiceTier.PRIORITY),
          Set.of(ServiceTier.OTHER, ServiceTier.STANDARD, ServiceTier.PRIORITY),
          Set.of(ServiceTier.STANDARD, ServiceTier.SCALE));
  private static final List<Optional<ServiceTier>> ANSWERED =
      List.of(
          Optional.empty(),
          Optional.of(ServiceTier.STANDARD),
          Optional.of(ServiceTier.FLEX),
          Optional.of(ServiceTier.PRIORITY),
          Optional.of(ServiceTier.SCALE),
          Optional.of(FASTEST),
          Optional.of(ServiceTier.OTHER));
  private static final List<FeesUsed> FEES =
      List.of(
          FeesUsed.NONE,
          FeesUsed.of(FeeKind.WEB_SEARCH, 1),
          FeesUsed.of(FeeKind.WEB_SEARCH, 3),
          FeesUsed.of(FeeKind.WEB_SEARCH, 1L << 40),
          FeesUsed.of(FeeKind.FILE_SEARCH, 2));

  /**
   * Input costs 2 dollars and output costs 10 dollars per million tokens. The tier flex costs half,
   * and the tier priority costs twice as much. A search costs 0.01 dollars.
   */
  private static final Price PRICE =
      new Price(
          1,
          LocalDate.EPOCH,
          PriceTerms.of(rates(2_000_000, 10_000_000))
              .withTiers(
                  Map.of(
                      ServiceTier.FLEX, rates(1_000_000, 5_000_000),
                      ServiceTier.PRIORITY, rates(4_000_000, 20_000_000)))
              .withFees(
                  List.of(
                      new Fee(new FeePiece(FeeKind.WEB_SEARCH, "low"), 10_000_000_000L, 1),
                      new Fee(new FeePiece(FeeKind.WEB_SEARCH, "high"), 30_000_000_000L, 1))));

  private static final CallPrices PRICES =
      new CallPrices(
          Optional.empty(),
          Optional.of(PRICE),
          new ModelBounds(OptionalLong.of(4_000), OptionalLong.of(100_000)));

  private static Rates rates(long input, long output) {
    return new Rates(Map.of(Rate.INPUT, input, Rate.OUTPUT, output));
  }

  private static RequestedUse asked(Set<ServiceTier> tiers, FeesUsed fees) {
    return RequestedUse.once(
            new UsageModel("m"),
            OperationKind.TEXT,
            500,
            OptionalLong.of(100),
            Optional.of("max_tokens"))
        .with(tiers, fees);
  }

  @Test
  void a_search_without_a_cap_is_expected_once_with_all_results_that_cost_a_fee() {
    RequestedUse three = searching(3);

    assertThat(three.expectedFees(1))
        .isEqualTo(FeesUsed.of(FeeKind.WEB_SEARCH, 3).plus(FeesUsed.of(FeePiece.FETCH, 1)));
    assertThat(reserved(three, BudgetBound.MEASURED))
        .isEqualTo(reserved(searching(1), BudgetBound.MEASURED) + 2 * 30_000_000);
  }

  private static RequestedUse searching(int searches) {
    return new RequestedUse(
        new UsageModel("m"),
        OperationKind.TEXT,
        500,
        new RequestedUse.Reading(false, 1, true),
        new RequestedUse.Writing(OptionalLong.of(100), Optional.of("max_tokens"), 1, false),
        Set.of(),
        RequestedUse.USUAL_TIER,
        FeesUsed.of(FeeKind.WEB_SEARCH, 32L * searches).plus(FeesUsed.of(FeePiece.FETCH, 32)),
        new UnstatedUse.Asked(false, 0, FeesUsed.NONE, searches, 1, false, 0));
  }

  private static BudgetMeter meter(BudgetBound bound) {
    return new BudgetMeter(
        "user:1",
        new Budget(1_000, BudgetUnit.USD, BudgetWindow.DAY, BudgetZone.UTC, bound, false),
        true);
  }

  /** A budget whose owner has chosen that models without a price cost nothing. */
  private static final BudgetMeter UNPRICED =
      new BudgetMeter(
          "user:1",
          new Budget(
              1_000, BudgetUnit.USD, BudgetWindow.DAY, BudgetZone.UTC, BudgetBound.MEASURED, true),
          true);

  private static CallEstimate estimate(RequestedUse asked) {
    return new CallEstimate(asked, PRICES, ObservedUse.NONE);
  }

  private static long reserved(RequestedUse asked, BudgetBound bound) {
    return ((Bound.Of) estimate(asked).amountFor(meter(bound))).amount();
  }

  private static CallUse use(Evidence evidence, Optional<ServiceTier> tier, FeesUsed fees) {
    TokenUsage usage = TokenUsage.stated(300, 40, TokenParts.NONE);
    return new CallUse(
        evidence == Evidence.UNKNOWN ? usage.orTokens(1, 50) : usage,
        evidence,
        UsageModel.UNKNOWN,
        tier,
        fees);
  }

  private static CallCharge charge(RequestedUse asked, CallUse use) {
    return CallCharge.of(use, estimate(asked).bounds(), AnswerPrices.of(PRICES));
  }

  /** What tokens cost at the rates of one tier. */
  private static long cost(ServiceTier tier, TokenUsage usage, FeesUsed fees) {
    return Cost.of(PRICE.ofTier(tier), usage, fees);
  }

  @Test
  void the_stated_tier_is_charged_and_costs_no_more_than_the_dearest_that_is_allowed() {
    for (Set<ServiceTier> tiers : ASKED) {
      for (Optional<ServiceTier> answered : ANSWERED) {
        for (Evidence evidence : Evidence.values()) {
          CallUse use = use(evidence, answered, FeesUsed.NONE);
          CallCharge charge = charge(asked(tiers, FeesUsed.NONE), use);
          long stated = cost(answered.orElseGet(() -> unstated(tiers)), use.usage(), FeesUsed.NONE);
          boolean any = tiers.equals(RequestedUse.ANY_TIER);
          long dearest =
              tiers.stream()
                  .map(tier -> any ? ServiceTier.PRIORITY : tier)
                  .mapToLong(tier -> cost(tier, use.usage(), FeesUsed.NONE))
                  .max()
                  .orElseThrow();

          assertThat(charge.cost().orElseThrow().forService())
              .as("%s %s %s", tiers, answered, evidence)
              .isEqualTo(Math.min(stated, dearest));
          assertThat(charge.disputed())
              .isEqualTo(DisputedUsage.ofCall(0, Math.max(0, stated - dearest)));
          assertThat(charge.tier()).isEqualTo(answered);
        }
      }
    }
  }

  private static ServiceTier unstated(Set<ServiceTier> tiers) {
    Set<ServiceTier> asked = new HashSet<>(tiers);
    boolean unused = asked.remove(ServiceTier.STANDARD);
    return asked.stream()
        .filter(tier -> !tier.equals(ServiceTier.OTHER))
        .findFirst()
        .orElse(ServiceTier.STANDARD);
  }

  @Test
  void a_request_may_ask_for_a_tier_that_is_no_dearer() {
    ServiceTier us = ServiceTier.IN_US;
    ServiceTier fast = ServiceTier.of("fast");
    for (Set<ServiceTier> tiers :
        List.of(
            RequestedUse.ANY_TIER,
            RequestedUse.USUAL_TIER,
            Set.of(ServiceTier.STANDARD, ServiceTier.FLEX),
            Set.of(ServiceTier.STANDARD, us))) {
      assertThat(asked(tiers, FeesUsed.NONE).asksForDearerTier()).as("%s", tiers).isFalse();
    }
    for (Set<ServiceTier> tiers :
        List.of(
            Set.of(ServiceTier.STANDARD, ServiceTier.PRIORITY),
            Set.of(ServiceTier.OTHER, ServiceTier.STANDARD, ServiceTier.PRIORITY),
            Set.of(us),
            Set.of(fast),
            Set.of(fast, fast.in(us)))) {
      assertThat(asked(tiers, FeesUsed.NONE).asksForDearerTier()).as("%s", tiers).isTrue();
    }
  }

  @Test
  void a_strict_budget_reserves_the_dearest_tier_that_the_request_allows() {
    long usual = 2_500 * 2_000 + 100 * 10_000;
    for (Set<ServiceTier> tiers : ASKED) {
      boolean mayBeDear =
          tiers.contains(ServiceTier.PRIORITY) || tiers.equals(RequestedUse.ANY_TIER);

      // The usual tier may answer although a cheaper one was asked for.
      boolean mayBeScale = tiers.contains(ServiceTier.SCALE);
      assertThat(reserved(asked(tiers, FeesUsed.NONE), BudgetBound.STRICT))
          .as("%s", tiers)
          .isEqualTo(mayBeDear && !mayBeScale ? 2 * usual : usual);
    }
  }

  @Test
  void a_measured_budget_reserves_the_tier_that_is_asked_for() {
    long usual = reserved(asked(RequestedUse.USUAL_TIER, FeesUsed.NONE), BudgetBound.MEASURED);

    assertThat(reserved(asked(RequestedUse.ANY_TIER, FeesUsed.NONE), BudgetBound.MEASURED))
        .isEqualTo(usual);
    assertThat(reserved(asked(ASKED.get(2), FeesUsed.NONE), BudgetBound.MEASURED))
        .isEqualTo(usual / 2);
    assertThat(reserved(asked(ASKED.get(3), FeesUsed.NONE), BudgetBound.MEASURED))
        .isEqualTo(usual * 2);
  }

  @Test
  void a_budget_refuses_a_tier_that_may_be_dearer_and_has_no_price() {
    RequestedUse asked = asked(Set.of(ServiceTier.STANDARD, FASTEST), FeesUsed.NONE);
    Budget tokens =
        new Budget(
            9_000, BudgetUnit.TOKENS, BudgetWindow.DAY, BudgetZone.UTC, BudgetBound.STRICT, false);

    assertThat(estimate(asked).amountFor(meter(BudgetBound.STRICT)))
        .isEqualTo(new Bound.Missing(Obstacle.TIER_HAS_NO_PRICE));
    assertThat(estimate(asked).amountFor(meter(BudgetBound.MEASURED)))
        .isEqualTo(new Bound.Missing(Obstacle.TIER_HAS_NO_PRICE));
    assertThat(estimate(asked).amountFor(UNPRICED)).isInstanceOf(Bound.Of.class);
    assertThat(estimate(asked).amountFor(new BudgetMeter("user:1", tokens, true)))
        .isEqualTo(new Bound.Of(2_600));
  }

  @Test
  void a_budget_refuses_a_tool_of_the_provider_whose_fee_the_price_does_not_state() {
    FeesUsed search = FeesUsed.of(FeeKind.WEB_SEARCH, 2);
    for (FeeKind kind : FeeKind.values()) {
      for (FeesUsed fees : List.of(FeesUsed.of(kind, 1), FeesUsed.of(kind, 1).plus(search))) {
        RequestedUse asked = asked(RequestedUse.USUAL_TIER, fees);
        boolean isRefused =
            FeeKind.OF_TOOLS.contains(kind)
                && kind != FeeKind.WEB_SEARCH
                && kind != FeeKind.COMPUTER_USE; // the caller runs this tool

        for (BudgetBound bound : BudgetBound.values()) {
          assertThat(estimate(asked).amountFor(meter(bound)))
              .as("%s %s", fees, bound)
              .isInstanceOf(isRefused ? Bound.Missing.class : Bound.Of.class);
        }
        assertThat(estimate(asked).amountFor(UNPRICED)).isInstanceOf(Bound.Of.class);
      }
    }
    RequestedUse images =
        RequestedUse.once(
                new UsageModel("m"),
                OperationKind.IMAGES,
                500,
                OptionalLong.empty(),
                Optional.empty())
            .with(RequestedUse.USUAL_TIER, FeesUsed.of(FeeKind.IMAGE, 1));
    RequestedUse code = asked(RequestedUse.USUAL_TIER, FeesUsed.of(FeeKind.CODE_INTERPRETER, 1));

    assertThat(estimate(images).amountFor(meter(BudgetBound.STRICT))).isInstanceOf(Bound.Of.class);
    assertThat(estimate(code).amountFor(meter(BudgetBound.STRICT)))
        .isEqualTo(new Bound.Missing(Obstacle.FEE_HAS_NO_PRICE));
  }

  @Test
  void a_tool_of_an_unknown_kind_needs_a_fee_of_each_kind_only_under_a_strict_budget() {
    FeesUsed any =
        FeeKind.OF_TOOLS.stream()
            .map(kind -> FeesUsed.of(kind, 1))
            .reduce(FeesUsed.NONE, FeesUsed::plus);
    RequestedUse asked = asked(RequestedUse.USUAL_TIER, any);
    CallPrices withoutFees = prices(PriceTerms.of(rates(1, 1)));
    CallPrices free = prices(PriceTerms.of(rates(0, 0)));

    assertThat(estimate(asked).amountFor(meter(BudgetBound.MEASURED))).isInstanceOf(Bound.Of.class);
    assertThat(estimate(asked).amountFor(meter(BudgetBound.STRICT)))
        .isEqualTo(new Bound.Missing(Obstacle.FEE_HAS_NO_PRICE));
    assertThat(
            new CallEstimate(asked, withoutFees, ObservedUse.NONE)
                .amountFor(meter(BudgetBound.MEASURED)))
        .isEqualTo(new Bound.Missing(Obstacle.FEE_HAS_NO_PRICE));
    assertThat(
            new CallEstimate(asked, free, ObservedUse.NONE).amountFor(meter(BudgetBound.MEASURED)))
        .isEqualTo(new Bound.Of(0));
  }

  @Test
  void a_measured_budget_reserves_the_usual_quality_and_a_strict_one_the_dearest() {
    CallPrices prices =
        prices(
            PriceTerms.of(rates(0, 1))
                .withFees(
                    List.of(
                        new Fee(new FeePiece(FeeKind.CODE_INTERPRETER, ""), 3_000_000, 1),
                        new Fee(new FeePiece(FeeKind.CODE_INTERPRETER, "64g"), 90_000_000, 1))));
    RequestedUse asked = asked(RequestedUse.USUAL_TIER, FeesUsed.of(FeeKind.CODE_INTERPRETER, 1));
    CallEstimate estimate = new CallEstimate(asked, prices, ObservedUse.NONE);

    assertThat(estimate.amountFor(meter(BudgetBound.MEASURED))).isEqualTo(new Bound.Of(3_001));
    assertThat(estimate.amountFor(meter(BudgetBound.STRICT))).isEqualTo(new Bound.Of(90_001));
  }

  @Test
  void a_measured_budget_reserves_one_image_for_all_that_a_tool_reads_to_make_images() {
    CallPrices prices =
        prices(
            PriceTerms.of(rates(0, 1))
                .withFees(List.of(new Fee(new FeePiece(FeeKind.IMAGE, ""), 3_000_000, 1))));
    FeesUsed fees = FeesUsed.of(FeeKind.IMAGE, 2).plus(FeesUsed.of(FeePiece.READ_IMAGE, 32));
    CallEstimate estimate =
        new CallEstimate(asked(RequestedUse.USUAL_TIER, fees), prices, ObservedUse.NONE);

    assertThat(estimate.amountFor(meter(BudgetBound.MEASURED))).isEqualTo(new Bound.Of(9_001));
    assertThat(estimate.amountFor(meter(BudgetBound.STRICT)))
        .isEqualTo(new Bound.Of(34 * 3_000 + 1));
  }

  @Test
  void a_use_without_a_quality_is_charged_as_the_dearest_piece_of_the_request() {
    FeePiece usual = new FeePiece(FeeKind.CODE_INTERPRETER, "");
    FeePiece large = new FeePiece(FeeKind.CODE_INTERPRETER, "64g");
    FeesUsed asked = FeesUsed.of(usual, 1).plus(FeesUsed.of(large, 1));
    CallPrices prices =
        prices(
            PriceTerms.of(rates(0, 1))
                .withFees(List.of(new Fee(usual, 3_000_000, 1), new Fee(large, 90_000_000, 1))));
    UseBounds bounds = UseBounds.of(asked(RequestedUse.USUAL_TIER, asked), ModelBounds.UNKNOWN);

    assertThat(feesOf(FeesUsed.of(usual, 1), bounds, prices)).isEqualTo(FeesUsed.of(large, 1));
    assertThat(feesOf(FeesUsed.of(usual, 2), bounds, prices)).isEqualTo(asked);
    assertThat(feesOf(FeesUsed.of(usual, 5), bounds, prices)).isEqualTo(asked);
    assertThat(feesOf(FeesUsed.of(large, 1), bounds, prices)).isEqualTo(FeesUsed.of(large, 1));
  }

  @Test
  void containers_that_the_answer_states_are_charged_apart_from_the_others() {
    FeePiece usual = FeePiece.container("");
    FeePiece large = FeePiece.container("64g");
    FeePiece small = FeePiece.container("4g");
    CallPrices prices = prices(PriceTerms.of(rates(0, 1)).withFees(List.of(new Fee(usual, 3, 1))));
    FeesUsed asked = FeesUsed.of(small, 1).plus(FeesUsed.of(large, 1));
    UseBounds bounds = UseBounds.of(asked(RequestedUse.USUAL_TIER, asked), ModelBounds.UNKNOWN);

    assertThat(feesOf(FeesUsed.of(large, 1).plus(FeesUsed.of(usual, 1)), bounds, prices))
        .isEqualTo(asked);
  }

  @Test
  void a_container_that_a_tool_names_is_reserved_by_its_memory() {
    FeesUsed asked = FeesUsed.of(FeeKind.CODE_INTERPRETER, 2);
    CallPrices prices =
        prices(
            PriceTerms.of(rates(0, 1))
                .withFees(
                    List.of(new Fee(new FeePiece(FeeKind.CODE_INTERPRETER, ""), 3_000_000, 1))));
    RequestedUse use = asked(RequestedUse.USUAL_TIER, asked).inContainers(List.of("64g"));

    assertThat(use.feesAtMost())
        .isEqualTo(
            FeesUsed.of(FeePiece.container("64g"), 1).plus(FeesUsed.of(FeePiece.container(""), 1)));
    for (BudgetBound bound : BudgetBound.values()) {
      assertThat(new CallEstimate(use, prices, ObservedUse.NONE).amountFor(meter(bound)))
          .isEqualTo(new Bound.Of(65 * 3_000 + 1));
    }
    assertThat(
            asked(RequestedUse.USUAL_TIER, FeesUsed.NONE).inContainers(List.of("64g")).feesAtMost())
        .isEqualTo(FeesUsed.NONE);
  }

  /** An answer states the annotated pages besides the others. */
  @Test
  void pages_of_no_stated_quality_are_not_charged_as_annotated_ones() {
    FeePiece annotated = new FeePiece(FeeKind.PAGE, "annotated");
    FeesUsed asked = FeesUsed.of(FeeKind.PAGE, 3).plus(FeesUsed.of(annotated, 3));
    CallPrices prices =
        prices(
            PriceTerms.of(rates(0, 1))
                .withFees(
                    List.of(
                        new Fee(new FeePiece(FeeKind.PAGE, ""), 1_000, 1),
                        new Fee(annotated, 3_000, 1))));
    UseBounds bounds = UseBounds.of(asked(RequestedUse.USUAL_TIER, asked), ModelBounds.UNKNOWN);

    assertThat(feesOf(FeesUsed.of(FeeKind.PAGE, 2), bounds, prices))
        .isEqualTo(FeesUsed.of(FeeKind.PAGE, 2));
  }

  private static FeesUsed feesOf(FeesUsed stated, UseBounds bounds, CallPrices prices) {
    return CallCharge.of(
            use(Evidence.STATED, Optional.empty(), stated), bounds, AnswerPrices.of(prices))
        .fees();
  }

  private static CallPrices prices(PriceTerms terms) {
    return new CallPrices(
        Optional.empty(), Optional.of(new Price(2, LocalDate.EPOCH, terms)), ModelBounds.UNKNOWN);
  }

  @Test
  void no_tier_and_no_fee_charges_more_than_was_reserved_or_less_than_was_billed() {
    for (Set<ServiceTier> tiers : ASKED) {
      for (FeesUsed most : FEES.subList(0, 3)) {
        RequestedUse asked = asked(tiers, most);
        long reserved = reserved(asked, BudgetBound.STRICT);
        for (Optional<ServiceTier> answered : ANSWERED) {
          for (FeesUsed stated : FEES) {
            for (Evidence evidence : Evidence.values()) {
              CallUse use = use(evidence, answered, stated);
              CallCharge charge = charge(asked, use);
              long charged = charge.amountFor(meter(BudgetBound.STRICT), estimate(asked));

              assertThat(charged).as("%s %s %s", asked, use, evidence).isBetween(0L, reserved);
              assertThat(charge.amountFor(meter(BudgetBound.MEASURED), estimate(asked)))
                  .isBetween(0L, reserved);
              assertThat(charge.fees()).isEqualTo(charge.fees().atMost(most));
              boolean isAllowed =
                  answered.isPresent()
                      && UseBounds.of(asked, PRICES.bounds()).allows(answered.get())
                      && stated.equals(stated.atMost(most));
              if (isAllowed) {
                assertThat(charged)
                    .isGreaterThanOrEqualTo(
                        cost(answered.get(), TokenUsage.stated(300, 40, TokenParts.NONE), stated));
              }
              assertThat(charge.disputed().requests()).isEqualTo(isDisputed(charge, use) ? 1 : 0);
            }
          }
        }
      }
    }
  }

  private static boolean isDisputed(CallCharge charge, CallUse use) {
    long whole =
        PRICES
            .ofTier(use.tier().orElse(ServiceTier.STANDARD))
            .costOf(use.usage(), use.fees(), false)
            .map(CallCost::forService)
            .orElseThrow();
    return !charge.fees().equals(use.fees())
        || (use.tier().isPresent() && whole > charge.cost().orElseThrow().forService());
  }

  @Test
  void fees_are_reserved_and_have_the_quality_that_was_asked_for() {
    FeesUsed any = FeesUsed.of(FeeKind.WEB_SEARCH, 5);
    FeesUsed low = FeesUsed.of(new FeePiece(FeeKind.WEB_SEARCH, "low"), 5);
    long without = reserved(asked(RequestedUse.USUAL_TIER, FeesUsed.NONE), BudgetBound.STRICT);

    assertThat(reserved(asked(RequestedUse.USUAL_TIER, any), BudgetBound.STRICT))
        .isEqualTo(without + 5 * 30_000_000);
    assertThat(reserved(asked(RequestedUse.USUAL_TIER, low), BudgetBound.STRICT))
        .isEqualTo(without + 5 * 10_000_000);

    CallUse use = use(Evidence.STATED, Optional.empty(), FeesUsed.of(FeeKind.WEB_SEARCH, 2));
    assertThat(charge(asked(RequestedUse.USUAL_TIER, low), use).fees())
        .isEqualTo(FeesUsed.of(new FeePiece(FeeKind.WEB_SEARCH, "low"), 2));
  }

  @Test
  void what_has_no_fee_in_the_price_costs_nothing_and_is_marked() {
    FeesUsed files = FeesUsed.of(FeeKind.FILE_SEARCH, 2);
    CallCharge charge =
        charge(
            asked(RequestedUse.USUAL_TIER, files), use(Evidence.STATED, Optional.empty(), files));

    assertThat(charge.cost().orElseThrow().forService())
        .isEqualTo(cost(ServiceTier.STANDARD, charge.usage(), FeesUsed.NONE));
    assertThat(charge.usage().estimated().requests()).isEqualTo(1);
    assertThat(charge.fees()).isEqualTo(files);
  }

  @Test
  void a_measured_estimate_learns_how_often_tools_are_used() {
    RequestedUse asked =
        new RequestedUse(
            new UsageModel("m"),
            OperationKind.TEXT,
            1_000,
            new RequestedUse.Reading(true, 1, true),
            new RequestedUse.Writing(OptionalLong.of(100), Optional.of("max_tokens"), 1, false),
            Set.of(),
            RequestedUse.USUAL_TIER,
            FeesUsed.of(FeeKind.WEB_SEARCH, 32),
            UnstatedUse.Asked.NOTHING);
    ObservedUse observed = ObservedUse.NONE;
    CallUse use = use(Evidence.STATED, Optional.empty(), FeesUsed.of(FeeKind.WEB_SEARCH, 4));
    long cost = 0;
    for (int i = 0; i < 64; i++) {
      CallEstimate estimate = new CallEstimate(asked, PRICES, observed);
      CallCharge charge = CallCharge.of(use, estimate.bounds(), AnswerPrices.of(PRICES));
      cost = charge.cost().orElseThrow().forService();
      observed = estimate.after(Optional.of(observed), use.usage(), charge);
    }
    CallEstimate last = new CallEstimate(asked, PRICES, observed);

    assertThat(((Bound.Of) last.amountFor(meter(BudgetBound.MEASURED))).amount())
        .isBetween(cost, 2 * cost);
    assertThat(last.amountFor(meter(BudgetBound.STRICT)))
        .isEqualTo(new Bound.Missing(Obstacle.INPUT_UNBOUNDED));
  }

  @Test
  void a_strict_budget_reserves_the_dearest_version_that_may_answer_and_charges_what_it_costs() {
    Price old = Price.of(2, LocalDate.EPOCH, rates(5_000_000, 15_000_000));
    CallPrices alias =
        new CallPrices(PRICES.own(), PRICES.deployment(), PRICES.bounds(), List.of(old));
    CallPrices ofOld = new CallPrices(Optional.empty(), Optional.of(old), PRICES.bounds());
    RequestedUse asked = asked(RequestedUse.USUAL_TIER, FeesUsed.NONE);
    CallEstimate estimate = new CallEstimate(asked, alias, ObservedUse.NONE);
    BudgetMeter strict = meter(BudgetBound.STRICT);
    long dearest = 2_500 * 5_000 + 100 * 15_000;
    UsageModel answered = new UsageModel("m-2024-05-13");
    CallUse whole =
        CallUse.of(TokenUsage.stated(2_500, 100, TokenParts.NONE), Evidence.STATED).by(answered);
    AnswerPrices prices = AnswerPrices.of(asked.model(), alias, answered, ofOld, true);
    CallCharge charge = CallCharge.of(whole, estimate.bounds(), prices);

    assertThat(estimate.amountFor(strict)).isEqualTo(new Bound.Of(dearest));
    assertThat(estimate.amountFor(meter(BudgetBound.MEASURED)))
        .isEqualTo(estimate(asked).amountFor(meter(BudgetBound.MEASURED)));
    assertThat(charge.amountFor(strict, estimate)).isEqualTo(dearest);
    assertThat(charge.disputed()).isEqualTo(DisputedUsage.NONE);
    assertThat(estimate.largestOutputWithin(strict, dearest)).hasValue(100);
    CallCharge broken =
        CallCharge.of(
            CallUse.of(TokenUsage.stated(2_500, 7, TokenParts.NONE), Evidence.UNKNOWN),
            estimate.bounds(),
            AnswerPrices.of(alias));
    assertThat(broken.amountFor(strict, estimate)).isEqualTo(dearest);
  }

  @Test
  void an_input_that_is_not_stated_is_like_that_of_calls_of_late_and_never_nothing() {
    RequestedUse asked = asked(RequestedUse.USUAL_TIER, FeesUsed.NONE);
    CallUse unstated =
        CallUse.of(TokenUsage.NONE.orEstimated(500, 3), Evidence.UNKNOWN).at(ServiceTier.FLEX);
    ObservedUse observed = ObservedUse.NONE;
    for (int i = 0; i < 8; i++) {
      observed = observed.after(asked, 100, 3, 0, 0);
    }
    CallUse like = new CallEstimate(asked, PRICES, observed).likeObserved(unstated);
    ObservedUse none = ObservedUse.only(asked, 0, 0, 0, 0);

    assertThat(unstated.usage().input()).isEqualTo(125);
    assertThat(estimate(asked).likeObserved(unstated)).isEqualTo(unstated);
    assertThat(like.usage().input()).isBetween(100L, 101L);
    assertThat(like.usage().estimated().inputTokens()).isEqualTo(like.usage().input());
    assertThat(like.usage().output()).isEqualTo(3);
    assertThat(like.tier()).contains(ServiceTier.FLEX);
    assertThat(new CallEstimate(asked, PRICES, none).likeObserved(unstated).usage().input())
        .isEqualTo(1);
    CallUse stated = use(Evidence.STATED, Optional.empty(), FeesUsed.NONE);
    assertThat(new CallEstimate(asked, PRICES, observed).likeObserved(stated)).isSameAs(stated);
  }

  @Test
  void what_an_operation_is_charged_by_is_estimated_unless_the_answer_states_it() {
    assertThat(unstated(OperationKind.MEDIA, "v1/audio/speech", 70))
        .isEqualTo(FeesUsed.of(FeeKind.CHARACTER, 70));
    assertThat(unstated(OperationKind.MEDIA, "audio/transcriptions", 960_000))
        .isEqualTo(FeesUsed.of(FeeKind.AUDIO_MINUTE, 1_920_000));
    assertThat(unstated(OperationKind.MEDIA, "ocr", 5)).isEqualTo(FeesUsed.of(FeeKind.PAGE, 1));
    assertThat(unstated(OperationKind.INPUT, "v2/rerank", 60_000))
        .isEqualTo(FeesUsed.of(FeeKind.SEARCH, 2));
    assertThat(unstated(OperationKind.INPUT, "model/cohere.rerank-v3-5:0/invoke", 60_000))
        .isEqualTo(FeesUsed.of(FeeKind.SEARCH, 2));
    assertThat(unstated(OperationKind.INPUT, "model/cohere.embed-v4:0/invoke", 60_000))
        .isSameAs(FeesUsed.NONE);
    FeesUsed ranked = FeesUsed.of(FeeKind.SEARCH, 10);
    for (FeesUsed stated : List.of(FeesUsed.NONE, FeesUsed.of(FeeKind.SEARCH, 3))) {
      assertThat(
              UnstatedUse.fees(
                  OperationKind.INPUT,
                  "model/amazon.rerank-v1:0/invoke",
                  stated,
                  60_000,
                  9,
                  new UnstatedUse.Asked(false, 0, ranked, 1, 1, false, 0)))
          .isEqualTo(stated.isNone() ? ranked : stated);
    }
    assertThat(unstated(OperationKind.INPUT, "embeddings", 60_000)).isSameAs(FeesUsed.NONE);
    assertThat(unstated(OperationKind.TEXT, "responses", 60_000)).isSameAs(FeesUsed.NONE);
    FeesUsed search = FeesUsed.of(FeeKind.WEB_SEARCH, 1);
    UnstatedUse.Asked searches = new UnstatedUse.Asked(false, 0, search, 1, 1, false, 0);
    for (long stated : new long[] {0, 1, 5}) {
      FeesUsed used = FeesUsed.of(FeeKind.WEB_SEARCH, stated);
      assertThat(UnstatedUse.fees(OperationKind.TEXT, "model/m/converse", used, 9, 9, searches))
          .isEqualTo(stated == 0 ? search : used);
    }
    FeesUsed seconds = FeesUsed.of(FeeKind.AUDIO_MINUTE, 7_000);
    assertThat(
            UnstatedUse.fees(
                OperationKind.MEDIA,
                "audio/transcriptions",
                seconds,
                960_000,
                0,
                UnstatedUse.Asked.NOTHING))
        .isEqualTo(seconds);
  }

  @Test
  void a_recording_is_charged_as_long_as_the_shortest_one_that_the_provider_charges() {
    String path = "audio/transcriptions";
    ObeyedCaps caps = Provider.GROQ.caps();
    long[][] lengths = {{0, 10_000}, {1_000, 10_000}, {10_000, 10_000}, {61_000, 61_000}};
    for (long[] each : lengths) {
      FeesUsed stated = FeesUsed.of(FeeKind.AUDIO_MINUTE, each[0]);
      assertThat(UnstatedUse.withShortest(OperationKind.MEDIA, path, stated, caps))
          .isEqualTo(FeesUsed.of(FeeKind.AUDIO_MINUTE, each[1]));
      assertThat(UnstatedUse.withShortest(OperationKind.MEDIA, path, stated, ObeyedCaps.LEAST))
          .isEqualTo(stated);
    }
    for (String other : List.of("audio/speech", "ocr")) {
      assertThat(UnstatedUse.withShortest(OperationKind.MEDIA, other, FeesUsed.NONE, caps))
          .isSameAs(FeesUsed.NONE);
    }
    assertThat(
            UnstatedUse.withShortest(OperationKind.TEXT, "chat/completions", FeesUsed.NONE, caps))
        .isSameAs(FeesUsed.NONE);
  }

  private static FeesUsed unstated(OperationKind kind, String path, long bytes) {
    return UnstatedUse.fees(kind, path, FeesUsed.NONE, bytes, 0, UnstatedUse.Asked.NOTHING);
  }

  @Test
  void a_recording_that_is_not_in_the_body_is_as_long_as_its_transcript_says() {
    assertThat(
            UnstatedUse.fees(
                OperationKind.MEDIA,
                "audio/transcriptions",
                FeesUsed.NONE,
                300,
                43_200,
                UnstatedUse.Asked.NOTHING))
        .isEqualTo(FeesUsed.of(FeeKind.AUDIO_MINUTE, 3_600_000));
  }
}
