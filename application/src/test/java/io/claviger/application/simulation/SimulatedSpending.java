package io.claviger.application.simulation;

import io.claviger.application.budgets.BudgetReservations;
import io.claviger.application.budgets.CallBudgets;
import io.claviger.application.budgets.CallSpending;
import io.claviger.application.budgets.SpendingDecision;
import io.claviger.application.budgets.SpendingRequest;
import io.claviger.application.budgets.port.BudgetLedger;
import io.claviger.application.demands.DemandKind;
import io.claviger.application.demands.DemandedCall;
import io.claviger.application.demands.DemandedCall.Answer;
import io.claviger.application.demands.DemandedModel;
import io.claviger.application.demands.DemandedPrice;
import io.claviger.application.demands.DemandingWorker;
import io.claviger.application.demands.Demands;
import io.claviger.application.fakes.InMemoryBudgetLedger;
import io.claviger.application.fakes.KnownPrices;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.prices.CallCost;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.prices.ModelBounds;
import io.claviger.domain.prices.Price;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import io.claviger.domain.spending.CallCharge;
import io.claviger.domain.spending.CallUse;
import io.claviger.domain.spending.CallUse.Evidence;
import io.claviger.domain.spending.OperationKind;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.spending.UnstatedUse;
import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.domain.usage.UsageModel;
import io.claviger.testkit.SettableClock;
import io.claviger.testkit.SettableNanos;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * Callers who use up one budget on several nodes, in virtual time. Nodes, estimates and charges are
 * the real ones; the ledger is in memory. Refused callers try again a few times, as people do. A
 * node may be killed. A minute later, the amounts that the node held count as used.
 */
final class SimulatedSpending {
  private static final Instant BEGIN = Instant.parse("2026-03-02T08:00:00Z");
  private static final long MILLI = 1_000_000;
  private static final Instance.Id SERVICE = new Instance.Id(new UUID(1, 1));
  private static final int MOST_REFUSALS = 6;

  /**
   * How often a node reports while something happens. After that, a node has to report less often.
   */
  private static final long REPORTED_EVERY = 50;

  private static final long REPORTED_AT_LEAST_EVERY = 10_000;

  private static final KnownPrices PRICES = prices();

  private final SettableClock clock = new SettableClock(BEGIN);
  private final SettableNanos nanos = new SettableNanos(0);
  private final InMemoryBudgetLedger store = new InMemoryBudgetLedger(clock);
  private final BudgetLedger ledger;
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final List<Node> nodes = new ArrayList<>();
  private final SplittableRandom random;
  private final BudgetMeter meter;
  private long now;
  private long order;
  private long billed;
  private long calls;
  private long mistaken;
  private boolean refused;
  private long chargedAfterRefusal;

  private SimulatedSpending(long budget, Scenario scenario, UnaryOperator<BudgetLedger> ledgerOf) {
    random = new SplittableRandom(scenario.seed());
    ledger = ledgerOf.apply(store);
    meter =
        new BudgetMeter(
            "user:" + new UUID(3, 3),
            new Budget(
                budget,
                BudgetUnit.USD,
                BudgetWindow.TOTAL,
                BudgetZone.UTC,
                scenario.bound(),
                false),
            true);
    for (int node = 0; node < scenario.nodes(); node++) {
      nodes.add(new Node());
    }
  }

  /**
   * What happens.
   *
   * @param dearestCalls how many of the dearest calls fit into the budget
   * @param killed whether nodes are killed now and then, until the first refusal
   */
  record Scenario(
      DemandKind kind,
      BudgetBound bound,
      int nodes,
      int callers,
      double dearestCalls,
      boolean killed,
      long seed) {}

  /**
   * Lets callers use up a budget of so many times what the dearest of their calls can cost.
   *
   * @param ledger a function that returns the ledger of the nodes for the correct ledger, so that a
   *     test can use a wrong one
   */
  static SpentBudget of(Scenario scenario, UnaryOperator<BudgetLedger> ledger) {
    long budget = Math.round(scenario.dearestCalls() * dearestCall(scenario));
    SimulatedSpending spending = new SimulatedSpending(budget, scenario, ledger);
    Demands.of(scenario.kind(), scenario.callers(), scenario.seed()).forEach(spending::begin);
    if (scenario.killed()) {
      spending.killNowAndThen();
    }
    return spending.run();
  }

  /** The most that one of many such calls can cost. */
  private static long dearestCall(Scenario scenario) {
    long dearest = 0;
    for (DemandingWorker worker : Demands.of(scenario.kind(), 8, scenario.seed())) {
      for (int n = 0; n < 300; n++) {
        dearest = Math.max(dearest, worker.next(0).costAtMost());
      }
    }
    return dearest;
  }

  /**
   * Something that happens at a time. What happens at the same time happens in the order in which
   * it was planned.
   */
  private record Event(long at, long order, Runnable what) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      return at == other.at ? Long.compare(order, other.order) : Long.compare(at, other.at);
    }
  }

  /** A run of a node. */
  private final class Node {
    private final BudgetReservations reservations = new BudgetReservations(ledger, nanos);
    private final CallBudgets budgets = new CallBudgets(PRICES, reservations, nanos);
    private boolean killed;
  }

  /** A worker, who gives up after some refusals. */
  private final class Calling {
    private final DemandingWorker worker;
    private int refusals;

    Calling(DemandingWorker worker) {
      this.worker = worker;
    }

    void next() {
      DemandedCall call = worker.next(now);
      at(call.at(), () -> call(call));
    }

    private void call(DemandedCall call) {
      int place = (call.connection() + (random.nextInt(8) == 0 ? 1 : 0)) % nodes.size();
      Node node = nodes.get(place);
      switch (node.budgets.reserve(request(call))) {
        case SpendingDecision.Granted granted -> {
          calls++;
          billed += call.cost();
          boolean isAfter = refused;
          at(now + call.lasts(), () -> answered(node, call, granted.spending(), isAfter));
        }
        case SpendingDecision.Refused isRefused -> refused();
        case SpendingDecision.Unknown unknown ->
            throw new IllegalStateException("the ledger always answers");
      }
    }

    private void refused() {
      refused = true;
      if (++refusals < MOST_REFUSALS) {
        at(now + 500 + random.nextLong(20_000), this::next);
      }
    }

    private void answered(Node node, DemandedCall call, CallSpending spending, boolean isAfter) {
      if (!node.killed) {
        long charged = settle(call, spending);
        chargedAfterRefusal += isAfter ? charged : 0;
      }
      next();
    }
  }

  private void begin(DemandingWorker worker) {
    new Calling(worker).next();
  }

  private void killNowAndThen() {
    at(
        now + 300_000 + random.nextLong(7_200_000),
        () -> {
          if (refused) {
            return;
          }
          int place = random.nextInt(nodes.size());
          nodes.get(place).killed = true;
          Node unused = nodes.set(place, new Node());
          killNowAndThen();
        });
  }

  private void at(long time, Runnable what) {
    events.add(new Event(time, order++, what));
  }

  private SpentBudget run() {
    while (!events.isEmpty()) {
      Event next = events.remove();
      reportUntil(next.at());
      next.what().run();
      if (meter.budget().bound() == BudgetBound.STRICT && billed > meter.budget().amount()) {
        break;
      }
    }
    reportUntil(now + 120_000);
    long settled = settled();
    return new SpentBudget(
        meter.budget().amount(), billed, settled, settled - chargedAfterRefusal, calls, mistaken);
  }

  /** Nodes report at least as often as something can be due. */
  private void reportUntil(long time) {
    long began = now;
    while (now < time) {
      pass(
          Math.min(
              time, now + Math.clamp((now - began) / 4, REPORTED_EVERY, REPORTED_AT_LEAST_EVERY)));
      for (Node node : nodes) {
        node.reservations.report();
      }
      if (now - began >= REPORTED_AT_LEAST_EVERY) {
        int unused = ledger.writeOff();
      }
    }
  }

  private void pass(long until) {
    clock.set(BEGIN.plusMillis(until));
    nanos.set(until * MILLI);
    now = until;
  }

  private long settled() {
    return store.look(meter, Optional.empty()).settled();
  }

  private SpendingRequest request(DemandedCall call) {
    SpendingRequest.Rules rules =
        new SpendingRequest.Rules(
            new User.Id(new UUID(2, call.caller())),
            SERVICE,
            Provider.OPENAI,
            List.of(meter),
            OptionalInt.empty(),
            false);
    return new SpendingRequest(
        rules,
        Optional.of(
            RequestedUse.once(
                model(call.model()),
                kind(call),
                call.bytes(),
                call.largestOutput() == 0
                    ? OptionalLong.empty()
                    : OptionalLong.of(call.largestOutput()),
                Optional.of("max_tokens"))));
  }

  private static OperationKind kind(DemandedCall call) {
    return call.largestOutput() == 0 ? OperationKind.INPUT : OperationKind.TEXT;
  }

  private static UsageModel model(DemandedModel model) {
    return new UsageModel(model.modelName());
  }

  /** Charges a call, twice if its provider states its usage twice. Returns what it was charged. */
  private long settle(DemandedCall call, CallSpending spending) {
    TokenUsage stated =
        TokenUsage.stated(
            call.use().fresh() + call.use().cached() + call.use().written(),
            call.use().output(),
            new TokenParts(call.use().cached(), call.use().written(), 0, 0, 0, 0, 0, 0, 0, 0));
    CallUse use =
        switch (call.answer()) {
          case STATED, STATED_TWICE -> CallUse.of(stated, Evidence.STATED);
          case FAILED -> CallUse.of(TokenUsage.NONE, Evidence.REFUSED);
          case NEVER_STATED ->
              CallUse.of(
                  UnstatedUse.of(
                      kind(call),
                      "",
                      TokenUsage.NONE,
                      call.bytes(),
                      0,
                      call.use().output(),
                      UnstatedUse.Asked.NOTHING),
                  Evidence.UNKNOWN);
        };
    Optional<CallCharge> charge = spending.settle(use);
    if (call.answer() == Answer.STATED_TWICE) {
      Optional<CallCharge> again = spending.settle(use);
      mistaken += again.isPresent() ? 1 : 0;
    }
    long cost = charge.flatMap(CallCharge::cost).map(CallCost::forService).orElse(-1L);
    mistaken += call.answer() != Answer.NEVER_STATED && cost != call.cost() ? 1 : 0;
    return cost;
  }

  private static KnownPrices prices() {
    KnownPrices known = new KnownPrices();
    for (DemandedModel model : DemandedModel.values()) {
      DemandedPrice price = model.price();
      Rates rates =
          new Rates(
              Map.of(
                  Rate.INPUT, price.fresh(),
                  Rate.CACHED_INPUT, price.cached(),
                  Rate.CACHE_WRITE_5M, price.written(),
                  Rate.OUTPUT, price.output()));
      known.put(
          model(model),
          new CallPrices(
              Optional.empty(),
              Optional.of(Price.of(1, LocalDate.of(2026, 1, 1), rates)),
              ModelBounds.UNKNOWN));
    }
    return known;
  }
}
