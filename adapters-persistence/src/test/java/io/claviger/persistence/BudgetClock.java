package io.claviger.persistence;

import io.claviger.domain.budgets.BudgetAccount;
import java.time.Duration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Moves the clock of budgets, and raises budgets. */
final class BudgetClock {
  private BudgetClock() {}

  /**
   * Sets the clock of budgets.
   *
   * @param ahead the time by which the clock is ahead of the real time
   */
  static void shift(JdbcClient sql, Duration ahead) {
    int unused =
        sql.sql(
                """
                create or replace function budget_clock() returns timestamp with time zone
                language sql volatile as $$ select clock_timestamp() + interval '%d milliseconds' $$
                """
                    .formatted(ahead.toMillis()))
            .update();
  }

  /** Raises the budget of an account for a time. */
  static void raise(JdbcClient sql, BudgetAccount account, long amount, Duration time) {
    int made =
        sql.sql(
                """
                insert into budget_accounts (id, subject, unit, period, zone, counted_from)
                values (:id, :subject, :unit, :period, :zone, budget_clock())
                on conflict (id) do nothing
                """)
            .param("id", account.id())
            .param("subject", account.subject())
            .param("unit", account.key().unit().wireName())
            .param("period", account.key().window().wireName())
            .param("zone", account.key().zone().name())
            .update();
    int raised =
        sql.sql(
                """
                insert into budget_raises (id, account_id, amount, until, created_at)
                values (
                  gen_random_uuid(), :account, :amount,
                  budget_clock() + make_interval(secs => :seconds), budget_clock())
                """)
            .param("account", account.id())
            .param("amount", amount)
            .param("seconds", time.toMillis() / 1000.0)
            .update();
  }
}
