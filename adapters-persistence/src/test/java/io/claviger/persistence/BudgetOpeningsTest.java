package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.application.budgets.port.BudgetLedger.BudgetAccountState;
import io.claviger.application.budgets.port.BudgetLedger.Demand;
import io.claviger.application.builders.AnExchange;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetAccount;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.persistence.budgets.BudgetOpenings;
import io.claviger.testkit.Race;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What was spent in another system counts in the present window, once. */
final class BudgetOpeningsTest {
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final int MANY = 16;
  private final BudgetOpenings openings = new BudgetOpenings(PORTS.database());
  private final UUID node = UUID.randomUUID();
  private final String subject = "token:" + UUID.randomUUID();

  @ParameterizedTest
  @EnumSource
  void calls_get_what_is_left_of_the_budget(BudgetWindow window) {
    BudgetAccount account = account(window);

    assertThat(openings.open(account, 70, "litellm")).isTrue();

    BudgetAccountState refused = needing(account, 31, 1);
    assertThat(refused.settled()).isEqualTo(70);
    assertThat(refused.left()).isEqualTo(30);
    assertThat(refused.held()).isZero();
    assertThat(needing(account, 30, 2).held()).isEqualTo(30);
  }

  @ParameterizedTest
  @EnumSource
  void what_nodes_hold_already_stays_held(BudgetWindow window) {
    BudgetAccount account = account(window);
    assertThat(needing(account, 50, 1).held()).isEqualTo(50);

    assertThat(openings.open(account, 70, "litellm")).isTrue();

    BudgetAccountState after = needing(account, 0, 2);
    assertThat(after.settled()).isEqualTo(70);
    assertThat(after.left()).isLessThanOrEqualTo(30);
  }

  /** A repeated import, and two at the same time. */
  @ParameterizedTest
  @EnumSource
  void of_many_entries_of_one_system_one_counts(BudgetWindow window) {
    BudgetAccount account = account(window);

    List<Boolean> charged = Race.of(MANY, n -> openings.open(account, 7, "litellm"), 1);

    assertThat(charged).containsOnlyOnce(true);
    assertThat(openings.open(account, 9, "litellm")).isFalse();
    assertThat(openings.open(account, 2, "another")).isTrue();
    assertThat(needing(account, 0, 1).settled()).isEqualTo(9);
  }

  /** The undo of an import, repeatedly and at the same time. */
  @ParameterizedTest
  @EnumSource
  void what_is_taken_back_was_never_charged(BudgetWindow window) {
    BudgetAccount account = account(window);
    assertThat(openings.open(account, 70, "litellm")).isTrue();
    assertThat(openings.open(account, 2, "another")).isTrue();
    assertThat(needing(account, 5, 1).settled()).isEqualTo(72);

    List<Boolean> ended =
        Race.of(
            MANY,
            n -> {
              openings.close(List.of(subject), "litellm");
              return true;
            },
            1);

    assertThat(ended).hasSize(MANY).containsOnly(true);
    BudgetAccountState after = needing(account, 0, 2);
    assertThat(after.settled()).isEqualTo(2);
    assertThat(after.left() + after.held()).isEqualTo(98);
    assertThat(openings.open(account, 9, "litellm")).as("another import").isTrue();
    assertThat(needing(account, 0, 3).settled()).isEqualTo(11);
  }

  @ParameterizedTest
  @EnumSource
  void an_account_with_nothing_else_goes_too(BudgetWindow window) {
    BudgetAccount account = account(window);
    assertThat(openings.open(account, 70, "litellm")).isTrue();

    openings.close(List.of("token:" + UUID.randomUUID()), "litellm");
    openings.close(List.of(subject), "another");
    assertThat(needing(account, 0, 1).settled()).isEqualTo(70);
    BudgetAccount unused = new BudgetAccount("token:" + UUID.randomUUID(), account.key());
    assertThat(openings.open(unused, 70, "litellm")).isTrue();
    openings.close(List.of(unused.subject()), "litellm");

    assertThat(
            PORTS
                .database()
                .jdbc()
                .sql("select subject from budget_accounts where subject in (:one, :other)")
                .param("one", subject)
                .param("other", unused.subject())
                .query(String.class)
                .list())
        .containsExactly(subject);
  }

  @Test
  void only_what_was_imported_for_these_holders_is_taken_back_and_used_accounts_stay() {
    BudgetAccount closed = account(BudgetWindow.MONTH);
    BudgetAccount others =
        new BudgetAccount("token:" + UUID.randomUUID(), account(BudgetWindow.WEEK).key());
    BudgetAccount sameWindow = new BudgetAccount(others.subject(), closed.key());
    assertThat(openings.open(closed, 70, "litellm")).isTrue();
    assertThat(openings.open(sameWindow, 80, "litellm")).isTrue();
    run(
        """
        insert into budget_accounts (id, subject, unit, period, zone, counted_from)
        values (:id, :subject, 'tokens', 'week', 'UTC', now())
        """,
        others);
    run(
        """
        insert into budget_windows (account_id, starts_at, ends_at, settled, reserved, touched_at)
        values (:id, '2020-01-01Z', '2020-02-01Z', 9, 0, now())
        """,
        closed);

    openings.close(List.of(subject), "litellm");

    assertThat(
            PORTS
                .sql()
                .sql(
                    """
                    select concat_ws(' ', a.subject, w.settled)
                    from budget_accounts a left join budget_windows w on w.account_id = a.id
                    where a.subject in (:one, :other)
                    order by w.settled nulls first
                    """)
                .param("one", subject)
                .param("other", others.subject())
                .query(String.class)
                .list())
        .containsExactly(
            others.subject(), subject + " 0", subject + " 9", others.subject() + " 80");
    assertThat(openings.open(sameWindow, 1, "litellm")).as("again").isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        insert into budget_raises (id, account_id, amount, until, created_at)
        values (gen_random_uuid(), :id, 1, now() + interval '1 day', now())
        """,
        """
        insert into budget_leases (account_id, starts_at, node, began, sequence, spent, granted,
          written_off, touched_at)
        select :id, starts_at, gen_random_uuid(), 0, 1, 0, 0, 0, now()
        from budget_windows where account_id = :id
        """,
        "update budget_windows set settled = settled + 1 where account_id = :id",
        "update budget_windows set reserved = 1 where account_id = :id"
      })
  void an_account_that_is_used_for_anything_else_stays(String use) {
    BudgetAccount account = account(BudgetWindow.MONTH);
    BudgetAccount other = account(BudgetWindow.WEEK);
    assertThat(openings.open(account, 70, "litellm")).isTrue();
    assertThat(openings.open(other, 70, "litellm")).isTrue();
    run(use, account);

    openings.close(List.of(subject), "litellm");

    assertThat(periods()).containsExactly("month");
  }

  /** A node may be opening a window of such an account. */
  @Test
  void an_account_that_is_locked_is_neither_waited_for_nor_removed() throws Exception {
    BudgetAccount account = account(BudgetWindow.MONTH);
    assertThat(openings.open(account, 70, "litellm")).isTrue();
    try (Connection opening = PORTS.dataSource().getConnection();
        Statement lock = opening.createStatement()) {
      opening.setAutoCommit(false);
      lock.execute(
          "select from budget_accounts where id = '%s' for key share".formatted(account.id()));

      CompletableFuture.runAsync(
              () -> openings.close(List.of(subject), "litellm"), Thread::startVirtualThread)
          .get(30, TimeUnit.SECONDS);
      opening.rollback();
    }

    assertThat(periods()).containsExactly("month");
    assertThat(needing(account, 0, 1).settled()).as("taken back").isZero();
  }

  private List<String> periods() {
    return PORTS
        .sql()
        .sql("select period from budget_accounts where subject = :subject")
        .param("subject", subject)
        .query(String.class)
        .list();
  }

  private static void run(String statement, BudgetAccount account) {
    int unused =
        PORTS
            .sql()
            .sql(statement)
            .param("id", account.id())
            .param("subject", account.subject())
            .update();
  }

  /** If the account were removed, nobody would be charged for the calls under this lease. */
  @Test
  void an_account_of_which_a_node_leases_a_part_meanwhile_stays() throws SQLException {
    BudgetAccount account = account(BudgetWindow.MONTH);
    assertThat(openings.open(account, 70, "litellm")).isTrue();
    String of = "'" + account.id() + "'";
    CompletableFuture<Boolean> closing;
    try (Connection leasing = PORTS.dataSource().getConnection();
        Statement lease = leasing.createStatement()) {
      lease.execute(
          """
          insert into budget_windows (account_id, starts_at, ends_at, settled, reserved, touched_at)
          values (%s, now() + interval '40 days', now() + interval '70 days', 0, 0, now())
          """
              .formatted(of));
      leasing.setAutoCommit(false);
      lease.execute(
          "update budget_windows set reserved = 5 where settled = 0 and account_id = " + of);
      lease.execute(
          """
          insert into budget_leases (account_id, starts_at, node, began, sequence, spent, granted,
            written_off, touched_at)
          select account_id, starts_at, gen_random_uuid(), 0, 1, 0, 5, 0, now()
          from budget_windows
          where settled = 0 and account_id = %s
          """
              .formatted(of));
      closing =
          CompletableFuture.supplyAsync(
              () ->
                  PORTS
                      .transactions()
                      .inTransaction(
                          () -> {
                            openings.close(List.of(subject), "litellm");
                            return true;
                          }),
              Thread::startVirtualThread);
      ConcurrentAttempts.untilSomebodyWaits(PORTS.sql());
      leasing.commit();
    }

    assertThat(closing.join()).isTrue();
    assertThat(
            PORTS
                .sql()
                .sql("select granted from budget_leases where account_id = :id")
                .param("id", account.id())
                .query(Integer.class)
                .list())
        .containsExactly(5);
    assertThat(needing(account, 0, 1).settled()).as("taken back").isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MAX_VALUE, Long.MIN_VALUE})
  void what_no_budget_can_have_is_refused(long spent) {
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> openings.open(account(BudgetWindow.DAY), spent, "litellm"));
  }

  private BudgetAccount account(BudgetWindow window) {
    return new BudgetAccount(subject, new Budget.Key(BudgetUnit.TOKENS, window, BudgetZone.UTC));
  }

  private BudgetAccountState needing(BudgetAccount account, long needed, long sequence) {
    return PORTS
        .budgetLedger()
        .exchange(
            node,
            List.of(AnExchange.wanting(account, sequence, new Demand(100, needed, needed, 0))))
        .getFirst();
  }
}
