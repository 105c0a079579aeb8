package io.claviger.domain.batches;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.batches.BatchCharge.ModelCharge;
import io.claviger.domain.batches.BatchCharge.PricedReservation;
import io.claviger.domain.batches.BatchEstimate.Bound;
import io.claviger.domain.batches.BatchEstimate.OfModel;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.prices.Fee;
import io.claviger.domain.prices.ModelBounds;
import io.claviger.domain.prices.Price;
import io.claviger.domain.prices.PriceTerms;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import io.claviger.domain.prices.Threshold;
import io.claviger.domain.spending.CallEstimate;
import io.claviger.domain.spending.CallEstimate.Obstacle;
import io.claviger.domain.spending.ObservedUse;
import io.claviger.domain.spending.OperationKind;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.spending.UnstatedUse;
import io.claviger.domain.spending.UseBounds;
import io.claviger.domain.usage.DisputedUsage;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageModel;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

class BatchEstimateTest {
  private static final String CHATS = "chat/completions";
  private static final FeePiece PREVIEW = new FeePiece(FeeKind.WEB_SEARCH, "preview");

  /** 2 dollars per million tokens of input, and 8 dollars per million tokens of output. */
  private static final Price PRICE =
      Price.of(
          7,
          LocalDate.of(2026, 1, 1),
          new Rates(Map.of(Rate.INPUT, 2_000_000L, Rate.OUTPUT, 8_000_000L)));

  private static Price priced(long input, long output) {
    return Price.of(
        8, LocalDate.of(2026, 1, 1), new Rates(Map.of(Rate.INPUT, input, Rate.OUTPUT, output)));
  }

  private static RequestedUse asked(
      long bytes, OptionalLong output, int answers, boolean elsewhere, int rounds, boolean tools) {
    return new RequestedUse(
        new UsageModel("m"),
        OperationKind.TEXT,
        bytes,
        new RequestedUse.Reading(elsewhere, rounds, tools),
        new RequestedUse.Writing(output, Optional.of("max_tokens"), answers, false),
        Set.of(),
        RequestedUse.ANY_TIER,
        FeesUsed.NONE,
        UnstatedUse.Asked.NOTHING);
  }

  private static CallPrices prices(boolean priced, boolean bounded) {
    return new CallPrices(
        Optional.empty(),
        priced ? Optional.of(PRICE) : Optional.empty(),
        bounded
            ? new ModelBounds(OptionalLong.of(500), OptionalLong.of(9_000))
            : ModelBounds.UNKNOWN);
  }

  private static BudgetMeter meter(BudgetUnit unit, BudgetBound bound) {
    return new BudgetMeter(
        "token:1",
        new Budget(1_000_000_000, unit, BudgetWindow.DAY, BudgetZone.UTC, bound, false),
        true);
  }

  private static BatchEstimate estimate(List<RequestedUse> requests, CallPrices prices) {
    ModelUse use = ModelUse.named("m", 1);
    for (int i = 0; i < requests.size(); i++) {
      use = use.and(requests.get(i), i + 1);
    }
    return new BatchEstimate(CHATS, List.of(new OfModel(use, prices, ObservedUse.NONE)));
  }

  @Test
  void requests_of_a_batch_are_bounded_and_refused_as_the_same_calls() {
    List<RequestedUse> kinds = new ArrayList<>();
    for (int bits = 0; bits < 64; bits++) {
      kinds.add(
          asked(
              100 + bits,
              (bits & 1) > 0 ? OptionalLong.of(50) : OptionalLong.empty(),
              (bits & 2) > 0 ? 3 : 1,
              (bits & 4) > 0,
              (bits & 8) > 0 ? 4 : 1,
              (bits & 16) > 0));
    }
    for (int bits = 0; bits < 16; bits++) {
      CallPrices plain = prices((bits & 1) > 0, (bits & 2) > 0);
      CallPrices known =
          plain.withVersions(
              switch (bits / 4) {
                case 0 -> List.of();
                case 1 -> List.of(priced(1, 3));
                case 2 -> List.of(priced(2, 4), priced(20_000_000, 80_000_000));
                default -> List.of(priced(0, 80_000_000), priced(20_000_000, 0));
              });
      for (RequestedUse kind : kinds) {
        CallEstimate ofCall = new CallEstimate(kind, known, ObservedUse.NONE);
        BatchEstimate ofBatch = estimate(List.of(kind, kind), known);
        for (BudgetUnit unit : BudgetUnit.values()) {
          BudgetMeter meter = meter(unit, BudgetBound.STRICT);
          String what = kind + " " + known + " " + unit;
          switch (ofCall.amountFor(meter)) {
            case CallEstimate.Bound.Of of ->
                assertThat(((Bound.Of) ofBatch.amountFor(meter)).amount())
                    .as(what)
                    .isGreaterThanOrEqualTo(2 * of.amount());
            case CallEstimate.Bound.Missing missing ->
                assertThat(ofBatch.amountFor(meter))
                    .as(what)
                    .isEqualTo(new Bound.Missing(missing.why(), 1));
          }
        }
        UseBounds call = ofCall.bounds();
        ReservedModel reserved = ofBatch.reserved().getFirst();
        assertThat(reserved.mostInput()).isGreaterThanOrEqualTo(2 * call.input());
        assertThat(reserved.mostOutput()).isGreaterThanOrEqualTo(2 * call.output());
      }
    }
  }

  @Test
  void a_free_alias_reserves_what_its_dearest_version_costs_of_strict_budgets_alone() {
    CallPrices known =
        new CallPrices(Optional.empty(), Optional.of(priced(0, 0)), ModelBounds.UNKNOWN)
            .withVersions(List.of(priced(2_000_000, 8_000_000)));
    RequestedUse request = asked(10, OptionalLong.of(5), 1, false, 1, false);
    BatchEstimate batch = estimate(List.of(request, request), known);

    assertThat(batch.amountFor(meter(BudgetUnit.USD, BudgetBound.STRICT)))
        .isEqualTo(
            estimate(List.of(request, request), prices(true, false))
                .amountFor(meter(BudgetUnit.USD, BudgetBound.STRICT)));
    assertThat(batch.amountFor(meter(BudgetUnit.USD, BudgetBound.MEASURED)))
        .isEqualTo(new Bound.Of(0));
  }

  @Test
  void the_first_line_that_cannot_be_bounded_is_named() {
    RequestedUse clean = asked(10, OptionalLong.of(5), 1, false, 1, false);
    RequestedUse media = asked(10, OptionalLong.of(5), 1, true, 1, false);
    RequestedUse tools = asked(10, OptionalLong.of(5), 1, false, 1, true);
    RequestedUse open = asked(10, OptionalLong.empty(), 1, false, 1, false);
    BudgetMeter strict = meter(BudgetUnit.TOKENS, BudgetBound.STRICT);

    assertThat(estimate(List.of(clean, media), prices(true, false)).amountFor(strict))
        .isEqualTo(new Bound.Missing(Obstacle.INPUT_UNBOUNDED, 2));
    assertThat(estimate(List.of(clean, clean, tools), prices(true, true)).amountFor(strict))
        .isEqualTo(new Bound.Missing(Obstacle.INPUT_UNBOUNDED, 3));
    assertThat(estimate(List.of(clean, open), prices(true, false)).amountFor(strict))
        .isEqualTo(new Bound.Missing(Obstacle.OUTPUT_UNBOUNDED, 2));
    assertThat(
            estimate(List.of(clean, clean), prices(false, true))
                .amountFor(meter(BudgetUnit.USD, BudgetBound.MEASURED)))
        .isEqualTo(new Bound.Missing(Obstacle.MODEL_HAS_NO_PRICE, 1));
    assertThat(
            estimate(List.of(clean, open, tools), prices(true, false))
                .amountFor(meter(BudgetUnit.TOKENS, BudgetBound.MEASURED)))
        .isInstanceOf(Bound.Of.class);
  }

  @Test
  void what_a_limit_of_the_output_does_not_allow_is_named() {
    ModelUse use =
        ModelUse.named("m", 1)
            .and(asked(10, OptionalLong.of(50), 2, false, 1, false), 1)
            .and(asked(10, OptionalLong.of(300), 1, false, 1, false), 2);
    BatchVerdict stated = verdict(use);
    BatchVerdict open = verdict(use.and(asked(9, OptionalLong.empty(), 1, false, 1, false), 3));

    assertThat(stated.beyond(300)).isEmpty();
    assertThat(stated.beyond(299)).contains(new BatchVerdict.BeyondOutput(2, 300));
    assertThat(open.beyond(300)).contains(new BatchVerdict.BeyondOutput(3, 0));
  }

  private static BatchVerdict verdict(ModelUse use) {
    return new BatchVerdict(3, CHATS, List.of(use), OptionalInt.empty(), Optional.empty());
  }

  @Test
  void prices_of_batches_are_half() {
    Price half = PRICE.ofBatches();

    assertThat(half.version()).isEqualTo(7);
    assertThat(half.rates().of(Rate.INPUT)).isEqualTo(1_000_000);
    assertThat(half.rates().of(Rate.OUTPUT)).isEqualTo(4_000_000);
  }

  private static List<PricedReservation> reserved(String... models) {
    List<PricedReservation> reserved = new ArrayList<>();
    for (String model : models) {
      reserved.add(
          new PricedReservation(
              new ReservedModel(model, 2, 1_000, 200, 100, 20, 0, 7, FeesUsed.NONE),
              prices(true, true).ofBatches()));
    }
    return reserved;
  }

  private static TokenUsage used(long input, long output) {
    return TokenUsage.stated(input, output, TokenParts.NONE);
  }

  private static long charged(BatchCharge charge, BudgetUnit unit, BudgetBound bound) {
    return charge.amountFor(unit, bound, 500, false);
  }

  @Test
  void a_batch_is_charged_what_its_requests_used_at_half_the_price() {
    BatchCharge charge = new BatchCharge(reserved("m"));
    charge.add(Optional.of("m-2026-01-01"), 1, 0, used(300, 40));
    charge.add(Optional.empty(), 1, 1, TokenUsage.NONE);

    ModelCharge of = charge.models().getFirst();
    assertThat(of.model()).isEqualTo("m");
    assertThat(of.prices().forService()).isEqualTo(7);
    assertThat(of.counts().requests()).isEqualTo(2);
    assertThat(of.counts().errors()).isEqualTo(1);
    assertThat(of.counts().cost().cost()).isEqualTo(300 * 1_000 + 40 * 4_000);
    assertThat(charged(charge, BudgetUnit.USD, BudgetBound.MEASURED)).isEqualTo(460_000);
    assertThat(charged(charge, BudgetUnit.TOKENS, BudgetBound.STRICT)).isEqualTo(340);
    assertThat(charged(charge, BudgetUnit.REQUESTS, BudgetBound.STRICT)).isEqualTo(2);
  }

  @Test
  void what_is_stated_beyond_what_was_asked_for_is_disputed() {
    BatchCharge charge = new BatchCharge(reserved("m"));
    charge.add(Optional.of("m"), 9, 0, used(Integer.MAX_VALUE, Long.MAX_VALUE));

    UsageCounts counts = charge.models().getFirst().counts();
    assertThat(counts.requests()).isEqualTo(2);
    assertThat(counts.inputTokens()).isEqualTo(1_000);
    assertThat(counts.outputTokens()).isEqualTo(200);
    assertThat(counts.disputed().requests()).isEqualTo(1);
    assertThat(counts.disputed().tokens()).isGreaterThan(1_000_000);
    assertThat(counts.disputed().cost()).isPositive();
    assertThat(counts.cost().cost()).isEqualTo(1_000 * 1_000 + 200 * 4_000);
    assertThat(charged(charge, BudgetUnit.TOKENS, BudgetBound.STRICT)).isEqualTo(500);
    assertThat(charged(charge, BudgetUnit.TOKENS, BudgetBound.MEASURED)).isEqualTo(1_200);
  }

  @Test
  void a_batch_of_which_nothing_is_known_costs_what_was_reserved() {
    BatchCharge charge = BatchCharge.unknown(reserved("m", "n"));

    assertThat(charged(charge, BudgetUnit.USD, BudgetBound.MEASURED)).isEqualTo(500);
    assertThat(charged(charge, BudgetUnit.REQUESTS, BudgetBound.STRICT)).isEqualTo(500);
    assertThat(charge.models()).hasSize(2);
    UsageCounts counts = charge.models().getFirst().counts();
    assertThat(counts.requests()).isEqualTo(2);
    assertThat(counts.inputTokens()).isEqualTo(100);
    assertThat(counts.estimated().requests()).isEqualTo(2);
    assertThat(counts.estimated().outputTokens()).isEqualTo(20);
  }

  @Test
  void a_batch_that_was_made_and_is_not_known_costs_the_most_that_it_could_use() {
    BatchCharge charge = BatchCharge.most(reserved("m", "n"));

    assertThat(charged(charge, BudgetUnit.TOKENS, BudgetBound.MEASURED)).isEqualTo(2 * 1_200);
    assertThat(charged(charge, BudgetUnit.USD, BudgetBound.MEASURED))
        .isEqualTo(2 * (1_000 * 1_000 + 200 * 4_000));
    assertThat(charged(charge, BudgetUnit.REQUESTS, BudgetBound.MEASURED)).isEqualTo(500);
    for (BudgetUnit unit : BudgetUnit.values()) {
      assertThat(charged(charge, unit, BudgetBound.STRICT)).isEqualTo(500);
    }
    UsageCounts counts = charge.models().getFirst().counts();
    assertThat(counts.requests()).isEqualTo(2);
    assertThat(counts.inputTokens()).isEqualTo(1_000);
    assertThat(counts.estimated().requests()).isEqualTo(2);
    assertThat(counts.estimated().outputTokens()).isEqualTo(200);
  }

  /** Otherwise, whoever deletes a price during a batch makes the batch free. */
  @Test
  void a_batch_whose_price_was_deleted_costs_at_least_what_was_reserved() {
    long reserved = 1_000_000_000_000L;
    List<PricedReservation> models =
        List.of(
            new PricedReservation(
                new ReservedModel("m", 1, 500, 100, 500, 100, 0, 7, FeesUsed.NONE),
                prices(false, true)),
            new PricedReservation(
                new ReservedModel("n", 1, 500, 100, 500, 100, 0, 7, FeesUsed.NONE),
                prices(true, true)));
    BatchCharge charge = new BatchCharge(models);
    charge.answered(Optional.of("m"), used(10, 1), FeesUsed.NONE);
    charge.answered(Optional.of("n"), used(10, 1), FeesUsed.NONE);
    BatchCharge unused = new BatchCharge(models);
    unused.answered(Optional.of("n"), used(10, 1), FeesUsed.NONE);

    for (BudgetBound bound : BudgetBound.values()) {
      assertThat(charge.amountFor(BudgetUnit.USD, bound, reserved, false)).isEqualTo(reserved);
      assertThat(charge.amountFor(BudgetUnit.TOKENS, bound, reserved, false)).isEqualTo(22);
      assertThat(unused.amountFor(BudgetUnit.USD, bound, reserved, false))
          .isPositive()
          .isLessThan(reserved);
    }
  }

  @Test
  void a_batch_of_a_free_model_needs_as_little_of_a_budget_in_dollars_as_a_call() {
    RequestedUse asked = asked(100, OptionalLong.of(50), 1, false, 1, false);
    CallPrices free =
        new CallPrices(
            Optional.empty(),
            Optional.of(
                Price.of(
                    7,
                    LocalDate.of(2026, 1, 1),
                    new Rates(Map.of(Rate.INPUT, 0L, Rate.OUTPUT, 0L)))),
            new ModelBounds(OptionalLong.of(500), OptionalLong.of(9_000)));

    for (BudgetBound bound : BudgetBound.values()) {
      BudgetMeter meter = meter(BudgetUnit.USD, bound);
      assertThat(new CallEstimate(asked, free, ObservedUse.NONE).reservationFor(meter))
          .isEqualTo(new CallEstimate.Bound.Of(0));
      assertThat(estimate(List.of(asked, asked), free).amountFor(meter)).isEqualTo(new Bound.Of(0));
    }
  }

  @Test
  void no_more_requests_are_estimated_than_were_made_whichever_model_answers() {
    BatchCharge charge = new BatchCharge(reserved("m", "n"));
    for (int n = 0; n < 5; n++) {
      charge.answered(Optional.of("m"), TokenUsage.NONE, FeesUsed.NONE);
    }

    assertThat(charge.models()).hasSize(1);
    UsageCounts counts = charge.models().getFirst().counts();
    assertThat(counts.requests()).isEqualTo(4);
    assertThat(counts.estimated().requests()).isEqualTo(4);
  }

  @Test
  void one_small_request_for_a_dated_name_does_not_make_the_requests_for_its_alias_free() {
    BatchCharge charge =
        new BatchCharge(
            List.of(
                priced("claude-sonnet-4-5", 999, 999 * 8_000, 1_000_000),
                priced("claude-sonnet-4-5-20250929", 1, 1, 1_000_000)));
    for (int n = 0; n < 999; n++) {
      charge.answered(Optional.of("claude-sonnet-4-5-20250929"), used(0, 7_000), FeesUsed.NONE);
    }
    charge.answered(Optional.of("claude-sonnet-4-5-20250929"), used(0, 1), FeesUsed.NONE);

    assertThat(charge.amountFor(BudgetUnit.TOKENS, BudgetBound.STRICT, Long.MAX_VALUE, false))
        .isEqualTo(999 * 7_000 + 1);
    assertThat(charge.amountFor(BudgetUnit.REQUESTS, BudgetBound.STRICT, Long.MAX_VALUE, false))
        .isEqualTo(1_000);
    assertThat(charge.models()).allMatch(of -> of.counts().disputed().equals(DisputedUsage.NONE));
  }

  @Test
  void requests_for_an_alias_that_answer_without_usage_are_estimated_as_such_requests() {
    BatchCharge charge =
        new BatchCharge(
            List.of(
                new PricedReservation(
                    new ReservedModel("m", 9, 9_000, 9_000, 900, 1_800, 0, 7, FeesUsed.NONE),
                    prices(true, true)),
                new PricedReservation(
                    new ReservedModel("m-2026", 1, 1, 1, 1, 1, 0, 7, FeesUsed.NONE),
                    prices(true, true))));
    for (int n = 0; n < 10; n++) {
      charge.answered(Optional.of("m-2026"), TokenUsage.NONE, FeesUsed.NONE);
    }

    assertThat(charge.amountFor(BudgetUnit.TOKENS, BudgetBound.MEASURED, 0, false))
        .isEqualTo(900 + 1_800 + 2);
  }

  @Test
  void a_model_without_a_price_makes_no_more_requests_free_than_ask_for_it() {
    BatchCharge charge =
        new BatchCharge(List.of(priced("m", 9, 900, 1_000_000), priced("m-2026", 1, 100, 0)));
    for (int n = 0; n < 10; n++) {
      charge.answered(Optional.of("m-2026"), used(0, 100), FeesUsed.NONE);
    }

    assertThat(counted(charge)).containsExactly("m 900", "m-2026 100");
  }

  @Test
  void all_that_requests_used_within_their_maxima_is_charged_whatever_names_the_answers_state() {
    Random random = new Random(455);
    for (int run = 0; run < 2_000; run++) {
      List<String> names =
          List.of("sonnet-latest", "sonnet-4", "sonnet-4-20250514", "sonnet-4-0", "other");
      String dated = names.get(random.nextInt(names.size()));
      List<PricedReservation> reserved = new ArrayList<>();
      List<TokenUsage> answers = new ArrayList<>();
      int failed = 0;
      for (String name : names) {
        long input = 0;
        long output = 0;
        int requests = random.nextInt(1, 8);
        for (int n = 0; n < requests; n++) {
          long mostInput = random.nextInt(1, 1 << random.nextInt(1, 14));
          long mostOutput = random.nextInt(1, 1 << random.nextInt(1, 14));
          input += mostInput;
          output += mostOutput;
          if (random.nextInt(4) == 0) {
            failed++;
          } else {
            boolean isFull = random.nextBoolean();
            answers.add(
                used(
                    isFull ? mostInput : random.nextLong(1, mostInput + 1),
                    isFull ? mostOutput : random.nextLong(1, mostOutput + 1)));
          }
        }
        CallPrices prices = prices(true, true);
        reserved.add(
            new PricedReservation(
                new ReservedModel(
                    name, requests, input, output, input, output, 0, 7, FeesUsed.NONE),
                prices));
      }
      Collections.shuffle(reserved, random);
      Collections.shuffle(answers, random);
      BatchCharge charge = new BatchCharge(reserved, Map.of(), random.nextBoolean());
      charge.add(Optional.empty(), failed, failed, TokenUsage.NONE);
      answers.forEach(each -> charge.answered(Optional.of(dated), each, FeesUsed.NONE));

      long tokens = answers.stream().mapToLong(of -> of.input() + of.output()).sum();
      long cost = answers.stream().mapToLong(of -> of.input() * 2_000 + of.output() * 8_000).sum();
      for (BudgetBound bound : BudgetBound.values()) {
        assertThat(charge.amountFor(BudgetUnit.TOKENS, bound, Long.MAX_VALUE, false))
            .isEqualTo(tokens);
        assertThat(charge.amountFor(BudgetUnit.REQUESTS, bound, Long.MAX_VALUE, false))
            .isEqualTo(answers.size() + failed);
        assertThat(charge.amountFor(BudgetUnit.USD, bound, Long.MAX_VALUE, false)).isEqualTo(cost);
      }
      assertThat(charge.models().stream().mapToLong(of -> of.counts().errors()).sum())
          .isEqualTo(failed);
      assertThat(charge.models()).allMatch(of -> of.counts().disputed().equals(DisputedUsage.NONE));

      for (int n = 0; n < 100; n++) {
        charge.answered(
            Optional.of(names.get(n % names.size())), used(9_999, 9_999), FeesUsed.NONE);
      }
      assertThat(charge.amountFor(BudgetUnit.TOKENS, BudgetBound.MEASURED, 0, false))
          .isEqualTo(
              reserved.stream().mapToLong(of -> of.reserved().mostInput()).sum()
                  + reserved.stream().mapToLong(of -> of.reserved().mostOutput()).sum());
      assertThat(charge.amountFor(BudgetUnit.REQUESTS, BudgetBound.MEASURED, 0, false))
          .isEqualTo(answers.size() + failed);
    }
  }

  private static PricedReservation priced(String model, int requests, long output, long rate) {
    return new PricedReservation(
        new ReservedModel(model, requests, 1_000, output, 100, 20, 0, 7, FeesUsed.NONE),
        new CallPrices(
            Optional.empty(),
            rate == 0
                ? Optional.empty()
                : Optional.of(
                    Price.of(
                        7,
                        LocalDate.of(2026, 1, 1),
                        new Rates(Map.of(Rate.INPUT, rate, Rate.OUTPUT, rate)))),
            ModelBounds.UNKNOWN));
  }

  private static List<String> counted(BatchCharge charge) {
    return charge.models().stream()
        .map(of -> "%s %d".formatted(of.model(), of.counts().outputTokens()))
        .toList();
  }

  @Test
  void what_answers_by_another_name_counts_for_the_dearest_model_that_has_room() {
    for (String answered : List.of("opus-4-20250514", "cheap")) {
      BatchCharge charge =
          new BatchCharge(
              List.of(
                  priced("cheap", 9, 90_000, 1_000_000),
                  priced("opus-4-0", 2, 100, 9_000_000),
                  priced("opus", 9, 90_000, 0)));
      charge.add(Optional.empty(), 5, 5, TokenUsage.NONE);
      charge.answered(Optional.of(answered), used(0, 40), FeesUsed.NONE);
      charge.answered(Optional.of(answered), used(0, 60), FeesUsed.NONE);
      charge.answered(Optional.of("opus-4-20250514"), used(0, 7), FeesUsed.NONE);

      assertThat(counted(charge))
          .isEqualTo(
              answered.equals("cheap")
                  ? List.of("cheap 100", "opus-4-0 7")
                  : List.of("cheap 7", "opus-4-0 100"));
      assertThat(charge.models().stream().mapToLong(of -> of.counts().requests()).sum())
          .isEqualTo(8);
      assertThat(charge.models().stream().mapToLong(of -> of.counts().errors()).sum()).isEqualTo(5);
    }
  }

  @Test
  void
      the_latest_of_a_model_is_its_version_and_a_model_without_a_price_takes_nothing_from_others() {
    BatchCharge charge =
        new BatchCharge(
            List.of(
                priced("sonnet-latest", 9, 900, 1_000_000),
                priced("dear", 9, 900, 9_000_000),
                priced("s", 9, 900, 0),
                priced("sonnet-2", 9, 900, 0)));
    charge.answered(Optional.of("sonnet-20250514"), used(0, 1), FeesUsed.NONE);
    charge.answered(Optional.of("sonnet-2"), used(0, 2), FeesUsed.NONE);
    charge.answered(Optional.of("other"), used(0, 4), FeesUsed.NONE);

    assertThat(counted(charge)).containsExactly("sonnet-latest 1", "dear 4", "sonnet-2 2");
  }

  @Test
  void without_any_price_versions_count_for_their_models() {
    BatchCharge charge = new BatchCharge(List.of(priced("m", 9, 900, 0), priced("n", 9, 100, 0)));
    charge.answered(Optional.of("n-1"), used(0, 5), FeesUsed.NONE);

    assertThat(counted(charge)).containsExactly("n 5");
  }

  @Test
  void use_counts_for_the_model_that_the_line_names() {
    BatchCharge charge = new BatchCharge(reserved("gpt", "gpt-mini", "other"));
    charge.add(Optional.of("gpt-mini-2026"), 1, 0, used(1, 0));
    charge.add(Optional.of("gpt-2026"), 1, 0, used(2, 0));
    charge.add(Optional.of("other"), 1, 0, used(4, 100));
    charge.add(Optional.of("else"), 1, 0, used(8, 0));

    assertThat(charge.models())
        .extracting(of -> of.model() + " " + of.counts().inputTokens())
        .containsExactly("gpt 10", "gpt-mini 1", "other 4");
  }

  /** A batch of two requests, whose model has a fee of one cent for a search. */
  private static List<PricedReservation> withFees() {
    Price searched =
        new Price(
            8,
            LocalDate.of(2026, 1, 1),
            PriceTerms.of(PRICE.rates())
                .withFees(
                    List.of(new Fee(new FeePiece(FeeKind.WEB_SEARCH, ""), 10_000_000_000L, 1))));
    return List.of(
        new PricedReservation(
            new ReservedModel("m", 2, 1_000, 200, 100, 20, 0, 8, FeesUsed.NONE),
            new CallPrices(Optional.empty(), Optional.of(searched), ModelBounds.UNKNOWN)
                .ofBatches()));
  }

  /** 20 dollars per million tokens of input, and 80 dollars per million tokens of output. */
  private static CallPrices dearer() {
    return new CallPrices(
        Optional.empty(), Optional.of(priced(20_000_000, 80_000_000)), ModelBounds.UNKNOWN);
  }

  private static BatchCharge answeredByVersion(boolean isStrict) {
    BatchCharge charge = new BatchCharge(reserved("m"), Map.of("m-2026-01-01", dearer()), isStrict);
    charge.answered(Optional.of("m"), used(300, 10), FeesUsed.NONE);
    charge.answered(Optional.of("m-2026-01-01"), used(200, 40), FeesUsed.NONE);
    return charge;
  }

  @Test
  void what_a_version_with_another_price_answers_is_charged_at_that_price() {
    BatchCharge charge = answeredByVersion(false);

    assertThat(charge.models())
        .extracting(
            of -> of.model() + " " + of.answered().name() + " " + of.prices().forService(),
            of -> of.counts().requests(),
            of -> of.counts().cost().cost())
        .containsExactly(
            Tuple.tuple("m  7", 1L, 300 * 1_000L + 10 * 4_000),
            Tuple.tuple("m m-2026-01-01 8", 1L, 200 * 20_000L + 40 * 80_000));
    assertThat(charge.others()).containsOnly(Map.entry("m-2026-01-01", Set.of("m")));
    assertThat(charged(charge, BudgetUnit.USD, BudgetBound.MEASURED))
        .isEqualTo(300 * 1_000 + 10 * 4_000 + 200 * 20_000 + 40 * 80_000);
    assertThat(charged(charge, BudgetUnit.USD, BudgetBound.STRICT)).isEqualTo(500);
    assertThat(charged(charge, BudgetUnit.TOKENS, BudgetBound.MEASURED)).isEqualTo(550);
  }

  @Test
  void under_a_strict_budget_no_other_model_costs_more_than_the_requested_one_could() {
    ModelCharge dearer = answeredByVersion(true).models().getLast();
    ModelCharge known =
        charged(reserved("m").getFirst().prices().withVersions(List.of(priced(20, 80))), true);
    ModelCharge reservedFor =
        charged(
            reserved("m").getFirst().prices().withVersions(List.of(priced(20_000_000, 80_000_000))),
            true);

    long most = 700 * 1_000 + 190 * 4_000 + 1;
    assertThat(dearer.counts().cost().cost()).isEqualTo(most);
    assertThat(dearer.counts().disputed().cost()).isEqualTo(7_200_000 - most);
    assertThat(known.counts().cost().cost()).isEqualTo(most);
    assertThat(reservedFor.counts().cost().cost()).isEqualTo(7_200_000);
    assertThat(reservedFor.counts().disputed().requests()).isZero();
  }

  private static ModelCharge charged(CallPrices prices, boolean isStrict) {
    BatchCharge charge =
        new BatchCharge(
            List.of(new PricedReservation(reserved("m").getFirst().reserved(), prices)),
            Map.of("other", dearer()),
            isStrict);
    charge.answered(Optional.of("m"), used(300, 10), FeesUsed.NONE);
    charge.answered(Optional.of("other"), used(200, 40), FeesUsed.NONE);
    return charge.models().getLast();
  }

  @Test
  void all_models_that_answer_share_the_most_that_the_requests_could_use() {
    BatchCharge charge =
        new BatchCharge(reserved("m"), Map.of("a", dearer(), "b", dearer()), false);
    charge.add(Optional.empty(), 1, 1, TokenUsage.NONE);
    for (String model : List.of("m", "a", "b")) {
      charge.answered(
          Optional.of(model), used(600, 150), FeesUsed.of(FeeKind.WEB_SEARCH, 1_000_000));
    }

    assertThat(charge.models()).extracting(ModelCharge::model).containsExactly("m", "m");
    assertThat(charge.models())
        .extracting(of -> of.counts().inputTokens(), of -> of.counts().outputTokens())
        .containsExactly(Tuple.tuple(600L, 150L), Tuple.tuple(400L, 50L));
    UsageCounts last = charge.models().getLast().counts();
    assertThat(last.disputed().tokens()).isEqualTo(200 + 100 + 600 + 150);
    assertThat(last.disputed().requests()).isEqualTo(last.requests());
  }

  @Test
  void all_models_that_answer_share_the_requests_and_the_uses_of_tools() {
    BatchCharge charge =
        new BatchCharge(
            withFees(),
            Map.of("a", withFees().getFirst().prices(), "b", withFees().getFirst().prices()),
            false);
    for (String model : List.of("m", "a", "b")) {
      charge.answered(Optional.of(model), used(1, 1), FeesUsed.of(FeeKind.WEB_SEARCH, 1_000));
    }

    assertThat(charged(charge, BudgetUnit.REQUESTS, BudgetBound.MEASURED)).isEqualTo(2);
    assertThat(charged(charge, BudgetUnit.USD, BudgetBound.MEASURED))
        .isEqualTo(2 * 1_000 + 2 * 4_000 + 2 * 32 * 10_000_000L);
  }

  @Test
  void only_some_of_the_models_that_answer_are_remembered() {
    BatchCharge charge = new BatchCharge(reserved("m"));
    for (int n = 0; n < 3 * BatchCharge.MOST_OTHERS; n++) {
      charge.answered(Optional.of("m-" + n), used(1, 1), FeesUsed.NONE);
      charge.answered(Optional.of("m"), used(1, 1), FeesUsed.NONE);
    }

    assertThat(charge.others()).hasSize(BatchCharge.MOST_OTHERS).containsKey("m-0");
  }

  @Test
  void fees_of_lines_are_charged_in_full() {
    BatchCharge charge = new BatchCharge(withFees());
    charge.answered(Optional.of("m"), used(300, 40), FeesUsed.of(FeeKind.WEB_SEARCH, 3));
    charge.answered(Optional.of("m"), used(0, 1), FeesUsed.NONE);

    UsageCounts counts = charge.models().getFirst().counts();
    assertThat(counts.cost().cost()).isEqualTo(300 * 1_000 + 41 * 4_000 + 3 * 10_000_000);
    assertThat(counts.disputed().requests()).isZero();
    assertThat(counts.estimated().requests()).isZero();
    assertThat(BatchCharge.mayHaveFees(withFees(), true)).isTrue();
    assertThat(BatchCharge.mayHaveFees(withFees(), false)).isFalse();
    assertThat(BatchCharge.mayHaveFees(reserved("m"), true)).isFalse();
  }

  /** A charge with a fee for searches, and a higher one for searches of {@link #PREVIEW}. */
  private static BatchCharge ofSearches(List<RequestedUse> requests) {
    CallPrices prices =
        prices(true, true)
            .withFeesUnlessStated(
                List.of(
                    new Fee(new FeePiece(FeeKind.WEB_SEARCH, ""), 10_000_000_000L, 1),
                    new Fee(PREVIEW, 25_000_000_000L, 1)));
    return new BatchCharge(
        List.of(new PricedReservation(estimate(requests, prices).reserved().getFirst(), prices)));
  }

  @Test
  void searches_in_results_have_the_qualities_that_the_requests_state_the_dearest_first() {
    RequestedUse request = asked(10, OptionalLong.of(5), 1, false, 3, false);
    List<RequestedUse> requests =
        List.of(
            request.with(RequestedUse.USUAL_TIER, FeesUsed.of(PREVIEW, 2)),
            request.with(RequestedUse.USUAL_TIER, FeesUsed.of(FeeKind.WEB_SEARCH, 2)),
            request);
    BatchCharge charge = ofSearches(requests);
    for (int i = 0; i < 3; i++) {
      charge.answered(Optional.of("m"), used(1, 1), FeesUsed.of(FeeKind.WEB_SEARCH, 1));
    }

    assertThat(charge.models().getFirst().counts().cost().cost())
        .isEqualTo(3 * (2_000 + 8_000) + 2 * 25_000_000 + 10_000_000);
  }

  @Test
  void searches_beyond_the_requested_ones_have_the_dearest_quality_that_the_requests_state() {
    FeesUsed search = FeesUsed.of(FeeKind.WEB_SEARCH, 1);
    RequestedUse request = asked(10, OptionalLong.of(5), 1, false, 1, false);
    for (FeesUsed usual : List.of(FeesUsed.NONE, search)) {
      List<RequestedUse> requests =
          List.of(
              request.with(RequestedUse.USUAL_TIER, FeesUsed.of(PREVIEW, 2)),
              request.with(RequestedUse.USUAL_TIER, usual),
              request);
      BatchCharge charge = ofSearches(requests);
      charge.answered(Optional.of("m"), used(1, 1), FeesUsed.of(FeeKind.WEB_SEARCH, 2));
      charge.answered(Optional.of("m"), used(1, 1), search);
      charge.answered(Optional.of("m"), used(1, 1), search);

      assertThat(charge.models().getFirst().counts().cost().cost())
          .isEqualTo(
              3 * (2_000 + 8_000) + 3 * 25_000_000 + (usual.isNone() ? 25_000_000 : 10_000_000));
    }
  }

  @Test
  void a_result_with_more_searches_than_are_left_has_the_dearest_quality_for_the_rest() {
    FeesUsed search = FeesUsed.of(FeeKind.WEB_SEARCH, 1);
    RequestedUse request = asked(10, OptionalLong.of(5), 1, false, 1, false);
    BatchCharge charge =
        ofSearches(
            List.of(
                request.with(RequestedUse.USUAL_TIER, FeesUsed.of(PREVIEW, 2)),
                request.with(RequestedUse.USUAL_TIER, search)));
    charge.answered(Optional.of("m"), used(1, 1), FeesUsed.of(FeeKind.WEB_SEARCH, 2));
    charge.answered(Optional.of("m"), used(1, 1), FeesUsed.of(FeeKind.WEB_SEARCH, 3));

    assertThat(charge.models().getFirst().counts().cost().cost())
        .isEqualTo(2 * (2_000 + 8_000) + 4 * 25_000_000 + 10_000_000);
  }

  /** A provider refuses requests with made-up qualities, and does not charge for them. */
  @Test
  void made_up_qualities_in_other_requests_do_not_make_searches_cheaper() {
    RequestedUse request = asked(10, OptionalLong.of(5), 1, false, 1, false);
    List<RequestedUse> requests = new ArrayList<>();
    for (int i = 0; i < FeesUsed.MOST; i++) {
      FeePiece madeUp = FeePiece.stated(FeeKind.WEB_SEARCH, "size" + i);
      requests.add(request.with(RequestedUse.USUAL_TIER, FeesUsed.of(madeUp, 1)));
    }
    requests.add(request.with(RequestedUse.USUAL_TIER, FeesUsed.of(PREVIEW, 2)));
    BatchCharge charge = ofSearches(requests);
    charge.answered(Optional.of("m"), used(1, 1), FeesUsed.of(FeeKind.WEB_SEARCH, 2));

    assertThat(charge.models().getFirst().counts().cost().cost())
        .isEqualTo(2_000 + 8_000 + 2 * 25_000_000);
  }

  @Test
  void fees_beyond_what_two_requests_can_use_are_disputed_and_those_without_a_price_are_marked() {
    BatchCharge charge = new BatchCharge(withFees());
    charge.answered(
        Optional.of("m"), used(1, 1), FeesUsed.of(FeeKind.WEB_SEARCH, 1_000_000_000_000L));
    charge.answered(Optional.of("m"), used(1, 1), FeesUsed.of(FeeKind.FILE_SEARCH, 1));

    UsageCounts counts = charge.models().getFirst().counts();
    assertThat(counts.cost().cost()).isEqualTo(2 * 1_000 + 2 * 4_000 + 2 * 32 * 10_000_000L);
    assertThat(counts.disputed().requests()).isEqualTo(1);
    assertThat(counts.disputed().cost()).isGreaterThan(1_000_000_000_000L);
    assertThat(counts.estimated().requests()).isEqualTo(1);
  }

  @Test
  void runs_of_tools_are_reserved_with_their_fees() {
    CallPrices prices = withFees().getFirst().prices();
    RequestedUse plain = asked(100, OptionalLong.of(50), 1, false, 1, false);
    RequestedUse capped = asked(100, OptionalLong.of(50), 1, false, 4, false);
    for (BudgetBound bound : BudgetBound.values()) {
      BudgetMeter meter = meter(BudgetUnit.USD, bound);
      long without = amount(estimate(List.of(capped), prices(true, true).ofBatches()), meter);
      long with = amount(estimate(List.of(capped), prices), meter);
      int runs = bound == BudgetBound.STRICT ? 3 : 1;

      assertThat(with - without).isBetween(runs * 10_000_000L, runs * 10_000_000L + 1);
      assertThat(amount(estimate(List.of(plain), prices), meter))
          .isEqualTo(amount(estimate(List.of(plain), prices(true, true).ofBatches()), meter));
    }
  }

  /** Each image costs 0.001 dollars. */
  @Test
  void what_a_tool_reads_to_make_images_is_reserved_in_addition_to_its_runs() {
    FeesUsed image = FeesUsed.of(FeeKind.IMAGE, 1);
    CallPrices prices = priced(2_000_000, image);
    RequestedUse makes =
        asked(100, OptionalLong.of(50), 1, false, 2, false).with(RequestedUse.USUAL_TIER, image);
    RequestedUse reads =
        makes.with(RequestedUse.USUAL_TIER, image.plus(FeesUsed.of(FeePiece.READ_IMAGE, 16)));
    for (BudgetBound bound : BudgetBound.values()) {
      BudgetMeter meter = meter(BudgetUnit.USD, bound);
      BatchEstimate estimate = estimate(List.of(reads, makes), prices);
      long without = amount(estimate(List.of(makes, makes), prices), meter);
      int images = bound == BudgetBound.STRICT ? 16 : 2;

      assertThat(amount(estimate, meter) - without)
          .isBetween(images * 1_000_000L, images * 1_000_000L + 1);
      assertThat(estimate.mostFor(meter))
          .isEqualTo(amount(estimate, meter(BudgetUnit.USD, BudgetBound.STRICT)));
    }
  }

  @Test
  void a_few_cheap_calls_do_not_lower_what_a_batch_reserves() {
    ObservedUse cheap = ObservedUse.NONE;
    ObservedUse dear = ObservedUse.NONE;
    for (int i = 0; i < 8; i++) {
      RequestedUse one = asked(10_000, OptionalLong.of(1), 1, false, 1, false);
      cheap = cheap.after(one, 1, 1, 1_000_000, 1);
      dear = dear.after(one, 20_000, 9_000, 1_000_000, 1_000_000);
    }
    for (OptionalLong stated : List.of(OptionalLong.of(16_000), OptionalLong.empty())) {
      for (boolean elsewhere : new boolean[] {false, true}) {
        RequestedUse line = asked(4_000, stated, 2, elsewhere, 1, false);
        for (BudgetUnit unit : BudgetUnit.values()) {
          BudgetMeter meter = meter(unit, BudgetBound.MEASURED);
          long guessed = amount(line, ObservedUse.NONE, meter);

          assertThat(amount(line, cheap, meter)).isEqualTo(guessed);
          if (unit == BudgetUnit.REQUESTS) {
            assertThat(amount(line, dear, meter)).isEqualTo(guessed);
          } else {
            assertThat(amount(line, dear, meter)).isGreaterThan(guessed);
          }
        }
      }
    }
    RequestedUse brief = asked(4_000, OptionalLong.of(50), 1, false, 1, false);
    assertThat(amount(brief, dear, meter(BudgetUnit.TOKENS, BudgetBound.MEASURED)))
        .isEqualTo(4_000 + 2_000 + 50);
  }

  private static long amount(RequestedUse line, ObservedUse observed, BudgetMeter meter) {
    ModelUse use = ModelUse.named("m", 1).and(line, 1);
    OfModel model = new OfModel(use, prices(true, false), observed);
    return amount(new BatchEstimate(CHATS, List.of(model)), meter);
  }

  @Test
  void the_most_that_a_batch_is_charged_is_what_a_strict_budget_would_reserve() {
    for (OptionalLong stated : List.of(OptionalLong.of(16_000), OptionalLong.empty())) {
      for (int rounds : new int[] {1, 4}) {
        List<RequestedUse> lines =
            List.of(
                asked(400, stated, 2, false, rounds, false),
                asked(90, stated, 1, true, rounds, false));
        CallPrices prices = prices(true, true);
        BatchEstimate estimate =
            estimate(
                lines,
                rounds == 1 ? prices : prices.withVersions(List.of(priced(9_000_000, 9_000_000))));
        for (BudgetUnit unit : BudgetUnit.values()) {
          long most = estimate.mostFor(meter(unit, BudgetBound.MEASURED));

          assertThat(most).isEqualTo(amount(estimate, meter(unit, BudgetBound.STRICT)));
          assertThat(most)
              .isGreaterThanOrEqualTo(amount(estimate, meter(unit, BudgetBound.MEASURED)));
        }
        BudgetMeter dollars = meter(BudgetUnit.USD, BudgetBound.MEASURED);
        assertThat(estimate(lines, prices(false, true)).mostFor(dollars)).isZero();
      }
    }
  }

  @Test
  void a_tool_without_a_fee_is_refused_in_a_batch_as_in_a_call() {
    RequestedUse plain = asked(100, OptionalLong.of(50), 1, false, 1, false);
    FeesUsed search = FeesUsed.of(FeeKind.WEB_SEARCH, 1);
    FeesUsed code = FeesUsed.of(new FeePiece(FeeKind.CODE_INTERPRETER, "4g"), 1);
    FeesUsed any =
        FeeKind.OF_TOOLS.stream()
            .map(kind -> FeesUsed.of(kind, 1))
            .reduce(FeesUsed.NONE, FeesUsed::plus);
    for (FeesUsed asked :
        List.of(
            FeesUsed.NONE, search, code, search.plus(code), any, FeesUsed.of(FeeKind.PAGE, 1))) {
      RequestedUse tools =
          asked(100, OptionalLong.of(50), 1, false, 2, false).with(RequestedUse.USUAL_TIER, asked);
      for (FeesUsed known : List.of(FeesUsed.NONE, search, search.plus(code), any)) {
        for (long rate : new long[] {0, 2_000_000}) {
          if (rate == 0 && known.equals(any)) {
            continue; // a price of images says nothing of a batch
          }
          CallPrices prices = priced(rate, known);
          for (BudgetBound bound : BudgetBound.values()) {
            for (boolean allowsUnpriced : new boolean[] {false, true}) {
              BudgetMeter meter =
                  new BudgetMeter(
                      "token:1",
                      new Budget(
                          1_000_000_000,
                          BudgetUnit.USD,
                          BudgetWindow.DAY,
                          BudgetZone.UTC,
                          bound,
                          allowsUnpriced),
                      true);
              CallEstimate.Bound ofCall =
                  new CallEstimate(tools, prices, ObservedUse.NONE).amountFor(meter);
              Bound ofBatch = estimate(List.of(plain, tools, tools), prices).amountFor(meter);

              if (ofCall instanceof CallEstimate.Bound.Missing missing) {
                int line = missing.why() == Obstacle.FEE_HAS_NO_PRICE ? 2 : 1;
                assertThat(ofBatch).isEqualTo(new Bound.Missing(missing.why(), line));
              } else {
                assertThat(ofBatch).isInstanceOf(Bound.Of.class);
              }
            }
          }
        }
      }
    }
  }

  @Test
  void where_nobody_has_looked_for_tools_only_a_price_of_all_of_them_lets_dollars_pass() {
    FeesUsed any =
        FeeKind.OF_TOOLS.stream()
            .map(kind -> FeesUsed.of(kind, 1))
            .reduce(FeesUsed.NONE, FeesUsed::plus);
    ModelUse unread =
        ModelUse.named("m", 1)
            .and(asked(100, OptionalLong.of(50), 1, false, 1, false), 1)
            .with(BatchTools.UNREAD);
    for (FeesUsed known : List.of(FeesUsed.NONE, FeesUsed.of(FeeKind.WEB_SEARCH, 1), any)) {
      BatchEstimate estimate =
          new BatchEstimate(
              CHATS, List.of(new OfModel(unread, priced(2_000_000, known), ObservedUse.NONE)));
      for (BudgetBound bound : BudgetBound.values()) {
        boolean isPriced = known.equals(any) || (bound == BudgetBound.MEASURED && !known.isNone());

        assertThat(estimate.amountFor(meter(BudgetUnit.USD, bound)).equals(new Bound.Unread()))
            .isEqualTo(!isPriced);
        assertThat(estimate.amountFor(meter(BudgetUnit.TOKENS, bound)))
            .isInstanceOf(Bound.Of.class);
      }
    }
  }

  @Test
  void the_first_line_with_a_tool_without_a_fee_is_named_whatever_else_the_batch_uses() {
    FeesUsed search = FeesUsed.of(FeeKind.WEB_SEARCH, 1);
    FeesUsed code = FeesUsed.of(FeeKind.CODE_INTERPRETER, 1);
    FeesUsed any =
        FeeKind.OF_TOOLS.stream()
            .map(kind -> FeesUsed.of(kind, 1))
            .reduce(FeesUsed.NONE, FeesUsed::plus);
    List<RequestedUse> lines =
        Stream.of(any, search, search, code, code)
            .map(
                fees ->
                    asked(100, OptionalLong.of(50), 1, false, 2, false)
                        .with(RequestedUse.USUAL_TIER, fees))
            .toList();
    BudgetMeter measured = meter(BudgetUnit.USD, BudgetBound.MEASURED);

    assertThat(estimate(lines, priced(1_000, code)).amountFor(measured))
        .isEqualTo(new Bound.Missing(Obstacle.FEE_HAS_NO_PRICE, 2));
    assertThat(estimate(lines, priced(1_000, search)).amountFor(measured))
        .isEqualTo(new Bound.Missing(Obstacle.FEE_HAS_NO_PRICE, 4));
    assertThat(estimate(lines, priced(1_000, FeesUsed.NONE)).amountFor(measured))
        .isEqualTo(new Bound.Missing(Obstacle.FEE_HAS_NO_PRICE, 1));
    assertThat(
            estimate(lines, priced(1_000, search))
                .amountFor(meter(BudgetUnit.TOKENS, BudgetBound.MEASURED)))
        .isInstanceOf(Bound.Of.class);
  }

  /**
   * Returns prices with the same rate for input and output, and with a fee for each of these
   * pieces.
   */
  private static CallPrices priced(long rate, FeesUsed pieces) {
    List<Fee> fees =
        pieces.counts().keySet().stream()
            .map(piece -> new Fee(new FeePiece(piece.what(), ""), 1_000_000_000L, 1))
            .toList();
    Price price =
        new Price(
            9,
            LocalDate.of(2026, 1, 1),
            PriceTerms.of(new Rates(Map.of(Rate.INPUT, rate, Rate.OUTPUT, rate))).withFees(fees));
    return new CallPrices(Optional.empty(), Optional.of(price), ModelBounds.UNKNOWN);
  }

  @Test
  void a_price_that_counts_only_images_is_none_for_requests_in_batches() {
    RequestedUse plain = asked(100, OptionalLong.of(50), 1, false, 1, false);
    Price ofImages = Price.of(9, LocalDate.of(2026, 1, 1), new Rates(Map.of(Rate.IMAGE, 9L)));
    CallPrices prices =
        new CallPrices(Optional.empty(), Optional.of(ofImages), ModelBounds.UNKNOWN);
    for (BudgetBound bound : BudgetBound.values()) {
      assertThat(estimate(List.of(plain), prices).amountFor(meter(BudgetUnit.USD, bound)))
          .isEqualTo(new Bound.Missing(Obstacle.OPERATION_HAS_NO_PRICE, 1));
    }
  }

  private static long amount(BatchEstimate estimate, BudgetMeter meter) {
    return ((BatchEstimate.Bound.Of) estimate.amountFor(meter)).amount();
  }

  @Test
  void the_sum_says_enough_unless_prices_depend_on_single_requests() {
    Price dearer =
        new Price(
            8,
            LocalDate.of(2026, 1, 1),
            PriceTerms.of(PRICE.rates())
                .withThresholds(List.of(new Threshold(200, new Rates(Map.of(Rate.INPUT, 9L))))));

    assertThat(BatchCharge.isSumEnough(reserved("m"))).isTrue();
    assertThat(BatchCharge.isSumEnough(reserved("m", "n"))).isFalse();
    assertThat(
            BatchCharge.isSumEnough(
                List.of(
                    new PricedReservation(
                        reserved("m").getFirst().reserved(),
                        new CallPrices(
                            Optional.of(PRICE), Optional.of(dearer), ModelBounds.UNKNOWN)))))
        .isFalse();
    for (Rate rate :
        List.of(Rate.AUDIO_INPUT, Rate.IMAGE_OUTPUT, Rate.CACHE_WRITE_5M, Rate.CACHE_WRITE_1H)) {
      Price apart =
          new Price(
              9,
              LocalDate.of(2026, 1, 1),
              PriceTerms.of(
                  new Rates(
                      Map.of(Rate.INPUT, 5L, Rate.OUTPUT, 5L, Rate.CACHED_INPUT, 1L, rate, 6L))));
      assertThat(
              BatchCharge.isSumEnough(
                  List.of(
                      new PricedReservation(
                          reserved("m").getFirst().reserved(),
                          new CallPrices(
                              Optional.of(apart), Optional.empty(), ModelBounds.UNKNOWN)))))
          .as(rate.wireName())
          .isFalse();
    }
    for (Price version : List.of(PRICE, priced(2_000_000, 9_000_000))) {
      assertThat(
              BatchCharge.isSumEnough(
                  List.of(
                      new PricedReservation(
                          reserved("m").getFirst().reserved(),
                          new CallPrices(Optional.of(PRICE), Optional.empty(), ModelBounds.UNKNOWN)
                              .withVersions(List.of(version))))))
          .isEqualTo(version.equals(PRICE));
    }
  }
}
