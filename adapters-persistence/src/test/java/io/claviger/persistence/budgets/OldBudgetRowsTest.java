package io.claviger.persistence.budgets;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.accounts.User;
import io.claviger.persistence.ConcurrentAttempts;
import io.claviger.persistence.Schema;
import io.claviger.persistence.shared.Database;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

final class OldBudgetRowsTest {
  @AutoClose
  private final TestDatabase database =
      PostgresForTests.migrated("claviger", source -> new Schema(source).migrate());

  private final JdbcClient sql = JdbcClient.create(database.dataSource());
  private final OldBudgetRows old = new OldBudgetRows(new Database(database.dataSource()));

  @Test
  void what_a_total_budget_counted_is_kept_while_its_holder_exists() {
    account("user:" + User.Id.SYSTEM.value(), 500);
    account("token:" + UUID.randomUUID(), 500);
    account("group:" + UUID.randomUUID(), 300);
    account("project:" + UUID.randomUUID() + ":" + User.Id.SYSTEM.value(), 500);

    assertThat(old.remove()).isEqualTo(2);

    assertThat(subjects()).isEqualTo(2);
  }

  @Test
  void all_accounts_are_looked_through_in_the_end() {
    for (int n = 0; n < 1_200; n++) {
      account("token:" + UUID.randomUUID(), 500);
    }

    int removed = old.remove() + old.remove() + old.remove() + old.remove();

    assertThat(removed).isEqualTo(1_200);
  }

  @Test
  void a_raise_keeps_its_account_until_it_has_long_ended() {
    account("user:" + User.Id.SYSTEM.value(), 40);
    int ended = sql.sql("update budget_windows set ends_at = now() - interval '36 days'").update();
    int raised =
        sql.sql(
                """
                insert into budget_raises (id, account_id, amount, until, created_at)
                select gen_random_uuid(), id, 1, now() + interval '1 day', now() from budget_accounts
                """)
            .update();
    assertThat(ended + raised).isEqualTo(2);

    assertThat(old.remove()).isZero();
    assertThat(windows()).isZero();
    assertThat(subjects()).isEqualTo(1);

    int over = sql.sql("delete from budget_raises").update();
    assertThat(over).isEqualTo(1);
    assertThat(old.remove()).isEqualTo(1);
    assertThat(subjects()).isZero();
  }

  /** The window that a node opened is the only record of what that node may spend. */
  @Test
  void an_account_that_is_used_again_during_the_removal_is_kept() throws SQLException {
    account("user:" + User.Id.SYSTEM.value(), 40);
    execute("update budget_accounts set period = 'day'");
    execute("update budget_windows set ends_at = now() - interval '36 days'");
    execute(
        """
        create function wait_for_a_node() returns trigger language plpgsql as $$
        begin
          perform pg_advisory_xact_lock(1);
          return old;
        end
        $$
        """);
    execute(
        """
        create trigger wait_for_a_node before delete on budget_windows
          for each row execute function wait_for_a_node()
        """);
    CompletableFuture<Integer> removal;
    try (Connection node = database.dataSource().getConnection();
        Statement statement = node.createStatement()) {
      node.setAutoCommit(false);
      boolean unused = statement.execute("select pg_advisory_xact_lock(1)");
      removal = CompletableFuture.supplyAsync(old::remove, Thread::startVirtualThread);
      ConcurrentAttempts.untilSomebodyWaits(sql);
      unused =
          statement.execute(
              """
              select open_budget_window(id, subject, unit, period, zone, budget_clock())
              from budget_accounts
              """);
      node.commit();
    }

    assertThat(removal.join()).isZero();
    assertThat(windows()).isOne();
  }

  private void execute(String statement) {
    int unused = sql.sql(statement).update();
  }

  private int windows() {
    return sql.sql("select count(*) from budget_windows").query(Integer.class).single();
  }

  private int subjects() {
    return sql.sql("select count(*) from budget_accounts").query(Integer.class).single();
  }

  private void account(String subject, int daysAgo) {
    UUID id = UUID.randomUUID();
    int made =
        sql.sql(
                """
                with account as (
                  insert into budget_accounts (id, subject, unit, period, zone, counted_from)
                  values (:id, :subject, 'usd', 'total', 'UTC', now())
                  returning id)
                select id from account
                """)
            .param("id", id)
            .param("subject", subject)
            .query(UUID.class)
            .list()
            .size();
    int windows =
        sql.sql(
                """
                insert into budget_windows (
                  account_id, starts_at, ends_at, settled, reserved, touched_at)
                values (
                  :id, 'epoch', null, 5, 0, now() - make_interval(days => :days))
                """)
            .param("id", id)
            .param("days", daysAgo)
            .update();
    assertThat(made + windows).isEqualTo(2);
  }
}
