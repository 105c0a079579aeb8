package io.claviger.application.budgets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.claviger.application.builders.ABudget;
import io.claviger.application.fakes.KnownPrices;
import io.claviger.application.prices.PriceBook;
import io.claviger.application.prices.PricedModel;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.prices.ModelBounds;
import io.claviger.domain.prices.Price;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import io.claviger.domain.spending.CallCharge;
import io.claviger.domain.spending.CallUse;
import io.claviger.domain.spending.OperationKind;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.domain.usage.UsageModel;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The charges of calls that end in unusual ways. */
@Timeout(30)
final class CallBudgetsTest {
  /** A time that is longer than leases are valid, so that the ledger has to be asked. */
  private static final Duration LONG = Duration.ofHours(2);

  private static final UsageModel OTHER = UsageModel.called("other");
  private static final CallUse USED =
      CallUse.of(TokenUsage.stated(30, 12, TokenParts.NONE), CallUse.Evidence.STATED);

  private final BudgetNodes nodes = new BudgetNodes();

  private static BudgetMeter meter(String subject) {
    return new BudgetMeter(
        subject, ABudget.requests(5).per(BudgetWindow.TOTAL).strict().build(), true);
  }

  /** A call that has given back what it had reserved. */
  private static CallSpending returned(CallBudgets budgets, BudgetMeter... meters) {
    SpendingDecision decision =
        budgets.reserve(
            new SpendingRequest(
                new SpendingRequest.Rules(
                    new User.Id(new UUID(2, 1)),
                    new Instance.Id(new UUID(1, 1)),
                    Provider.OPENAI,
                    List.of(meters),
                    OptionalInt.empty(),
                    false),
                Optional.empty()));
    CallSpending spending = ((SpendingDecision.Granted) decision).spending();
    spending.giveBack();
    return spending;
  }

  private static void settle(CallSpending call) {
    assertThat(call.settle(CallUse.of(TokenUsage.NONE, CallUse.Evidence.REFUSED))).isEmpty();
  }

  private static void await(BooleanSupplier state) {
    while (!state.getAsBoolean()) {
      assertThat(Thread.interrupted()).as("has waited for too long").isFalse();
      Thread.onSpinWait();
    }
  }

  /** Whether the ledger knows that one request was charged to each of these budgets. */
  private boolean isCounted(BudgetReservations node, List<BudgetMeter> meters) {
    nodes.pass(Duration.ofMillis(500));
    node.report();
    return meters.stream().allMatch(meter -> nodes.account(meter).settled() == 1);
  }

  @Test
  void a_conflict_over_one_budget_leaves_the_others_counted() {
    CallBudgets budgets = new CallBudgets(new KnownPrices(), nodes.node, nodes.nanos);
    BudgetMeter first = meter("user:1");
    BudgetMeter second = meter("service:1");
    CallSpending call = returned(budgets, first, second);
    nodes.pass(LONG);
    int before = nodes.ledger.asked();
    nodes.ledger.meanwhile(
        () -> {
          throw new ConcurrencyConflict(ConcurrencyConflict.How.LOCKED, new SQLException("held"));
        });

    settle(call);

    await(() -> nodes.ledger.asked() == before + 2);
    await(() -> isCounted(nodes.node, List.of(second)));
    assertThat(nodes.account(first).settled()).isZero();
  }

  @Test
  void a_call_whose_budget_stays_locked_is_refused_as_if_the_database_did_not_answer() {
    CallBudgets budgets = new CallBudgets(new KnownPrices(), nodes.node, nodes.nanos);
    nodes.ledger.meanwhile(
        () -> {
          throw new ConcurrencyConflict(ConcurrencyConflict.How.LOCKED, new SQLException("held"));
        });

    assertThatExceptionOfType(StoreUnavailable.class)
        .isThrownBy(() -> returned(budgets, meter("user:1")));

    nodes.ledger.meanwhile(() -> {});
    assertThat(returned(budgets, meter("user:1"))).isNotNull();
  }

  @Test
  void a_thousand_calls_at_most_wait_for_the_ledger_to_be_counted() throws Exception {
    CountDownLatch waiting = new CountDownLatch(CallBudgets.MOST_COUNTING);
    CompletableFuture<Boolean> answers = new CompletableFuture<>();
    LongSupplier clock =
        () -> {
          if (Thread.currentThread().isVirtual()) {
            waiting.countDown();
            Object unused = answers.join();
          }
          return nodes.nanos.getAsLong();
        };
    BudgetReservations node = new BudgetReservations(nodes.store, clock);
    CallBudgets budgets = new CallBudgets(new KnownPrices(), node, nodes.nanos);
    List<BudgetMeter> meters = new ArrayList<>();
    List<CallSpending> calls = new ArrayList<>();
    for (int i = 0; i < CallBudgets.MOST_COUNTING + 2; i++) {
      meters.add(meter("user:" + i));
      calls.add(returned(budgets, meters.get(i)));
    }
    nodes.pass(LONG);

    calls.subList(0, CallBudgets.MOST_COUNTING).forEach(CallBudgetsTest::settle);
    waiting.await();
    settle(calls.get(CallBudgets.MOST_COUNTING));
    boolean unused = answers.complete(true);
    await(() -> isCounted(node, meters.subList(0, CallBudgets.MOST_COUNTING)));
    settle(calls.getLast());
    await(() -> isCounted(node, List.of(meters.getLast())));

    assertThat(CallBudgets.MOST_COUNTING).isEqualTo(1_000);
    assertThat(nodes.account(meters.get(CallBudgets.MOST_COUNTING)).settled()).isZero();
  }

  @Test
  void a_call_whose_price_is_looked_up_later_tells_usage_what_budgets_were_charged()
      throws Exception {
    BudgetMeter meter = BudgetNodes.total("token:9", 10_000);
    CallSpending call = priced(new OtherPrices(Optional::empty), meter);

    assertThat(call.settle(USED.by(OTHER))).isEmpty();

    CallCharge charge = call.later().orElseThrow().get(20, TimeUnit.SECONDS);
    nodes.live(Duration.ofSeconds(2));
    assertThat(charge.usage().input() + charge.usage().output()).isEqualTo(42);
    assertThat(nodes.account(meter).settled()).isEqualTo(42);
  }

  /** Usage waits for the charges of such calls, one call after the other. */
  @Test
  void usage_does_not_wait_for_a_charge_whose_look_up_ended_with_a_fault() {
    BudgetMeter meter = BudgetNodes.total("token:9", 10_000);
    LongSupplier odd =
        () -> {
          if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("odd");
          }
          return nodes.nanos.getAsLong();
        };
    SpendingDecision decision =
        new CallBudgets(new OtherPrices(Optional::empty), nodes.node, odd).reserve(asking(meter));
    CallSpending call = ((SpendingDecision.Granted) decision).spending();

    assertThat(call.settle(USED.by(OTHER))).isEmpty();

    assertThat(call.later().orElseThrow())
        .failsWithin(Duration.ofSeconds(20))
        .withThrowableOfType(ExecutionException.class)
        .withMessageContaining("odd");
  }

  @Test
  void a_call_whose_charge_can_not_be_computed_costs_its_reservation() {
    BudgetMeter meter = BudgetNodes.total("token:9", 10_000);
    Supplier<Optional<CallPrices>> fault =
        () -> {
          throw new IllegalStateException("odd");
        };
    CallSpending call = priced(new OtherPrices(fault), meter);
    nodes.live(Duration.ofSeconds(2));
    long reserved = nodes.account(meter).reserved();
    assertThat(reserved).isPositive();

    assertThatIllegalStateException().isThrownBy(() -> call.settle(USED.by(OTHER)));

    nodes.live(Duration.ofSeconds(10));
    assertThat(nodes.account(meter).reserved()).isZero();
    assertThat(nodes.account(meter).settled()).isEqualTo(reserved);
  }

  /** The prices of a model that was not requested, and of no other model. */
  private static final class OtherPrices extends KnownPrices {
    private final Supplier<Optional<CallPrices>> atOnce;

    OtherPrices(Supplier<Optional<CallPrices>> atOnce) {
      this.atOnce = atOnce;
    }

    @Override
    public Optional<CallPrices> findAtOnce(PricedModel model) {
      return model.called().equals(OTHER) ? atOnce.get() : super.findAtOnce(model);
    }
  }

  /** Each charge is rounded up to a nano-dollar, so that no sum of charges is rounded again. */
  @Test
  void twenty_thousand_charges_below_a_nano_dollar_add_up() {
    Rates picoDollar = new Rates(Map.of(Rate.INPUT, 1L, Rate.OUTPUT, 1L));
    CallPrices tiny =
        new CallPrices(
            Optional.empty(),
            Optional.of(Price.of(1, LocalDate.EPOCH, picoDollar)),
            ModelBounds.UNKNOWN);
    CallBudgets budgets = new CallBudgets(new KnownPrices(tiny), nodes.node, nodes.nanos);
    BudgetMeter strict =
        new BudgetMeter(
            "user:1", ABudget.nanoDollars(20_010).per(BudgetWindow.TOTAL).strict().build(), true);
    long spent = 0;
    for (int call = 0; call < 20_000; call++) {
      SpendingDecision decision = budgets.reserve(asking(strict));
      CallCharge charge =
          ((SpendingDecision.Granted) decision).spending().settle(USED).orElseThrow();
      spent += charge.cost().orElseThrow().forCallers();
    }
    nodes.pass(Duration.ofMillis(500));
    nodes.node.report();

    assertThat(spent).isEqualTo(20_000);
    await(() -> nodes.account(strict).settled() == 20_000);
  }

  /** A call whose charge depends on the model that answers. */
  private CallSpending priced(PriceBook prices, BudgetMeter meter) {
    SpendingDecision decision =
        new CallBudgets(prices, nodes.node, nodes.nanos).reserve(asking(meter));
    return ((SpendingDecision.Granted) decision).spending();
  }

  private static SpendingRequest asking(BudgetMeter meter) {
    SpendingRequest.Rules rules =
        new SpendingRequest.Rules(
            new User.Id(new UUID(2, 1)),
            new Instance.Id(new UUID(1, 1)),
            Provider.OPENAI,
            List.of(meter),
            OptionalInt.empty(),
            false);
    RequestedUse asked =
        RequestedUse.once(
            new UsageModel("m"),
            OperationKind.TEXT,
            100,
            OptionalLong.of(400),
            Optional.of("max_tokens"));
    return new SpendingRequest(rules, Optional.of(asked));
  }
}
