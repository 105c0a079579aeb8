package io.claviger.application.budgetreports;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Outcomes;
import io.claviger.application.Wiring;
import io.claviger.application.budgetreports.BudgetReports.BudgetFilter;
import io.claviger.application.budgets.BudgetReservations;
import io.claviger.application.builders.ABudget;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.sharing.port.InstanceShareStore;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BudgetReportsTest {
  private static final Budget BUDGET = ABudget.requests(5).build();

  private static final Limits LIMITS =
      new Limits(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          new Budgets(List.of(BUDGET)));

  private final Wiring w = new Wiring();
  private final List<Integer> read = new ArrayList<>();

  /**
   * A share may have hundreds of long names, so a thousand shares at once could fill the memory.
   */
  @Test
  void the_budgets_of_very_many_shares_are_found_in_parts() {
    User alice = w.user("alice");
    Instance service = w.stored(AnInstance.of(alice, "s").build());
    for (int n = 0; n < 250; n++) {
      User borrower = w.user("borrower-" + n);
      w.claviger
          .shares()
          .insert(service.id(), AShare.with(borrower).limits(LIMITS).build(), alice.id());
    }

    List<BudgetReport> found =
        Outcomes.done(
                reports()
                    .list(
                        w.as(alice),
                        new BudgetFilter(
                            Optional.of(service.ref()), Optional.empty(), Optional.empty()),
                        PageRequest.first()))
            .items();

    assertThat(found).hasSize(250);
    assertThat(read).isNotEmpty().allSatisfy(limit -> assertThat(limit).isLessThanOrEqualTo(100));
  }

  @Test
  void the_budgets_of_very_many_services_are_found_in_parts() {
    User alice = w.user("alice");
    for (int n = 0; n < 130; n++) {
      w.stored(AnInstance.of(alice, "s-" + n).limits(LIMITS).build());
    }
    int before = w.facts.asked();

    Page<BudgetReport, Instance.Ref> all =
        Outcomes.done(
            reports()
                .list(w.as(alice), BudgetFilter.NONE, new PageRequest<>(Optional.empty(), 200)));

    assertThat(all.items()).hasSize(130);
    assertThat(all.next()).isEmpty();
    assertThat(w.facts.asked() - before).isGreaterThanOrEqualTo(3);
    assertThat(
            Outcomes.done(
                    reports()
                        .list(
                            w.as(alice),
                            BudgetFilter.NONE,
                            new PageRequest<>(Optional.empty(), 100)))
                .items())
        .hasSize(100);
  }

  private BudgetReports reports() {
    return BudgetReports.of(
        new BudgetReports.Stores(
            w.facts,
            w.claviger.instances(),
            watched(w.claviger.shares()),
            w.claviger.users(),
            w.claviger.accessTokens(),
            w.claviger.groups(),
            w.claviger.assignedLimits(),
            w.claviger.budgetStates(),
            w.claviger.holderDirectory()),
        new BudgetReservations(w.claviger.budgetLedger(), System::nanoTime),
        w.changes);
  }

  /** Records how many shares are requested at a time. */
  private InstanceShareStore watched(InstanceShareStore shares) {
    return (InstanceShareStore)
        Proxy.newProxyInstance(
            InstanceShareStore.class.getClassLoader(),
            new Class<?>[] {InstanceShareStore.class},
            (proxy, method, given) -> {
              if (method.getName().equals("listOf")) {
                read.add((Integer) given[given.length - 1]);
              }
              return method.invoke(shares, given);
            });
  }
}
