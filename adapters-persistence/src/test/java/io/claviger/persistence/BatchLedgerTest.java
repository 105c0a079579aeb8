package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.claviger.application.batches.port.BatchLedger;
import io.claviger.application.batches.port.BatchLedger.NewBatch;
import io.claviger.application.batches.port.BatchLedger.OpenBatch;
import io.claviger.application.batches.port.BatchLedger.ReservedBudget;
import io.claviger.application.budgets.BudgetDemand;
import io.claviger.application.budgets.BudgetReservations;
import io.claviger.application.budgets.Reservation;
import io.claviger.application.budgets.ReserveDecision;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.application.usage.port.AccountCharge;
import io.claviger.application.usage.port.UsageStore.UsageBatch;
import io.claviger.application.usage.port.UsageStore.UsageRefused;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.batches.ReservedModel;
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
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.projects.Project;
import io.claviger.domain.usage.CountedModel;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.PriceVersions;
import io.claviger.domain.usage.UsageAccount;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageModel;
import io.claviger.domain.usage.UsageRow;
import io.claviger.persistence.batches.JdbcBatchLedger;
import io.claviger.persistence.budgets.JdbcBudgetLedger;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.usage.JdbcUsageBooks;
import io.claviger.testkit.Race;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Batches and calls that reserve of the same budgets. */
final class BatchLedgerTest {
  private static final User.Id BOB = new User.Id(UUID.randomUUID());
  private static final Duration DAY = Duration.ofDays(1);

  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();

  private final Database database = PORTS.database();
  private final BatchLedger ledger = new JdbcBatchLedger(database, new JdbcUsageBooks(database));
  private final JdbcBudgetLedger budgets = new JdbcBudgetLedger(database);

  @BeforeEach
  void begin() {
    assertThat(PORTS.emptied().users().isEmpty()).isTrue();
  }

  private static NewBatch batch() {
    return batch(2, 1);
  }

  private static NewBatch batch(long service, long ownedBy) {
    User.Id owner = new User.Id(new UUID(0, ownedBy));
    return new NewBatch(
        UUID.randomUUID(),
        new UsageAccount(
            BOB,
            new Handle("bob"),
            new Instance.Id(new UUID(0, service)),
            Instance.Ref.of("alice/s"),
            owner,
            Optional.of(
                new UsageAccount.ThroughProject(
                    new Project.Id(new UUID(0, 3)), Project.Ref.of("alice/p"), owner))),
        KeySource.CENTRAL,
        Provider.OPENAI,
        List.of("service:1", "user:2"),
        "chat/completions",
        Optional.of("file-1"),
        List.of(
            new ReservedModel(
                "m",
                2,
                100,
                200,
                10,
                20,
                0,
                7,
                FeesUsed.of(new FeePiece(FeeKind.CODE_INTERPRETER, "64g"), 1)
                    .plus(FeesUsed.of(FeeKind.WEB_SEARCH, 32))),
            new ReservedModel("n", 1, 10, 20, 1, 2, 3, 4, FeesUsed.NONE)),
        DAY);
  }

  private static BudgetMeter meter(String subject, long amount, BudgetBound bound) {
    return new BudgetMeter(
        subject,
        new Budget(amount, BudgetUnit.TOKENS, BudgetWindow.TOTAL, BudgetZone.UTC, bound, false),
        true);
  }

  private static BudgetDemand wanted(String subject, long budget, long amount) {
    return new BudgetDemand(meter(subject, budget, BudgetBound.STRICT), amount, Optional.empty());
  }

  private long number(String amount, String subject) {
    return database
        .jdbc()
        .sql(
            "select coalesce(sum("
                + amount
                + "), 0) from budget_windows w join budget_accounts a on a.id = w.account_id"
                + " where a.subject = :subject")
        .param("subject", subject)
        .query(Long.class)
        .single();
  }

  private long reserved(String subject) {
    return number("w.reserved", subject);
  }

  private long settled(String subject) {
    return number("w.settled", subject);
  }

  /** Both in one statement: between two, a settlement would be counted twice. */
  private long reservedAndSettled(String subject) {
    return number("w.reserved + w.settled", subject);
  }

  private long open() {
    return count("open");
  }

  private long count(String state) {
    return database
        .jdbc()
        .sql("select count(*) from batch_reservations where state = :state")
        .param("state", state)
        .query(Long.class)
        .single();
  }

  private static UsageBatch usage(UUID batch) {
    return new UsageBatch(
        batch,
        1,
        List.of(
            new UsageRow(
                LocalDate.now(ZoneOffset.UTC),
                batch().account(),
                KeySource.CENTRAL,
                CountedModel.of(new UsageModel("m")),
                PriceVersions.NONE,
                new UsageCounts(2, 0, 0, 0, 30, 40))),
        List.of(new AccountCharge("user:2", Instant.parse("2026-11-01T00:15:00Z"), 2, 70, 9)));
  }

  private static Map<UUID, Long> charge(String subject, long amount) {
    return Map.of(BudgetAccount.of(meter(subject, 1, BudgetBound.STRICT)).id(), amount);
  }

  @Test
  void a_batch_whose_usage_a_constraint_refuses_stays_open_and_can_be_settled_without_it() {
    NewBatch batch = batch();
    assertThat(ledger.reserve(batch, List.of(wanted("token:1", 1_000, 300)))).isEmpty();
    UsageRow row = usage(batch.id()).rows().getFirst();
    UsageRow refused =
        new UsageRow(
            row.day(),
            row.account(),
            row.source(),
            row.model(),
            row.prices(),
            new UsageCounts(1, 2, 0, 0, 30, 40));
    UsageBatch broken = new UsageBatch(batch.id(), 1, List.of(refused));

    assertThatExceptionOfType(UsageRefused.class)
        .isThrownBy(() -> ledger.settle(batch.id(), charge("token:1", 70), broken));
    assertThat(open()).isEqualTo(1);
    assertThat(reserved("token:1")).isEqualTo(300);

    UsageBatch nothing = new UsageBatch(batch.id(), 1, List.of());
    assertThat(ledger.settle(batch.id(), charge("token:1", 70), nothing)).isTrue();
    assertThat(open()).isZero();
    assertThat(settled("token:1")).isEqualTo(70);
  }

  /** Summing up a month of usage can take minutes. */
  @Test
  void a_batch_is_settled_while_the_usage_of_its_day_is_summed_up() throws Exception {
    NewBatch batch = batch();
    assertThat(ledger.reserve(batch, List.of(wanted("token:1", 1_000, 300)))).isEmpty();
    LocalDate yesterday = LocalDate.now(ZoneOffset.UTC).minusDays(1);
    UsageRow row = usage(batch.id()).rows().getFirst();
    UsageRow late =
        new UsageRow(
            yesterday, row.account(), row.source(), row.model(), row.prices(), row.counts());
    UsageBatch used = new UsageBatch(batch.id(), 1, List.of(late));
    try (ExecutorService thread = Executors.newSingleThreadExecutor();
        Connection summing = PORTS.dataSource().getConnection();
        Statement sum = summing.createStatement()) {
      summing.setAutoCommit(false);
      int unused =
          sum.executeUpdate(
              "insert into usage_periods (grain, period, totalled) values ('day', '%s', true)"
                  .formatted(yesterday));
      Future<Boolean> settled =
          thread.submit(() -> ledger.settle(batch.id(), charge("token:1", 70), used));
      try {
        assertThat(settled.get(20, TimeUnit.SECONDS)).isTrue();
      } finally {
        summing.rollback();
      }
    }
    assertThat(settled("token:1")).isEqualTo(70);
  }

  @Test
  void sums_of_usage_that_another_node_makes_are_not_waited_for() throws Exception {
    JdbcUsageBooks books = new JdbcUsageBooks(database);
    addUsageOfEndedDay(books);
    try (Connection other = PORTS.dataSource().getConnection();
        Statement sum = other.createStatement()) {
      other.setAutoCommit(false);
      assertThat(
              sum.execute(
                  "select pg_advisory_xact_lock("
                      + "hashtextextended('claviger usage sums ' || current_schema(), 0))"))
          .isTrue();
      assertThat(books.rollUp(10)).isZero();
      other.rollback();
    }

    assertThat(books.rollUp(10)).isPositive();
  }

  /**
   * Adds usage of a day that is already summed up. Yesterday is summed up only ten minutes after
   * midnight.
   */
  private static void addUsageOfEndedDay(JdbcUsageBooks books) {
    LocalDate ended = LocalDate.now(ZoneOffset.UTC).minusDays(2);
    UsageRow row = usage(UUID.randomUUID()).rows().getFirst();
    books.add(
        new UsageBatch(
            UUID.randomUUID(),
            1,
            List.of(
                new UsageRow(
                    ended, row.account(), row.source(), row.model(), row.prices(), row.counts()))));
  }

  /** The sums of a large month take minutes. */
  @Test
  void sums_of_usage_may_take_longer_than_other_statements() throws Exception {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(PORTS.jdbcUrl() + "&socketTimeout=1");
    config.setMaximumPoolSize(1);
    try (HikariDataSource impatient = new HikariDataSource(config);
        Connection other = PORTS.dataSource().getConnection();
        Statement lock = other.createStatement()) {
      JdbcUsageBooks books = new JdbcUsageBooks(new Database(impatient));
      addUsageOfEndedDay(books);
      other.setAutoCommit(false);
      boolean unused = lock.execute("lock table usage_rollups in exclusive mode");
      CompletableFuture<Integer> summed =
          CompletableFuture.supplyAsync(() -> books.rollUp(1), Thread::startVirtualThread);
      ConcurrentAttempts.untilSomebodyWaits(database.jdbc());
      assertThatExceptionOfType(TimeoutException.class)
          .isThrownBy(() -> summed.get(2_500, TimeUnit.MILLISECONDS));
      other.rollback();

      assertThat(summed.get(20, TimeUnit.SECONDS)).isEqualTo(1);
      try (Connection returned = impatient.getConnection()) {
        assertThat(returned.getNetworkTimeout()).isEqualTo(1_000);
      }
    }
  }

  @Test
  void a_measured_budget_shows_how_far_a_batch_can_take_it() {
    BudgetMeter measured = meter("user:2", 1_000, BudgetBound.MEASURED);
    BudgetDemand small = new BudgetDemand(measured, 10, 700, Optional.of(BOB));
    BudgetDemand large = new BudgetDemand(measured, 10, 900, Optional.of(BOB));
    BudgetDemand tooLarge = new BudgetDemand(measured, 1_001, 9_000, Optional.of(BOB));

    for (BudgetDemand wanted : List.of(small, large, small)) {
      assertThat(ledger.reserve(batch(), List.of(wanted, wanted("token:1", 1_000, 300)))).isEmpty();
    }
    assertThat(ledger.reserve(batch(), List.of(tooLarge))).isPresent();

    assertThat(number("w.dearest_call", "user:2")).isEqualTo(900);
    assertThat(number("w.dearest_call", "token:1")).isZero();
  }

  /**
   * The node's connection stays open, like the connection of a machine that has lost its network.
   */
  @Test
  void a_node_that_hangs_while_it_reserves_holds_nobody_up_for_long() throws InterruptedException {
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch goesOn = new CountDownLatch(1);
    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      Future<Boolean> hung =
          thread.submit(
              () ->
                  database
                      .transactions()
                      .inTransaction(
                          () -> {
                            assertThat(reserves300()).isTrue();
                            hanging.countDown();
                            return awaited(goesOn);
                          }));
      hanging.await();
      assertThat(reserves300()).isTrue();
      goesOn.countDown();

      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(hung::get)
          .withCauseInstanceOf(StoreUnavailable.class);
      assertThat(reserved("token:1")).isEqualTo(300);
    }
  }

  private boolean reserves300() {
    return ledger.reserve(batch(), List.of(wanted("token:1", 1_000, 300))).isEmpty();
  }

  private static boolean awaited(CountDownLatch latch) {
    try {
      return latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void a_batch_is_open_until_it_is_settled_and_then_charged_once() {
    NewBatch batch = batch();
    assertThat(ledger.anyOpen()).isFalse();

    assertThat(
            ledger.reserve(
                batch, List.of(wanted("token:1", 1_000, 300), wanted("service:2", 500, 400))))
        .isEmpty();

    assertThat(reserved("token:1")).isEqualTo(300);
    assertThat(reserved("service:2")).isEqualTo(400);
    assertThat(ledger.take(10, List.of(), DAY)).isEmpty();
    assertThat(ledger.bind(batch.id(), "batch_1", Duration.ZERO)).isTrue();
    assertThat(ledger.bind(batch.id(), "batch_2", Duration.ZERO)).isFalse();
    assertThat(ledger.bind(batch.id(), "batch_1", Duration.ZERO)).isTrue();
    assertThat(ledger.anyOpen()).isTrue();
    OpenBatch open = ledger.take(10, List.of(), DAY).getFirst();
    assertThat(ledger.anyOpen()).isTrue();
    assertThat(open.batch()).isEqualTo(batch);
    assertThat(open.id()).contains("batch_1");
    assertThat(open.isOver()).isFalse();
    assertThat(open.checks()).isEqualTo(1);
    assertThat(open.budgets())
        .extracting(ReservedBudget::amount)
        .containsExactlyInAnyOrder(300L, 400L);
    assertThat(open.budgets())
        .filteredOn(ReservedBudget::isOfService)
        .containsExactly(
            new ReservedBudget(
                BudgetAccount.of(meter("service:2", 1, BudgetBound.STRICT)).id(),
                BudgetUnit.TOKENS,
                BudgetBound.STRICT,
                true,
                400));
    assertThat(ledger.take(10, List.of(), DAY)).isEmpty();
    ledger.postpone(batch.id(), Duration.ZERO, false);
    assertThat(ledger.take(10, List.of(), DAY)).hasSize(1);

    List<Boolean> settled =
        Race.of(16, n -> ledger.settle(batch.id(), charge("token:1", 70), usage(batch.id())), 1);

    assertThat(settled).containsOnlyOnce(true);
    assertThat(settled("token:1")).isEqualTo(70);
    assertThat(settled("service:2")).isZero();
    assertThat(reserved("token:1") + reserved("service:2")).isZero();
    assertThat(
            database
                .jdbc()
                .sql("select sum(requests) * 1000 + sum(output_tokens) from usage_daily")
                .query(Long.class)
                .single())
        .isEqualTo(2_040);
    ledger.release(batch.id());
    assertThat(settled("token:1")).isEqualTo(70);
    assertThat(open()).isZero();

    // The batch is charged, but its files with results are not recorded yet.
    assertThat(ledger.anyOpen()).isTrue();
    ledger.keepResults(batch.id(), batch.account().instance(), "batch_1", List.of());
    assertThat(ledger.anyOpen()).isFalse();
  }

  @Test
  void what_does_not_fit_reserves_nothing_of_any_budget() {
    assertThat(ledger.reserve(batch(), List.of(wanted("token:3", 1_000, 600)))).isEmpty();

    Optional<ReserveDecision.Exhausted> refused =
        ledger.reserve(
            batch(),
            List.of(
                wanted("token:1", 1_000, 1), wanted("token:2", 1_000, 1),
                wanted("token:3", 1_000, 401), wanted("token:4", 1_000, 1)));

    assertThat(refused)
        .contains(
            new ReserveDecision.Exhausted(
                meter("token:3", 1_000, BudgetBound.STRICT), 401, 400, Optional.empty()));
    assertThat(reserved("token:1") + reserved("token:2") + reserved("token:4")).isZero();
    assertThat(reserved("token:3")).isEqualTo(600);
    assertThat(open()).isEqualTo(1);
  }

  @Test
  void a_batch_that_is_not_made_returns_all_that_it_reserved() {
    NewBatch batch = batch();
    assertThat(ledger.reserve(batch, List.of(wanted("token:1", 1_000, 600)))).isEmpty();

    List<Boolean> unused =
        Race.of(
            8,
            n -> {
              ledger.release(batch.id());
              return true;
            },
            1);

    assertThat(reserved("token:1")).isZero();
    assertThat(settled("token:1")).isZero();
    assertThat(open()).isZero();
  }

  @Test
  void what_happens_to_a_batch_changes_no_other() {
    NewBatch one = batch();
    NewBatch other = batch();
    NewBatch third = batch();
    assertThat(ledger.reserve(one, List.of(wanted("token:1", 1_000, 100)))).isEmpty();
    assertThat(ledger.reserve(other, List.of(wanted("token:2", 1_000, 200)))).isEmpty();
    assertThat(ledger.reserve(third, List.of(wanted("token:1", 1_000, 300)))).isEmpty();
    for (NewBatch each : List.of(one, other)) {
      assertThat(ledger.bind(each.id(), "batch_" + each.id(), Duration.ZERO)).isTrue();
    }

    ledger.postpone(one.id(), DAY, true);
    OpenBatch due = ledger.take(10, List.of(), Duration.ZERO).getFirst();
    assertThat(due.batch()).isEqualTo(other);
    assertThat(due.budgets()).extracting(ReservedBudget::amount).containsExactly(200L);
    assertThat(ledger.take(10, List.of(), Duration.ZERO)).hasSize(1);

    assertThat(ledger.settle(one.id(), charge("token:1", 70), usage(one.id()))).isTrue();
    assertThat(open()).isEqualTo(2);
    assertThat(reserved("token:1")).isEqualTo(300);
    assertThat(ledger.bind(one.id(), "batch_" + one.id(), Duration.ZERO)).isFalse();
    ledger.release(one.id());
    assertThat(count("settled")).isEqualTo(1);
    ledger.release(third.id());
    assertThat(open()).isEqualTo(1);
    assertThat(reserved("token:1")).isZero();
    assertThat(reserved("token:2")).isEqualTo(200);

    ledger.postpone(one.id(), Duration.ZERO, true);
    assertThat(ledger.take(10, List.of(), DAY))
        .extracting(open -> open.batch().id())
        .containsExactly(other.id());
    assertThat(ledger.settle(other.id(), charge("token:2", 80), usage(other.id()))).isTrue();
    assertThat(settled("token:1")).isEqualTo(70);
    assertThat(settled("token:2")).isEqualTo(80);
  }

  @Test
  void no_two_open_batches_of_a_service_have_the_same_id() {
    NewBatch one = batch();
    NewBatch other = batch();
    assertThat(ledger.reserve(one, List.of())).isEmpty();
    assertThat(ledger.reserve(other, List.of())).isEmpty();

    assertThat(ledger.bind(one.id(), "batch_1", DAY)).isTrue();
    assertThat(ledger.bind(other.id(), "batch_1", DAY)).isFalse();
  }

  @Test
  void batches_and_calls_of_sixteen_threads_never_use_more_than_a_strict_budget_together() {
    BudgetReservations node = new BudgetReservations(budgets, System::nanoTime);
    List<BudgetMeter> meters =
        List.of(
            meter("token:1", 1_000, BudgetBound.STRICT),
            meter("token:2", 1_000, BudgetBound.STRICT));

    List<Long> spent =
        Race.of(
            16,
            n -> {
              List<BudgetDemand> wanted = new ArrayList<>();
              for (int m = 0; m < 2; m++) {
                wanted.add(new BudgetDemand(meters.get((m + n) % 2), 7, Optional.empty()));
              }
              return n % 2 == 0 ? byBatch(wanted) : byCall(node, wanted);
            },
            20);
    node.end();

    long all = spent.stream().mapToLong(Long::longValue).sum();
    assertThat(all).isEqualTo(settled("token:1")).isEqualTo(settled("token:2"));
    assertThat(all).isGreaterThan(900).isLessThanOrEqualTo(1_000);
    assertThat(reserved("token:1") + reserved("token:2")).isZero();
  }

  private long byBatch(List<BudgetDemand> wanted) {
    NewBatch batch = batch();
    if (ledger.reserve(batch, wanted).isPresent()) {
      return 0;
    }
    assertThat(reservedAndSettled("token:1")).isLessThanOrEqualTo(1_000);
    Map<UUID, Long> charges =
        Map.of(
            BudgetAccount.of(wanted.getFirst().meter()).id(), 5L,
            BudgetAccount.of(wanted.getLast().meter()).id(), 5L);
    assertThat(ledger.settle(batch.id(), charges, usage(batch.id()))).isTrue();
    return 5;
  }

  private static long byCall(BudgetReservations node, List<BudgetDemand> wanted) {
    if (!(node.reserve(wanted) instanceof ReserveDecision.Reserved made)) {
      return 0;
    }
    Reservation reservation = made.reservation();
    reservation.settle(new Charge(1, 6, OptionalLong.empty()));
    return 6;
  }

  @Test
  void a_batch_that_is_long_over_is_known_to_be() {
    NewBatch batch = batch();
    assertThat(ledger.reserve(batch, List.of(wanted("token:1", 1_000, 600)))).isEmpty();
    elapse(73);

    OpenBatch open = ledger.take(10, List.of(), DAY).getFirst();

    assertThat(open.isOver()).isTrue();
    assertThat(open.id()).isEmpty();
    assertThat(ledger.settle(batch.id(), charge("token:1", 600), usage(batch.id()))).isTrue();
    assertThat(settled("token:1")).isEqualTo(600);
    assertThat(ledger.removeOld()).isZero();
    int older =
        database
            .jdbc()
            .sql("update batch_reservations set settled_at = settled_at - interval '8 days'")
            .update();
    assertThat(older).isEqualTo(1);
    assertThat(ledger.removeOld()).isEqualTo(1);
  }

  private void elapse(int hours) {
    int unused =
        database
            .jdbc()
            .sql(
                """
                update batch_reservations set accepted_at = accepted_at - t.passed,
                  ends_at = ends_at - t.passed, due_at = due_at - t.passed
                from (select make_interval(hours => :hours) as passed) t
                """)
            .param("hours", hours)
            .update();
  }

  @Test
  void batches_are_checked_in_time_after_the_clock_was_ahead() {
    NewBatch bound = batch();
    NewBatch unbound = batch();
    assertThat(ledger.reserve(bound, List.of())).isEmpty();
    assertThat(ledger.reserve(unbound, List.of())).isEmpty();
    assertThat(ledger.bind(bound.id(), "batch_1", Duration.ofMinutes(1))).isTrue();
    elapse(-30);
    assertThat(ledger.removeOld()).isZero();

    assertThat(ledger.take(10, List.of(), DAY))
        .extracting(open -> open.batch().id())
        .containsExactly(bound.id());
    assertThat(ledger.settle(bound.id(), Map.of(), usage(bound.id()))).isTrue();
    int ahead =
        database
            .jdbc()
            .sql(
                "update batch_reservations set results_due_at = results_due_at + interval '30 h'"
                    + " where results_due_at is not null")
            .update();
    assertThat(ahead).isEqualTo(1);
    assertThat(ledger.removeOld()).isZero();
    assertThat(resultsDueIn()).isLessThan(Duration.ofMinutes(1));
  }

  private Duration resultsDueIn() {
    return Duration.ofSeconds(
        database
            .jdbc()
            .sql(
                "select ceil(extract(epoch from results_due_at - clock_timestamp()))::bigint"
                    + " from batch_reservations where results_due_at is not null")
            .query(Long.class)
            .single());
  }

  @Test
  void a_batch_on_which_the_provider_works_is_not_over_for_at_most_fourteen_days() {
    NewBatch batch = batch();
    assertThat(ledger.reserve(batch, List.of(wanted("token:1", 1_000, 600)))).isEmpty();
    for (int hours = 0; hours < 14 * 24; hours += 47) {
      assertThat(ledger.take(10, List.of(), DAY)).allMatch(open -> !open.isOver());
      ledger.postpone(batch.id(), Duration.ZERO, true);
      elapse(47);
    }
    assertThat(ledger.take(10, List.of(), DAY).getFirst().isOver()).isFalse();
    ledger.postpone(batch.id(), Duration.ZERO, true);
    elapse(47);

    assertThat(ledger.take(10, List.of(), DAY).getFirst().isOver()).isTrue();
  }

  @Test
  void a_batch_is_over_two_days_after_the_provider_last_worked_on_it() {
    NewBatch batch = batch();
    assertThat(ledger.reserve(batch, List.of())).isEmpty();
    elapse(71);
    ledger.postpone(batch.id(), Duration.ZERO, true);
    elapse(1);
    ledger.postpone(batch.id(), Duration.ZERO, false);
    elapse(46);
    assertThat(ledger.take(10, List.of(), Duration.ZERO).getFirst().isOver()).isFalse();
    elapse(1);

    assertThat(ledger.take(10, List.of(), DAY).getFirst().isOver()).isTrue();
  }

  @Test
  void no_service_and_no_owner_takes_the_places_of_others() {
    // Owner 1 has five services with three batches each, and those were due first.
    for (int service = 10; service < 15; service++) {
      for (int n = 0; n < 3; n++) {
        due(batch(service, 1));
      }
    }
    due(batch(20, 2));

    List<OpenBatch> first = ledger.take(16, List.of(), DAY);
    List<UsageAccount> underWay = first.stream().map(open -> open.batch().account()).toList();

    assertThat(underWay)
        .extracting(of -> of.owner().value().getLeastSignificantBits())
        .containsExactlyInAnyOrder(1L, 1L, 1L, 1L, 2L);
    assertThat(underWay.stream().map(UsageAccount::instance).distinct()).hasSizeBetween(3, 5);
    due(batch(20, 2));
    due(batch(20, 2));
    due(batch(30, 3));
    assertThat(ledger.take(16, underWay, DAY))
        .extracting(open -> open.batch().account().instance().value().getLeastSignificantBits())
        .containsExactlyInAnyOrder(20L, 30L);
    assertThat(ledger.take(1, List.of(), DAY)).hasSize(1);
    assertThat(ledger.take(16, List.of(underWay.getFirst()), DAY)).hasSize(4);
  }

  private void due(NewBatch batch) {
    assertThat(ledger.reserve(batch, List.of())).isEmpty();
    assertThat(ledger.bind(batch.id(), "batch_" + batch.id(), Duration.ZERO)).isTrue();
  }
}
