package io.claviger.persistence.budgets;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.claviger.application.budgets.BudgetDemand;
import io.claviger.application.budgets.BudgetReservations;
import io.claviger.application.budgets.CallBudgets;
import io.claviger.application.budgets.CallSpending;
import io.claviger.application.budgets.Reservation;
import io.claviger.application.budgets.ReserveDecision;
import io.claviger.application.budgets.SpendingDecision;
import io.claviger.application.budgets.SpendingRequest;
import io.claviger.application.budgets.port.BudgetLedger.BudgetAccountState;
import io.claviger.application.budgets.port.BudgetLedger.Demand;
import io.claviger.application.budgets.port.BudgetLedger.LedgerExchange;
import io.claviger.application.builders.AnExchange;
import io.claviger.application.fakes.KnownPrices;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetAccount;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.budgets.Charge;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.spending.CallCharge;
import io.claviger.domain.spending.CallUse;
import io.claviger.domain.spending.OperationKind;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.domain.usage.UsageModel;
import io.claviger.persistence.Schema;
import io.claviger.persistence.shared.Database;
import io.claviger.testkit.Race;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Sixteen callers and nodes that spend the same budgets at the same time. */
final class BudgetLedgerRacesTest {
  /** All of what is reserved for a body of 100 bytes and 400 tokens of output. */
  private static final TokenUsage USED = TokenUsage.stated(2_100, 400, TokenParts.NONE);

  @AutoClose
  private final TestDatabase database =
      PostgresForTests.migrated("claviger", source -> new Schema(source).migrate());

  private final JdbcBudgetLedger ledger = new JdbcBudgetLedger(new Database(database.dataSource()));

  @Test
  void of_a_thousand_requests_sixteen_callers_on_two_nodes_make_exactly_a_thousand() {
    BudgetReservations one = new BudgetReservations(ledger, System::nanoTime);
    BudgetReservations other = new BudgetReservations(ledger, System::nanoTime);
    List<BudgetDemand> wanted =
        List.of(
            new BudgetDemand(meter("token:1", 1_000), 1, Optional.empty()),
            new BudgetDemand(meter("token:2", 5_000), 1, Optional.empty()));

    List<Integer> made = Race.of(16, n -> spend(n % 2 == 0 ? one : other, wanted), 1);
    int all = made.stream().mapToInt(Integer::intValue).sum();
    one.end();
    other.end();

    // What one node had leased ahead when the other's callers were refused is left.
    int left = spend(other, wanted);
    assertThat(all + left).isEqualTo(1_000);
    other.end();
    assertThat(account("token:1", 1_000).settled()).isEqualTo(1_000);
    assertThat(account("token:2", 5_000).settled()).isEqualTo(1_000);
    assertThat(account("token:2", 5_000).reserved()).isZero();
  }

  @Test
  void sixteen_calls_that_use_up_budgets_together_all_go_on_to_another_target() {
    BudgetReservations reservations = new BudgetReservations(ledger, System::nanoTime);
    CallBudgets node = new CallBudgets(new KnownPrices(), reservations, System::nanoTime);
    BudgetMeter tokens = meter("user:" + UUID.randomUUID(), BudgetUnit.TOKENS, 16 * 2_500);
    BudgetMeter requests = meter("user:" + UUID.randomUUID(), BudgetUnit.REQUESTS, 16);
    SpendingRequest call =
        new SpendingRequest(
            new SpendingRequest.Rules(
                new User.Id(UUID.randomUUID()),
                new Instance.Id(UUID.randomUUID()),
                Provider.OPENAI,
                List.of(tokens, requests),
                OptionalInt.empty(),
                false),
            Optional.of(
                RequestedUse.once(
                    new UsageModel("m"),
                    OperationKind.TEXT,
                    100,
                    OptionalLong.of(400),
                    Optional.of("max_tokens"))));
    List<CallSpending> failed = Race.of(16, n -> granted(node.reserve(call)), 1);

    List<Boolean> served =
        Race.of(
            16,
            n -> {
              CallSpending refused = failed.get(n);
              refused.giveBack();
              Optional<CallCharge> charged =
                  granted(node.reserve(call)).settle(CallUse.of(USED, CallUse.Evidence.STATED));
              refused.close();
              return charged.isPresent();
            },
            1);
    reservations.end();

    assertThat(served).hasSize(16).containsOnly(true);
    assertThat(settled(tokens)).isEqualTo(16 * 2_500);
    assertThat(settled(requests)).isEqualTo(16);
    assertThat(node.reserve(call)).isInstanceOf(SpendingDecision.Refused.class);
  }

  private static CallSpending granted(SpendingDecision decision) {
    assertThat(decision).isInstanceOf(SpendingDecision.Granted.class);
    return ((SpendingDecision.Granted) decision).spending();
  }

  private long settled(BudgetMeter meter) {
    return ofNewNode(AnExchange.asking(meter)).settled();
  }

  @Test
  void fifteen_calls_at_a_time_of_one_caller_do_not_keep_another_out_of_a_pool() {
    BudgetReservations node = new BudgetReservations(ledger, System::nanoTime);
    BudgetMeter pool = meter("service:pool", 1_000);
    User.Id greedy = new User.Id(UUID.randomUUID());
    User.Id polite = new User.Id(UUID.randomUUID());
    AtomicBoolean full = new AtomicBoolean();
    AtomicBoolean done = new AtomicBoolean();
    long began = System.nanoTime();

    List<Boolean> served =
        Race.of(
            16,
            n -> {
              boolean isPolite = n == 0;
              List<BudgetDemand> wanted =
                  List.of(
                      new BudgetDemand(
                          pool, isPolite ? 400 : 66, Optional.of(isPolite ? polite : greedy)));
              long lasting = isPolite ? 10_000_000_000L : 20_000_000_000L;
              Deque<Reservation> held = new ArrayDeque<>();
              boolean isServed = false;
              while (!isServed && !done.get() && System.nanoTime() - began < lasting) {
                if (isPolite && !full.get()) {
                  Thread.onSpinWait();
                  continue;
                }
                boolean isRefused = true;
                if (node.reserve(wanted) instanceof ReserveDecision.Reserved reserved) {
                  held.add(reserved.reservation());
                  isServed = isPolite;
                  isRefused = false;
                }
                full.compareAndSet(false, isRefused);
                // A call that is under way ends, whether or not the next one is refused.
                if (held.size() > 1 || (isRefused && !held.isEmpty())) {
                  held.remove().close();
                }
              }
              done.compareAndSet(false, isPolite);
              held.forEach(Reservation::close);
              return isServed;
            },
            1);

    assertThat(served.getFirst()).isTrue();
    node.end();
  }

  @Test
  void accounts_are_locked_in_one_order() {
    List<BudgetMeter> meters =
        List.of(meter("token:1", 100_000), meter("token:2", 100_000), meter("token:3", 100_000));
    List<Boolean> made =
        Race.of(
            16,
            n -> {
              BudgetReservations node = new BudgetReservations(ledger, System::nanoTime);
              List<BudgetDemand> wanted = new ArrayList<>();
              for (int m = 0; m < 3; m++) {
                wanted.add(new BudgetDemand(meters.get((m + n) % 3), 2, Optional.empty()));
              }
              boolean isReserved = spendOnce(node, wanted);
              node.end();
              return isReserved;
            },
            5);

    assertThat(made).hasSize(80).containsOnly(true);
    assertThat(account("token:2", 100_000).settled()).isEqualTo(80);
    assertThat(account("token:2", 100_000).reserved()).isZero();
  }

  /** As by a node that hangs in a transaction. */
  @Test
  void an_account_that_stays_locked_keeps_no_other_account_waiting() throws Exception {
    BudgetReservations node = new BudgetReservations(ledger, System::nanoTime);
    List<BudgetDemand> stuck =
        List.of(new BudgetDemand(meter("token:1", 100), 1, Optional.empty()));
    List<BudgetDemand> both =
        List.of(stuck.getFirst(), new BudgetDemand(meter("token:2", 100), 1, Optional.empty()));
    assertThat(spendOnce(node, both)).isTrue();
    CompletableFuture<Void> ending;
    try (Connection hanging = database.dataSource().getConnection();
        Statement statement = hanging.createStatement()) {
      hanging.setAutoCommit(false);
      boolean unused =
          statement.execute(
              """
              select from budget_windows w join budget_accounts a on a.id = w.account_id
              where a.subject = 'token:1' for update
              """);
      ending = ended(hanging, Duration.ofSeconds(30));

      assertThatExceptionOfType(ConcurrencyConflict.class)
          .isThrownBy(node::end)
          .extracting(ConcurrencyConflict::how)
          .isEqualTo(ConcurrencyConflict.How.LOCKED);
      assertThat(account("token:2", 100).settled()).isEqualTo(1);
      BudgetReservations other = new BudgetReservations(ledger, System::nanoTime);
      assertThatExceptionOfType(ConcurrencyConflict.class).isThrownBy(() -> other.reserve(stuck));
      assertThat(ending).isNotDone();
      hanging.rollback();
    }
    node.end();
    assertThat(account("token:1", 100).settled()).isEqualTo(1);
    boolean unused = ending.cancel(false);
  }

  /** Without this, a statement that waits for ever would make the test wait for ever. */
  private static CompletableFuture<Void> ended(Connection connection, Duration after) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            connection.abort(Runnable::run);
          } catch (SQLException e) {
            throw new IllegalStateException(e);
          }
        },
        CompletableFuture.delayedExecutor(after.toSeconds(), TimeUnit.SECONDS));
  }

  /** As with asynchronous replication. Meanwhile, other nodes have used up the budget. */
  @Test
  void a_node_whose_lease_is_missing_on_a_new_primary_still_charges_its_calls() throws Exception {
    BudgetReservations node = new BudgetReservations(ledger, System::nanoTime);
    BudgetMeter meter = meter("token:1", 100);
    Reservation small = reserved(node, meter, 10);
    Reservation large = reserved(node, meter, 60);
    try (Connection standby = database.dataSource().getConnection()) {
      execute(standby, "update budget_leases set granted = 10");
      execute(standby, "update budget_windows set reserved = 10, settled = 60");
    }
    node.doubt();
    node.end();

    large.settle(of -> 50);
    node.end();
    small.settle(of -> 10);
    node.end();

    assertThat(account("token:1", 100).settled()).isEqualTo(120);
    assertThat(account("token:1", 100).reserved()).isZero();
  }

  private static Reservation reserved(BudgetReservations node, BudgetMeter meter, long amount) {
    ReserveDecision decision =
        node.reserve(List.of(new BudgetDemand(meter, amount, Optional.empty())));
    assertThat(decision).isInstanceOf(ReserveDecision.Reserved.class);
    return ((ReserveDecision.Reserved) decision).reservation();
  }

  @Test
  void sixteen_nodes_lease_no_more_than_there_is() {
    assertThat(leaseAll("token:1")).isEqualTo(account("token:1", 200).reserved()).isEqualTo(200);
  }

  @Test
  void without_the_lock_they_would_lease_more() throws SQLException {
    new BrokenFunction(
            "exchange_budgets",
            "b.starts_at = window_start for update",
            "b.starts_at = window_start")
        .install(database.dataSource());

    boolean isNoticed = false;
    for (int n = 0; n < 50 && !isNoticed; n++) {
      isNoticed = leaseAll("token:" + n) != account("token:" + n, 200).reserved();
    }

    assertThat(isNoticed).isTrue();
  }

  @Test
  void calls_of_other_budgets_do_not_wait_for_the_sum_of_a_new_pool_of_a_group() throws Exception {
    BudgetReservations node = new BudgetReservations(ledger, System::nanoTime);
    List<BudgetDemand> other =
        List.of(new BudgetDemand(meter("token:1", 100), 1, Optional.empty()));
    assertThat(spendOnce(node, other)).isTrue();
    node.end();
    String group = "group:" + UUID.randomUUID();
    List<BudgetDemand> pool = List.of(new BudgetDemand(meter(group, 100), 1, Optional.empty()));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Connection lock = database.dataSource().getConnection()) {
      lock.setAutoCommit(false);
      execute(lock, "lock table usage_charges in access exclusive mode");
      List<Future<Boolean>> waiting = new ArrayList<>();
      for (int n = 0; n < 16; n++) {
        waiting.add(threads.submit(() -> spendOnce(node, pool)));
      }
      awaitSums(lock, 1);

      List<Boolean> served =
          threads.submit(() -> Race.of(16, n -> spendOnce(node, other), 1)).get(20, SECONDS);
      assertThat(served).containsOnly(true);
      assertThat(waiting).noneMatch(Future::isDone);
      lock.commit();
      for (Future<Boolean> each : waiting) {
        assertThat(each.get()).isTrue();
      }
    }
    node.end();
    assertThat(account(group, 100).settled()).isEqualTo(16);
    assertThat(account("token:1", 100).settled()).isEqualTo(17);
  }

  @Test
  void calls_under_known_pools_do_not_wait_for_the_sums_of_new_pools_of_other_groups()
      throws Exception {
    String known = "group:" + UUID.randomUUID();
    List<BudgetDemand> served = pool(known, BudgetUnit.REQUESTS);
    BudgetReservations earlier = new BudgetReservations(ledger, System::nanoTime);
    assertThat(spendOnce(earlier, served)).isTrue();
    earlier.end();
    BudgetReservations node = new BudgetReservations(ledger, System::nanoTime);
    String group = "group:" + UUID.randomUUID();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Connection lock = database.dataSource().getConnection()) {
      lock.setAutoCommit(false);
      execute(lock, "lock table usage_charges in access exclusive mode");
      Future<Boolean> requests =
          threads.submit(() -> spendOnce(node, pool(group, BudgetUnit.REQUESTS)));
      Future<Boolean> tokens =
          threads.submit(() -> spendOnce(node, pool(group, BudgetUnit.TOKENS)));
      awaitSums(lock, 2);

      assertThat(
              threads.submit(() -> Race.of(16, n -> spendOnce(node, served), 1)).get(20, SECONDS))
          .containsOnly(true);
      assertThat(requests.isDone() || tokens.isDone()).isFalse();
      lock.commit();
      assertThat(requests.get() && tokens.get()).isTrue();
    }
    node.end();
    assertThat(account(known, 100).settled()).isEqualTo(17);
  }

  private static List<BudgetDemand> pool(String group, BudgetUnit unit) {
    return List.of(new BudgetDemand(meter(group, unit, 100), 1, Optional.empty()));
  }

  /** As on a serving node, where a connection waits only for a time for the server's bytes. */
  @Test
  void a_sum_goes_on_although_it_takes_longer_than_connections_wait_for_an_answer()
      throws Exception {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(database.jdbcUrl());
    config.addDataSourceProperty("socketTimeout", "1");
    BudgetAccount account = BudgetAccount.of(meter("group:" + UUID.randomUUID(), 100));
    try (HikariDataSource impatient = new HikariDataSource(config);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Connection lock = database.dataSource().getConnection()) {
      JdbcBudgetLedger serving =
          new JdbcBudgetLedger(new Database(database.dataSource()), new Database(impatient));
      lock.setAutoCommit(false);
      execute(lock, "lock table usage_charges in access exclusive mode");
      Future<?> opening = threads.submit(() -> serving.open(account));
      awaitSums(lock, 1);
      assertThatExceptionOfType(TimeoutException.class)
          .isThrownBy(() -> opening.get(2500, TimeUnit.MILLISECONDS));
      lock.commit();

      assertThat(opening).succeedsWithin(Duration.ofSeconds(20));
    }
  }

  /** Waits until new accounts add up what their holders were charged before. */
  private static void awaitSums(Connection connection, int wanted) throws SQLException {
    boolean areWaiting = false;
    while (!areWaiting) {
      try (Statement statement = connection.createStatement();
          ResultSet rows =
              statement.executeQuery(
                  """
                  select count(*) from pg_locks
                  where not granted and relation = 'usage_charges'::regclass
                  """)) {
        areWaiting = rows.next() && rows.getInt(1) >= wanted;
      }
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      boolean unused = statement.execute(sql);
    }
  }

  @Test
  void of_sixteen_nodes_that_open_the_pool_of_a_group_each_gets_what_its_members_used_before()
      throws SQLException {
    UUID group = UUID.randomUUID();
    try (Connection connection = database.dataSource().getConnection()) {
      execute(connection, "set session_replication_role = replica");
      for (String other : List.of(group.toString(), UUID.randomUUID().toString())) {
        for (int n = 0; n < 3; n++) {
          UUID member = UUID.randomUUID();
          execute(
              connection,
              "insert into group_members (group_id, user_id, role, created_at) values ('%s', '%s', 'member', now() - interval '1 hour')"
                  .formatted(other, member));
          execute(
              connection,
              "insert into usage_charges select 'user:%s', date_bin('15 minutes', now(), '2000-01-01T00:00Z'), 5, 0, 0"
                  .formatted(member));
        }
      }
    }
    List<BudgetDemand> pool =
        List.of(new BudgetDemand(meter("group:" + group, 31), 1, Optional.empty()));

    List<Boolean> served =
        Race.of(
            16,
            n -> {
              BudgetReservations node = new BudgetReservations(ledger, System::nanoTime);
              boolean isServed = spendOnce(node, pool);
              node.end();
              return isServed;
            },
            1);

    assertThat(served).containsOnly(true);
    assertThat(account("group:" + group, 31).settled()).isEqualTo(3 * 5 + 16);
  }

  private long leaseAll(String subject) {
    BudgetAccount account = BudgetAccount.of(meter(subject, 200));
    return Race.of(
            16, n -> ofNewNode(AnExchange.wanting(account, 1, new Demand(200, 1, 1, 0))).held(), 15)
        .stream()
        .mapToLong(Long::longValue)
        .sum();
  }

  private static int spend(BudgetReservations node, List<BudgetDemand> wanted) {
    int made = 0;
    while (spendOnce(node, wanted)) {
      made++;
    }
    return made;
  }

  private static boolean spendOnce(BudgetReservations node, List<BudgetDemand> wanted) {
    ReserveDecision decision = node.reserveAtOnce(wanted);
    if (decision instanceof ReserveDecision.Unknown) {
      decision = node.reserve(wanted);
    }
    if (decision instanceof ReserveDecision.Reserved reserved) {
      reserved.reservation().settle(new Charge(1, 1, OptionalLong.empty()));
      return true;
    }
    return false;
  }

  private BudgetAccountState account(String subject, long amount) {
    return ofNewNode(AnExchange.asking(meter(subject, amount)));
  }

  private BudgetAccountState ofNewNode(LedgerExchange exchange) {
    return ledger.exchange(UUID.randomUUID(), List.of(exchange)).getFirst();
  }

  private static BudgetMeter meter(String subject, long requests) {
    return meter(subject, BudgetUnit.REQUESTS, requests);
  }

  private static BudgetMeter meter(String subject, BudgetUnit unit, long amount) {
    return new BudgetMeter(
        subject,
        new Budget(amount, unit, BudgetWindow.TOTAL, BudgetZone.UTC, BudgetBound.STRICT, false),
        true);
  }
}
