package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.claviger.application.batches.port.BatchLedger;
import io.claviger.application.batches.port.BatchLedger.NewBatch;
import io.claviger.application.builders.AUsage;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.usage.port.UsageFilter;
import io.claviger.application.usage.port.UsageQuestion;
import io.claviger.application.usage.port.UsageStore.UsageBatch;
import io.claviger.domain.accounts.User;
import io.claviger.domain.batches.ReservedModel;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.UsageDimension;
import io.claviger.domain.usage.UsageMeasure;
import io.claviger.domain.usage.UsageRow;
import io.claviger.persistence.batches.JdbcBatchLedger;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.usage.JdbcUsageBooks;
import io.claviger.testkit.Race;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Usage of days that are summed up at the same time, or were summed up before. */
final class LateUsageTest {
  private static final LocalDate LAST_OF_MONTH =
      LocalDate.now(ZoneOffset.UTC).minusMonths(1).withDayOfMonth(1).minusDays(1);
  private static final String DAY = "day " + LAST_OF_MONTH;
  private static final String MONTH = "month " + LAST_OF_MONTH.withDayOfMonth(1);
  private static final User ALICE = AUser.called("alice").build();
  private static final Instance SERVICE = AnInstance.of(ALICE, "s").build();
  private static final AUsage LATE = on(LAST_OF_MONTH);

  /** Sums up the day and then the month of late usage. */
  private static final String SUM_UP = "select roll_up_usage() from generate_series(1, 2)";

  private static final int TIMES = 4;

  /** Statements that wait this long for a lock fail. No storing of usage takes nearly as long. */
  private static final String PATIENCE = "&options=-c%20lock_timeout=10s";

  @AutoClose
  private final TestDatabase files =
      PostgresForTests.migrated("claviger", source -> new Schema(source).migrate());

  @AutoClose private final HikariDataSource impatient = new HikariDataSource(config());

  private final Database database = new Database(impatient);
  private final JdbcUsageBooks books = new JdbcUsageBooks(database);
  private final BatchLedger ledger = new JdbcBatchLedger(database, books);

  private HikariConfig config() {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(files.jdbcUrl() + PATIENCE);
    config.setMaximumPoolSize(ConcurrentAttempts.MANY + 1);
    config.setMinimumIdle(1);
    return config;
  }

  @BeforeEach
  void sumUp() {
    add();
    assertThat(books.rollUp(1_000)).isPositive();
    assertThat(marks()).isEmpty();
  }

  @Test
  void nobody_who_stores_usage_or_settles_a_batch_waits_while_its_month_is_summed_up()
      throws SQLException {
    TestDatabase.connect(impatient);
    add();
    try (Connection summing = files.dataSource().getConnection();
        Statement sum = summing.createStatement()) {
      summing.setAutoCommit(false);
      assertThat(sum.execute(SUM_UP)).isTrue();

      List<Boolean> stored =
          Race.of(ConcurrentAttempts.MANY, n -> n % 2 == 0 ? add() : settle(), TIMES);

      assertThat(stored).hasSize(ConcurrentAttempts.MANY * TIMES).containsOnly(true);
      assertEachReportIs(2 + ConcurrentAttempts.MANY * TIMES);
      summing.commit();
    }
    assertEachReportIs(2 + ConcurrentAttempts.MANY * TIMES);
    assertThat(books.rollUp(1_000)).isPositive();
    assertSummedUp(2 + ConcurrentAttempts.MANY * TIMES);
  }

  @Test
  void usage_that_is_stored_while_its_month_is_summed_up_again_and_again_is_in_the_sums() {
    TestDatabase.connect(impatient);
    for (int round = 1; round <= Race.ROUNDS; round++) {
      List<Boolean> done =
          Race.of(
              ConcurrentAttempts.MANY,
              n -> n == 0 ? books.rollUp(2) >= 0 : n % 2 == 0 ? add() : settle(),
              TIMES);

      assertThat(done).containsOnly(true);
      int requests = 1 + round * (ConcurrentAttempts.MANY - 1) * TIMES;
      assertEachReportIs(requests);
      int unused = books.rollUp(1_000);
      assertSummedUp(requests);
    }
  }

  /** A node that got no answer repeats its batch when it reaches the database again. */
  @Test
  void a_batch_that_is_repeated_after_weeks_is_counted_once() {
    UsageBatch unanswered = new UsageBatch(UUID.randomUUID(), 1, List.of(LATE.build()));
    books.add(unanswered);
    assertThat(
            database
                .jdbc()
                .sql("update usage_writers set written_at = written_at - interval '30 days'")
                .update())
        .isEqualTo(2);
    add();

    books.add(unanswered);

    assertEachReportIs(3);
  }

  @Test
  void usage_that_is_stored_late_again_and_again_leaves_one_mark_for_each_period() {
    for (int n = 0; n < TIMES; n++) {
      add();
    }

    assertThat(marks()).containsExactlyInAnyOrder(DAY, MONTH);
  }

  @Test
  void usage_that_is_committed_after_a_sum_is_in_the_next_sum() throws SQLException {
    add();
    try (Connection storing = uncommitted()) {
      assertThat(books.rollUp(2)).isEqualTo(2);
      assertEachReportIs(2);
      storing.commit();
    }

    assertEachReportIs(3);
    assertThat(books.rollUp(1_000)).isPositive();
    assertSummedUp(3);
  }

  @Test
  void usage_of_a_sum_that_was_rolled_back_is_summed_up_by_the_next() throws SQLException {
    add();
    try (Connection summing = files.dataSource().getConnection();
        Statement sum = summing.createStatement()) {
      summing.setAutoCommit(false);
      assertThat(sum.execute(SUM_UP)).isTrue();
      summing.rollback();
    }

    assertEachReportIs(2);
    assertThat(books.rollUp(1_000)).isPositive();
    assertSummedUp(2);
  }

  @Test
  void late_usage_of_one_day_that_never_ends_keeps_no_later_day_waiting() {
    LocalDate later = LAST_OF_MONTH.plusDays(1);
    add(on(later));
    add();

    for (int n = 0; n < 6; n++) {
      assertThat(books.rollUp(1)).isOne();
      add();
    }

    assertThat(marks()).doesNotContain("day " + later);
  }

  /** Usage that is not committed yet keeps the mark, so that its period is never up to date. */
  @Test
  void each_period_is_summed_up_once_in_a_pass_although_its_usage_never_ends() throws SQLException {
    add();
    try (Connection storing = uncommitted()) {
      assertThat(books.rollUp(40)).isEqualTo(2);
      assertThat(books.rollUp(40)).as("the next pass").isEqualTo(2);
      storing.commit();
    }
    assertThat(books.rollUp(40)).isPositive();
    assertSummedUp(3);
  }

  @Test
  void nodes_of_the_last_version_sum_up_in_turn_too() {
    LocalDate later = LAST_OF_MONTH.plusDays(1);
    add(on(later));
    add();

    for (int n = 0; n < 6; n++) {
      assertThat(database.jdbc().sql("select roll_up_usage()").query(String.class).single())
          .isNotEmpty();
      add();
    }

    assertThat(marks()).doesNotContain("day " + later);
  }

  /** Stores usage, and returns the connection that has not committed it yet. */
  private Connection uncommitted() throws SQLException {
    Connection storing = files.dataSource().getConnection();
    storing.setAutoCommit(false);
    try (Statement store = storing.createStatement()) {
      assertThat(store.executeUpdate("update usage_daily set requests = requests + 1"))
          .isEqualTo(1);
    }
    return storing;
  }

  private static AUsage on(LocalDate day) {
    return AUsage.of(ALICE, SERVICE).on(day);
  }

  private boolean add() {
    add(LATE);
    return true;
  }

  private void add(AUsage usage) {
    books.add(new UsageBatch(UUID.randomUUID(), 1, List.of(usage.build())));
  }

  private boolean settle() {
    NewBatch batch =
        new NewBatch(
            UUID.randomUUID(),
            LATE.account(),
            KeySource.CENTRAL,
            Provider.OPENAI,
            List.of("service:1"),
            "chat/completions",
            Optional.of("file-1"),
            List.of(new ReservedModel("m", 1, 10, 20, 1, 2, 0, 0, FeesUsed.NONE)),
            Duration.ofDays(1));
    return ledger.reserve(batch, List.of()).isEmpty()
        && ledger.settle(
            batch.id(), Map.of(), new UsageBatch(batch.id(), 1, List.of(LATE.build())));
  }

  /** Reports by lines, by days and by months, and the overview. */
  private void assertEachReportIs(int requests) {
    for (Set<UsageDimension> by :
        List.of(
            EnumSet.of(UsageDimension.DAY),
            EnumSet.of(UsageDimension.USER),
            EnumSet.of(UsageDimension.MODEL),
            EnumSet.of(UsageDimension.SERVICE))) {
      assertThat(books.sums(Optional.empty(), UsageFilter.NONE, by, Optional.empty(), 9))
          .as("%s", by)
          .extracting(sum -> sum.counts().requests())
          .containsExactly((long) requests);
    }
    assertThat(
            books
                .overview(
                    Optional.empty(),
                    new UsageQuestion(
                        UsageFilter.NONE, UsageDimension.USER, UsageMeasure.REQUESTS, false, 9))
                .sum()
                .requests())
        .isEqualTo(requests);
    assertThat(books.find(Optional.empty(), UsageFilter.NONE, Optional.empty(), 9))
        .extracting(UsageRow::counts)
        .extracting(counts -> counts.requests())
        .containsExactly((long) requests);
  }

  private void assertSummedUp(int requests) {
    assertEachReportIs(requests);
    assertThat(marks()).isEmpty();
    assertThat(
            database
                .jdbc()
                .sql(
                    """
                    select requests from usage_rollups where grain in ('day', 'month')
                    union all
                    select requests from usage_totals where dimension = 'user'
                    """)
                .query(Integer.class)
                .list())
        .hasSizeGreaterThanOrEqualTo(4)
        .containsOnly(requests);
  }

  private List<String> marks() {
    return database
        .jdbc()
        .sql("select grain || ' ' || period from late_usage")
        .query(String.class)
        .list();
  }
}
