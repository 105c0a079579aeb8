package io.claviger.application.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.budgets.port.BudgetLedger;
import io.claviger.application.demands.DemandKind;
import io.claviger.application.simulation.SimulatedSpending.Scenario;
import io.claviger.application.simulation.SpendingSimulation.Outcomes;
import io.claviger.domain.budgets.BudgetAccount;
import io.claviger.domain.budgets.BudgetBound;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The promise of budgets, on demands like real ones. {@code benchmarks/budgets/simulate} makes 10
 * million calls.
 */
final class SpendingSimulationTest {
  private static final long CALLS = Long.getLong("simulation.calls", 100_000);

  @Tag("slow")
  @Test
  void strict_budgets_are_never_exceeded_and_measured_ones_hardly_and_both_are_used_up() {
    Map<DemandKind, Outcomes> all =
        SpendingSimulation.of(CALLS, Long.getLong("simulation.seed", 34), SpendingSimulation.LARGE);

    assertThat(all).hasSize(DemandKind.values().length);
    all.forEach(
        (kind, outcomes) -> {
          assertThat(outcomes.of(BudgetBound.STRICT)).as("%s", kind).isNotEmpty();
          assertThat(outcomes.greatestExceedance(BudgetBound.STRICT))
              .as("%s: %s", kind, outcomes)
              .isZero();
          assertThat(outcomes.greatestExceedance(BudgetBound.MEASURED))
              .as("%s: %s", kind, outcomes)
              .isLessThanOrEqualTo(0.5);
          assertThat(outcomes.earliestRefusal())
              .as("%s: %s", kind, outcomes)
              .isGreaterThanOrEqualTo(98);
          assertThat(outcomes.mistaken()).as("%s: %s", kind, outcomes).isZero();
        });
  }

  @Test
  void small_budgets_are_exceeded_by_no_more_than_their_dearest_call() {
    double dearestCalls = 5;

    SpendingSimulation.of(8_000, 1, dearestCalls)
        .forEach(
            (kind, outcomes) -> {
              assertThat(outcomes.greatestExceedance(BudgetBound.STRICT)).as("%s", kind).isZero();
              assertThat(outcomes.greatestExceedance(BudgetBound.MEASURED))
                  .as("%s: %s", kind, outcomes)
                  .isLessThan(100 / dearestCalls / 1.5);
            });
  }

  @Test
  void a_ledger_that_grants_more_than_is_left_is_found() {
    Scenario scenario = new Scenario(DemandKind.BATCHES, BudgetBound.STRICT, 2, 8, 200, false, 7);

    assertThat(SimulatedSpending.of(scenario, ledger -> ledger).exceeded()).isZero();
    assertThat(SimulatedSpending.of(scenario, Generous::new).exceeded()).isPositive();
  }

  @Test
  void a_ledger_that_grants_nothing_near_the_end_is_found() {
    Scenario scenario = new Scenario(DemandKind.CHAT, BudgetBound.MEASURED, 2, 8, 200, false, 7);

    assertThat(SimulatedSpending.of(scenario, ledger -> ledger).usedAtFirstRefusal())
        .isGreaterThan(98);
    assertThat(SimulatedSpending.of(scenario, Stingy::new).usedAtFirstRefusal()).isLessThan(98);
  }

  /** A ledger that takes budgets for a tenth larger than they are. */
  private static final class Generous extends OtherBudgets {
    Generous(BudgetLedger ledger) {
      super(ledger);
    }

    @Override
    long budget(long stated) {
      return stated + stated / 10;
    }
  }

  /** A ledger that keeps a part of each budget to itself. */
  private static final class Stingy extends OtherBudgets {
    Stingy(BudgetLedger ledger) {
      super(ledger);
    }

    @Override
    long budget(long stated) {
      return stated - stated / 20;
    }
  }

  /** A ledger that takes budgets for others than they are. */
  private abstract static class OtherBudgets implements BudgetLedger {
    private final BudgetLedger ledger;

    OtherBudgets(BudgetLedger ledger) {
      this.ledger = ledger;
    }

    abstract long budget(long stated);

    @Override
    public boolean exists(BudgetAccount account) {
      return ledger.exists(account);
    }

    @Override
    public void open(BudgetAccount account) {
      ledger.open(account);
    }

    @Override
    public List<BudgetAccountState> exchange(UUID node, List<LedgerExchange> each) {
      List<LedgerExchange> changed = new ArrayList<>();
      for (LedgerExchange one : each) {
        Demand of = one.demand();
        changed.add(
            new LedgerExchange(
                one.account(),
                one.window(),
                one.after(),
                one.began(),
                one.sequence(),
                one.spent(),
                one.held(),
                new Demand(budget(of.budget()), of.needed(), of.smallest(), of.extra()),
                0));
      }
      return ledger.exchange(node, changed);
    }

    @Override
    public int writeOff() {
      return ledger.writeOff();
    }

    @Override
    public int removeOld() {
      return ledger.removeOld();
    }
  }
}
