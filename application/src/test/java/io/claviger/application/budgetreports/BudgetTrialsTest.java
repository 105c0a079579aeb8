package io.claviger.application.budgetreports;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Outcomes;
import io.claviger.application.Wiring;
import io.claviger.application.builders.ABudget;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.shared.QueryTimeout;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.instances.Instance;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BudgetTrialsTest {
  private final Wiring w = new Wiring();

  @Test
  void what_takes_the_database_too_long_is_refused_with_a_hint() {
    User alice = w.user("alice");
    Instance service = w.stored(AnInstance.of(alice, "s").build());
    BudgetTrials slow =
        new BudgetTrials(
            w.claviger.instances(),
            w.claviger.users(),
            (of, caller, since, most) -> {
              throw new QueryTimeout(new SQLException("canceled"));
            },
            w.claviger.holderDirectory(),
            w.claviger.clock());
    Budget budget = ABudget.requests(5).build();

    assertThat(Outcomes.because(slow.replay(w.as(alice), service.ref(), Optional.empty(), budget)))
        .isEqualTo("/user report_too_large");
  }
}
