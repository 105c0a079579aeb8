package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Outcomes;
import io.claviger.application.budgetreports.BudgetReport;
import io.claviger.application.budgetreports.BudgetReports;
import io.claviger.application.budgetreports.BudgetReports.BudgetFilter;
import io.claviger.application.budgetreports.BudgetReports.GivenRaise;
import io.claviger.application.budgetreports.BudgetReports.NewRaise;
import io.claviger.application.budgetreports.port.BudgetStateStore;
import io.claviger.application.budgets.BudgetReservations;
import io.claviger.application.builders.ABudget;
import io.claviger.application.builders.AGroup;
import io.claviger.application.builders.AUser;
import io.claviger.application.fakes.Seeds;
import io.claviger.application.limits.port.AssignedLimitsStore.StoredLimits;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.PageRequest;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetAccount;
import io.claviger.domain.budgets.BudgetHolder;
import io.claviger.domain.budgets.BudgetReference;
import io.claviger.domain.budgets.BudgetState;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupMember;
import io.claviger.domain.groups.GroupRole;
import io.claviger.domain.policy.Limits;
import io.claviger.persistence.budgets.JdbcBudgetLedger;
import io.claviger.persistence.budgets.JdbcBudgetStates;
import io.claviger.persistence.budgets.JdbcHolderDirectory;
import io.claviger.testkit.Race;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The budget of a group without calls. The earlier charges of its members are added up only when
 * the test permits it.
 */
final class NewPoolsOfGroupsTest {
  private static final int MANY = 16;
  private static final long USED_BEFORE = 40;
  private static final Budget BUDGET = ABudget.tokens(1_000).per(BudgetWindow.MONTH).build();

  @AutoClose private final PostgresPorts ports = new PostgresPorts();

  private final BudgetStateStore states = new JdbcBudgetStates(ports.database());
  private final User root = AUser.called("root").administrator().build();
  private final User bob = AUser.called("bob").build();
  private final Group team = AGroup.called("team");
  private final BudgetAccount pool =
      new BudgetAccount(BudgetHolder.group(team.id().value()).account(), BUDGET.key());

  @BeforeEach
  void fill() {
    for (User user : List.of(root, bob)) {
      ports.users().insert(user);
    }
    ports.groups().insert(team);
    ports
        .groups()
        .putMember(
            team.id(), new GroupMember(bob.id(), bob.handle(), GroupRole.MEMBER, Seeds.SEEDED_AT));
    StoredLimits pooled = new StoredLimits(Limits.of(new Budgets(List.of(BUDGET))), 1);
    ports.assignedLimits().save(team.id(), true, pooled, Seeds.SEEDED_AT);
    int unused =
        ports
            .sql()
            .sql(
                """
                create or replace function charged_since(
                  of_subject text, unit text, since timestamp with time zone)
                returns bigint language plpgsql stable as $$
                begin
                  perform pg_advisory_xact_lock_shared(1);
                  return %d;
                end
                $$
                """
                    .formatted(USED_BEFORE))
            .update();
  }

  @Test
  void the_state_is_read_without_adding_up_what_the_members_used() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Connection gate = closedGate()) {
      Future<Map<BudgetAccount, BudgetState>> read =
          threads.submit(() -> states.states(List.of(pool)));

      assertThat(read).succeedsWithin(Duration.ofSeconds(20));
      assertThat(read.get().get(pool).countedFrom()).isEmpty();
      gate.commit();
    }
  }

  /** The pool was removed, and is set again in a later window. */
  @Test
  void whoever_looks_at_a_pool_that_is_set_again_sees_what_was_charged_without_it() {
    new JdbcBudgetLedger(ports.database()).open(pool);
    int unused =
        ports
            .sql()
            .sql(
                """
                update budget_windows b
                set starts_at = w.starts_at - interval '1 day', ends_at = w.starts_at, settled = 7,
                  touched_at = w.starts_at - interval '1 hour'
                from budget_window('month', 'UTC', budget_clock()) w
                """)
            .update();
    assertThat(states.states(List.of(pool)).get(pool))
        .returns(false, BudgetState::hasWindow)
        .returns(0L, BudgetState::settled);

    BudgetState seen = seen(reports()).getFirst().state();

    assertThat(seen)
        .returns(true, BudgetState::hasWindow)
        .returns(USED_BEFORE, BudgetState::settled)
        .returns(Optional.of(seen.windowStartsAt()), BudgetState::countedFrom);
  }

  @Test
  void all_who_look_at_it_or_raise_it_keep_one_connection_busy() throws Exception {
    BudgetReports reports = reports();
    NewRaise raise = new NewRaise(BigDecimal.TEN, Instant.now().plus(Duration.ofHours(1)));
    List<Future<List<BudgetReport>>> read = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Connection gate = closedGate()) {
      for (int n = 0; n < MANY; n++) {
        read.add(threads.submit(() -> seen(reports)));
      }
      Future<GivenRaise> raised =
          threads.submit(
              () -> Outcomes.done(reports.raise(as(root, true), BudgetReference.of(pool), raise)));

      assertThat(mostWaiting(gate, Duration.ofMillis(500))).isEqualTo(1);
      gate.commit();

      for (Future<List<BudgetReport>> each : read) {
        assertThat(each.get()).hasSize(1);
        assertThat(each.get().getFirst().state().settled()).isEqualTo(USED_BEFORE);
      }
      assertThat(raised.get().unit()).isEqualTo(BudgetUnit.TOKENS);
    }
  }

  @Test
  void of_sixteen_equal_raises_that_are_given_only_once_one_is_given() {
    BudgetReports reports = reports();
    NewRaise raise = new NewRaise(BigDecimal.TEN, Instant.now().plus(Duration.ofHours(1)), true);

    List<Outcome<GivenRaise>> given =
        Race.of(MANY, n -> reports.raise(as(root, true), BudgetReference.of(pool), raise), 1);

    assertThat(given.stream().filter(Outcome.Done.class::isInstance)).hasSize(1);
    assertThat(given.stream().filter(Outcome.Refused.class::isInstance))
        .hasSize(MANY - 1)
        .allSatisfy(refused -> assertThat(refused.toString()).contains("already_raised"));
    assertThat(states.states(List.of(pool)).get(pool).raises()).hasSize(1);
    NewRaise other = new NewRaise(BigDecimal.ONE, raise.until(), true);
    assertThat(Outcomes.done(reports.raise(as(root, true), BudgetReference.of(pool), other)))
        .isNotNull();
    NewRaise again = new NewRaise(BigDecimal.TEN, raise.until());
    assertThat(Outcomes.done(reports.raise(as(root, true), BudgetReference.of(pool), again)))
        .isNotNull();
  }

  private BudgetReports reports() {
    return BudgetReports.of(
        new BudgetReports.Stores(
            ports.callContexts(),
            ports.instances(),
            ports.shares(),
            ports.users(),
            ports.accessTokens(),
            ports.groups(),
            ports.assignedLimits(),
            states,
            new JdbcHolderDirectory(ports.database())),
        new BudgetReservations(new JdbcBudgetLedger(ports.database()), System::nanoTime),
        RacingUseCases.changes(ports));
  }

  private List<BudgetReport> seen(BudgetReports reports) {
    return Outcomes.done(
            reports.list(
                as(bob, false), BudgetFilter.NONE, new PageRequest<>(Optional.empty(), 10)))
        .items();
  }

  private static Actor as(User user, boolean administrator) {
    return new Actor(
        user.id(), user.handle(), administrator, Optional.empty(), "192.0.2.1", "request");
  }

  /** A connection that makes all sums wait. */
  private Connection closedGate() throws SQLException {
    Connection connection = ports.dataSource().getConnection();
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      boolean unused = statement.execute("select pg_advisory_xact_lock(1)");
    }
    return connection;
  }

  /**
   * The most connections that waited at the gate at the same time, until a while after the first
   * one waited.
   */
  private static int mostWaiting(Connection connection, Duration watched) throws SQLException {
    int most = 0;
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (System.nanoTime() - end < 0) {
      int waiting = waiting(connection);
      if (most == 0 && waiting > 0) {
        end = System.nanoTime() + watched.toNanos();
      }
      most = Math.max(most, waiting);
      LockSupport.parkNanos(1_000_000);
    }
    return most;
  }

  private static int waiting(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                select count(*) from pg_locks l join pg_database d on d.oid = l.database
                where d.datname = current_database() and l.locktype = 'advisory' and not l.granted
                """)) {
      return row.next() ? row.getInt(1) : 0;
    }
  }
}
