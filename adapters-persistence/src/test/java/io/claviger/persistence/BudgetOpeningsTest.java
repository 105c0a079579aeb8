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
