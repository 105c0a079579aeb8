package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnEvent;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.InMemoryIds;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.retention.Retention;
import io.claviger.application.retention.port.MonthPartitions.KeptByMonth;
import io.claviger.application.retention.port.MonthPartitions.RemovedMonths;
import io.claviger.application.retention.port.RetentionPolicyStore.StoredPolicy;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.retention.RetentionMonths;
import io.claviger.domain.retention.RetentionPolicy;
import io.claviger.persistence.accounts.JdbcUsers;
import io.claviger.persistence.audit.JdbcAuditTrail;
import io.claviger.persistence.instances.JdbcInstances;
import io.claviger.persistence.retention.JdbcMonthPartitions;
import io.claviger.persistence.retention.JdbcRetentionPolicy;
import io.claviger.persistence.shared.Database;
import io.claviger.testkit.Race;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The partitions of usage and the audit trail, of a database of this test's own. */
@SuppressWarnings("NullAway.Init") // set before each test
final class MonthPartitionsTest {
  private static final String USAGE =
      """
      insert into usage_daily as u (
        day, user_id, user_handle, instance_id, instance_ref, owner_id, project_id, key_source,
        requests, errors, bytes_in, bytes_out, input_tokens, output_tokens)
      values (
        cast(:day as date), md5('u')::uuid, 'bob', md5('i')::uuid, 'alice/s', md5('o')::uuid,
        '00000000-0000-0000-0000-000000000000', 'central', 1, 0, 1, 1, 1, 1)
      on conflict on constraint usage_daily_pkey do update set
        requests = add_saturating(u.requests, excluded.requests)
      """;
  private static final String AUDIT =
      """
      insert into audit_events (
        id, at, address, request_id, action, target_type, target_ref, outcome, fields)
      values (
        gen_random_uuid(), cast(:day as date) at time zone 'UTC', '', '', 'user.create', 'user',
        '', 'done', '{}')
      """;
  private static final RetentionPolicy USAGE_OF_TWO =
      new RetentionPolicy(Optional.of(new RetentionMonths(2)), Optional.empty());
  private static final RetentionPolicy EACH_OF_TWO =
      new RetentionPolicy(Optional.of(new RetentionMonths(2)), Optional.of(new RetentionMonths(2)));
  private static final String PARTITION_OF_ROWS =
      "select distinct tableoid::regclass::text from %s order by 1";

  private final InMemoryIds ids = new InMemoryIds();

  @AutoClose
  private TestDatabase database =
      PostgresForTests.migrated("claviger", source -> new Schema(source).migrate());

  private DataSource used;
  private JdbcClient sql;
  private Database connected;
  private JdbcMonthPartitions partitions;
  private JdbcRetentionPolicy policies;
  private YearMonth month;

  @BeforeEach
  void begin() {
    use(database.dataSource());
  }

  private void use(DataSource source) {
    used = source;
    sql = JdbcClient.create(source);
    connected = new Database(source);
    partitions = new JdbcMonthPartitions(connected);
    policies = new JdbcRetentionPolicy(connected);
    month = YearMonth.from(partitions.now().atOffset(ZoneOffset.UTC));
  }

  @Test
  void this_month_and_the_next_three_have_partitions_of_their_own() {
    for (String table : List.of("usage_daily", "audit_events")) {
      assertThat(partitionsOf(table))
          .containsExactly(
              named(table, month),
              named(table, month.plusMonths(1)),
              named(table, month.plusMonths(2)),
              named(table, month.plusMonths(3)),
              table + "_before",
              table + "_default");
    }
  }

  @Test
  void usage_at_the_turn_of_a_month_is_in_the_partition_of_its_day() {
    LocalDate last = month.atEndOfMonth();
    add(USAGE, last);
    add(USAGE, last.plusDays(1));
    add(USAGE, last.plusDays(1));

    assertThat(
            texts(
                """
                select tableoid::regclass || ' ' || day || ' ' || requests from usage_daily
                order by day
                """))
        .containsExactly(
            named("usage_daily", month) + " " + last + " 1",
            named("usage_daily", month.plusMonths(1)) + " " + last.plusDays(1) + " 2");
  }

  @Test
  void nodes_that_make_the_same_partitions_at_once_make_each_once() {
    execute("drop table " + named("usage_daily", month.plusMonths(2)));
    execute("drop table " + named("audit_events", month.plusMonths(2)));
    execute("drop table " + named("audit_events", month.plusMonths(3)));

    List<Integer> made = Race.of(16, n -> partitions.makeAhead(), 1);

    assertThat(made.stream().mapToInt(n -> n).sum()).isEqualTo(3);
    this_month_and_the_next_three_have_partitions_of_their_own();
  }

  @Test
  void a_row_without_a_partition_is_stored_and_moves_to_its_own_later() {
    LocalDate far = month.plusMonths(7).atDay(15);
    add(USAGE, far);
    add(AUDIT, far);
    assertThat(texts(PARTITION_OF_ROWS.formatted("usage_daily")))
        .containsExactly("usage_daily_default");

    assertThat(partitions.makeAhead()).isEqualTo(2);

    assertThat(texts(PARTITION_OF_ROWS.formatted("usage_daily")))
        .containsExactly(named("usage_daily", month.plusMonths(7)));
    assertThat(texts(PARTITION_OF_ROWS.formatted("audit_events")))
        .containsExactly(named("audit_events", month.plusMonths(7)));
    for (String part : partitionsOf("audit_events")) {
      assertThatExceptionOfType(RuntimeException.class)
          .as(part)
          .isThrownBy(() -> execute("delete from " + part))
          .withMessageContaining("neither changed nor removed");
    }
  }

  @Test
  void only_months_that_are_to_be_kept_no_longer_are_removed_and_the_audit_trail_says_which() {
    oldMonths();
    add(USAGE, month.minusMonths(4).atDay(2));

    List<RemovedMonths> removed = retention().remove(KeptByMonth.USAGE, USAGE_OF_TWO);

    YearMonth newest = month.minusMonths(3);
    assertThat(removed)
        .extracting(RemovedMonths::name)
        .containsExactly("before " + month.minusMonths(4), "" + newest.minusMonths(1), "" + newest);
    assertThat(texts("select day::text from usage_daily order by day"))
        .containsExactly(
            "" + month.minusMonths(2).atDay(1),
            "" + month.minusMonths(1).atDay(1),
            "" + month.atDay(1));
    assertThat(
            texts(
                "select distinct period::text from usage_periods where period < '"
                    + month.minusMonths(2).atDay(1)
                    + "'"))
        .isEmpty();
    assertThat(
            texts(
                "select distinct period::text from late_usage where period < '"
                    + month.minusMonths(2).atDay(1)
                    + "'"))
        .isEmpty();
    assertThat(texts("select distinct period::text from usage_rollups order by 1"))
        .contains("" + month.minusMonths(1).atDay(1))
        .doesNotContain("" + newest.atDay(1));
    assertThat(
            texts(
                """
                select concat_ws(' ', address, action, target_type, target_ref) from audit_events
                where action like '%.delete' order by target_ref
                """))
        .containsExactly(
            "upkeep usage.delete usage " + newest.minusMonths(1),
            "upkeep usage.delete usage " + newest,
            "upkeep usage.delete usage before " + month.minusMonths(4));
    assertThat(texts("select at::text from audit_events where action = 'user.create'")).hasSize(7);
    assertThat(retention().remove(KeptByMonth.USAGE, USAGE_OF_TWO)).isEmpty();
    assertThat(retention().remove(KeptByMonth.AUDIT, USAGE_OF_TWO)).isEmpty();
  }

  private void addBills(LocalDate day) {
    int unused =
        sql.sql(
                """
                with i as (select id, owner_id from instances order by id limit 1),
                days as (
                  insert into bill_days
                  select i.id, i.owner_id, d.day, now(), '{}', '{}', '{}', '{}', '{}', '{}', '{}',
                    '{}', '{}', '{}', '{}'
                  from i, (values (cast(:day as date)), (cast(:day as date) + 1)) d (day)),
                invoices as (
                  insert into bill_invoices
                  select i.id, i.owner_id, :day, 'USD', 1, '{}', '{}', 1, now(), now() from i)
                insert into bill_months select i.id, :day, 1, now() from i
                """)
            .param("day", day)
            .update();
  }

  @Test
  void bills_are_removed_with_usage_in_batches() {
    User alice = AUser.called("alice").build();
    new JdbcUsers(connected).insert(alice);
    new JdbcInstances(connected)
        .insert(
            AnInstance.of(alice, "s").build(), new SecretChange.Keep(), new SecretChange.Keep());
    LocalDate kept = month.minusMonths(2).atDay(1);
    addBills(kept.minusMonths(2));
    addBills(kept.minusMonths(1));
    addBills(kept);

    assertThat(partitions.removeBills(kept, 1)).isEqualTo(3);
    assertThat(texts("select day::text from bill_days")).hasSize(5);
    assertThat(retention().remove(KeptByMonth.AUDIT, audit(2))).isNotNull();
    assertThat(texts("select day::text from bill_days")).hasSize(5);
    List<RemovedMonths> unused = retention().remove(KeptByMonth.USAGE, USAGE_OF_TWO);

    assertThat(texts("select day::text from bill_days order by day"))
        .containsExactly("" + kept, "" + kept.plusDays(1));
    assertThat(texts("select month::text from bill_invoices")).containsExactly("" + kept);
    assertThat(texts("select month::text from bill_months")).containsExactly("" + kept);
    assertThat(partitions.removeBills(kept, 200)).isZero();
  }

  @Test
  void refused_calls_and_ended_access_are_removed_in_batches() {
    LocalDate kept = month.minusMonths(2).atDay(1);
    for (int ago = 1; ago <= 3; ago++) {
      addRefusedAndEnded(kept.minusDays(ago));
    }
    addRefusedAndEnded(kept);
    String known = "select (since at time zone 'UTC')::date::text from access_known";
    execute("update access_known set since = '" + kept.minusMonths(5) + " 00:00:00+00'");

    assertThat(partitions.removeRefused(kept, 2)).isEqualTo(2);
    assertThat(partitions.removeAccess(kept, 2)).isEqualTo(2);
    assertThat(texts("select day::text from refused_calls")).hasSize(2);
    assertThat(texts("select until::text from access_spans where until is not null")).hasSize(2);
    assertThat(texts(known)).containsExactly("" + kept);

    List<RemovedMonths> unused = retention().remove(KeptByMonth.USAGE, USAGE_OF_TWO);
    assertThat(texts("select day::text from refused_calls")).containsExactly("" + kept);
    assertThat(texts("select until::text from access_spans where until is not null")).hasSize(2);
    List<RemovedMonths> unusedToo = retention().remove(KeptByMonth.AUDIT, audit(2));
    assertThat(texts("select until::text from access_spans where until is not null")).hasSize(1);
    assertThat(partitions.removeRefused(kept, 2)).isZero();
    assertThat(partitions.removeAccess(kept, 2)).isZero();
  }

  private void addRefusedAndEnded(LocalDate day) {
    int unused =
        sql.sql(
                """
                with ended as (
                  insert into access_spans (
                    kind, of_id, of_name, holder_id, holder, owner_id, role, passes_on, since, until)
                  values (
                    'group_member', gen_random_uuid(), '@g', gen_random_uuid(), 'dave',
                    gen_random_uuid(), 'member', false, timestamptz '2001-01-01 00:00:00+00',
                    cast(:day as date) at time zone 'UTC'))
                insert into refused_calls values (
                  cast(:day as date), gen_random_uuid(), 'bob', gen_random_uuid(), 'alice/s',
                  gen_random_uuid(), 'rate_limited', 1)
                """)
            .param("day", day.toString())
            .update();
  }

  @Test
  void the_audit_trail_is_removed_by_months_too() {
    oldMonths();

    assertThat(retention().remove(KeptByMonth.AUDIT, audit(1))).hasSize(4);

    assertThat(texts("select at::text from audit_events where action = 'user.create'")).hasSize(2);
    assertThat(texts("select target_ref from audit_events where action = 'audit.delete'"))
        .hasSize(4);
    assertThat(texts("select day::text from usage_daily")).hasSize(7);
  }

  @Test
  void what_administrators_set_counts_unless_the_operator_lets_less_be_kept() {
    oldMonths();
    policies.update(new StoredPolicy(USAGE_OF_TWO, 2, partitions.now()));

    assertThat(retention().remove(KeptByMonth.AUDIT, RetentionPolicy.FOR_EVER)).isEmpty();
    assertThat(retention().remove(KeptByMonth.USAGE, RetentionPolicy.FOR_EVER)).hasSize(3);
    policies.update(new StoredPolicy(audit(3), 3, partitions.now()));
    assertThat(retention().remove(KeptByMonth.USAGE, RetentionPolicy.FOR_EVER)).isEmpty();
    assertThat(retention().remove(KeptByMonth.AUDIT, audit(1))).hasSize(4);
  }

  @Test
  void months_are_removed_as_was_set_before_or_after_a_change_never_in_between() {
    oldMonths();
    policies.update(new StoredPolicy(USAGE_OF_TWO, 2, partitions.now()));

    List<Integer> removed =
        Race.of(
            16,
            n ->
                n % 2 == 0
                    ? removedUsage()
                    : connected
                        .transactions()
                        .inTransaction(
                            () -> {
                              long version = policies.lock().version();
                              policies.update(
                                  new StoredPolicy(
                                      RetentionPolicy.FOR_EVER, version + 1, partitions.now()));
                              return 0;
                            }),
            1);

    assertThat(removed.stream().filter(n -> n > 0)).hasSizeLessThan(2).allMatch(n -> n == 3);
    assertThat(texts("select day::text from usage_daily"))
        .satisfies(days -> assertThat(days.size()).isIn(3, 7));
    assertThat(policies.find().version()).isEqualTo(10);
  }

  @Test
  void a_long_reader_is_not_waited_for() throws SQLException {
    oldMonths();
    try (Connection reader = database.dataSource().getConnection();
        Statement reading = reader.createStatement()) {
      reader.setAutoCommit(false);
      boolean unused = reading.execute("select count(*) from usage_daily");

      assertThatExceptionOfType(ConcurrencyConflict.class)
          .isThrownBy(() -> retention().remove(KeptByMonth.USAGE, USAGE_OF_TWO));

      add(USAGE, month.atDay(1));
      assertThat(texts("select day::text from usage_daily")).hasSize(7);
    }
  }

  @Test
  void what_is_known_about_the_tables_is_collected_once_a_week() {
    partitions.describe();

    assertThat(
            texts(
                """
                select relname::text from pg_class
                where relname in ('usage_daily', 'audit_events') and reltuples = 0 order by 1
                """))
        .containsExactly("audit_events", "usage_daily");
  }

  /**
   * Goes on in a database with a row on the first day of this month and of each of the six before,
   * four with a partition. It is a copy of one that is made once.
   */
  private void oldMonths() {
    database.close();
    database =
        PostgresForTests.changed(
            "old months",
            "claviger",
            source -> new Schema(source).migrate(),
            made -> {
              use(made);
              addOldMonths();
            });
    use(database.dataSource());
  }

  private void addOldMonths() {
    for (String whole : List.of("usage_daily day", "audit_events at")) {
      String table = whole.split(" ")[0];
      execute("drop table " + table + "_before");
      execute(
          "select prepare_partition('%1$s', '%1$s_before'); ".formatted(table)
              + "alter table %1$s attach partition %1$s_before for values from (minvalue) to ('%2$s')"
                  .formatted(table, month.minusMonths(4).atDay(1) + " 00:00:00+00"));
    }
    for (int ago = 6; ago >= 0; ago--) {
      add(USAGE, month.minusMonths(ago).atDay(1));
      add(AUDIT, month.minusMonths(ago).atDay(1));
    }
    assertThat(partitions.makeAhead()).isEqualTo(8);
    int unused =
        sql.sql(
                """
                do $$ begin
                  for n in 1..1000 loop exit when roll_up_usage() is null; end loop;
                end $$
                """)
            .update();
  }

  private int removedUsage() {
    try {
      return retention().remove(KeptByMonth.USAGE, RetentionPolicy.FOR_EVER).size();
    } catch (ConcurrencyConflict e) {
      return 0;
    }
  }

  private Retention retention() {
    return retention(partitions::now);
  }

  /** The retention of a node whose own clock shows another time than that of the database. */
  private Retention retention(InstantSource own) {
    return new Retention(
        partitions, policies, connected.transactions(), new JdbcAuditTrail(connected), ids, own);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void new_events_of_a_node_whose_clock_is_behind_are_kept_like_others(int together) {
    oldMonths();
    Instant wrong = partitions.now().minus(Duration.ofDays(400)).truncatedTo(ChronoUnit.MILLIS);
    Instant ahead = partitions.now().plus(Duration.ofDays(400)).truncatedTo(ChronoUnit.MILLIS);
    Instant early = partitions.now().minus(Duration.ofHours(23)).truncatedTo(ChronoUnit.MILLIS);
    List<AuditEvent> behind = events(wrong, together);
    JdbcAuditTrail trail = new JdbcAuditTrail(connected);
    trail.recordAll(behind);
    trail.recordAll(events(ahead, together));
    trail.recordAll(events(early, together));

    assertThat(retention().remove(KeptByMonth.AUDIT, EACH_OF_TWO)).isNotEmpty();

    for (AuditEvent event : behind) {
      assertThat(times("id = '" + event.id() + "'"))
          .singleElement()
          .satisfies(
              at -> assertThat(at).isBetween(partitions.now().minusSeconds(60), partitions.now()));
    }
    assertThat(times("at > clock_timestamp()")).isEmpty();
    assertThat(times("at = '" + early + "'")).hasSize(together);
  }

  private static List<AuditEvent> events(Instant at, int many) {
    return Stream.generate(() -> AnEvent.of(AuditAction.USER_UPDATE).at(at).build())
        .limit(many)
        .toList();
  }

  private List<Instant> times(String condition) {
    return connected
        .jdbc()
        .sql("select at from audit_events where " + condition)
        .query((rs, n) -> rs.getObject("at", OffsetDateTime.class).toInstant())
        .list();
  }

  /** After a resumed machine or a fail-over, a clock may be wrong by months. */
  @ParameterizedTest
  @ValueSource(longs = {-9_000, 61})
  void nothing_is_removed_while_the_clocks_differ_by_more_than_an_hour(long minutes) {
    oldMonths();
    Retention away = retention(() -> partitions.now().plus(Duration.ofMinutes(minutes)));

    for (KeptByMonth what : KeptByMonth.values()) {
      assertThatIllegalStateException()
          .isThrownBy(() -> away.remove(what, EACH_OF_TWO))
          .withMessageContaining("one of two clocks is wrong");
    }
    assertThat(texts("select day::text from usage_daily")).hasSize(7);
    assertThat(texts("select at::text from audit_events")).hasSizeGreaterThanOrEqualTo(7);
    assertThat(away.remove(KeptByMonth.AUDIT, RetentionPolicy.FOR_EVER)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = -59)
  void clocks_that_differ_by_less_are_no_obstacle(long minutes) {
    oldMonths();
    Retention near = retention(() -> partitions.now().plus(Duration.ofMinutes(minutes)));

    assertThat(near.remove(KeptByMonth.USAGE, EACH_OF_TWO)).isNotEmpty();
  }

  private static RetentionPolicy audit(int months) {
    return new RetentionPolicy(Optional.empty(), Optional.of(new RetentionMonths(months)));
  }

  /** Whoever may add rows can give them such times, and must not stop the months of others. */
  @Test
  void rows_of_impossible_times_and_a_month_that_fails_keep_no_other_month_from_its_partition() {
    for (String day : List.of("infinity", "-infinity", "20000-01-01")) {
      assertThat(sql.sql(USAGE).param("day", day).update()).isEqualTo(1);
      assertThat(sql.sql(AUDIT).param("day", day).update()).isEqualTo(1);
    }
    execute("create table " + named("audit_events", month.plusMonths(6)) + " (n int)");
    add(AUDIT, month.plusMonths(6).atDay(1));
    add(AUDIT, month.plusMonths(7).atDay(1));
    execute("drop table " + named("audit_events", month.plusMonths(3)));

    assertThat(partitions.makeAhead()).isEqualTo(2);

    assertThat(partitionsOf("audit_events"))
        .contains(
            named("audit_events", month.plusMonths(3)), named("audit_events", month.plusMonths(7)));
    assertThat(partitions.makeAhead()).isZero();
  }

  private void add(String statement, LocalDate day) {
    assertThat(sql.sql(statement).param("day", day.toString()).update()).isEqualTo(1);
  }

  private static String named(String table, YearMonth month) {
    return "%s_%d_%02d".formatted(table, month.getYear(), month.getMonthValue());
  }

  private List<String> partitionsOf(String table) {
    return texts("select partition::text from partitions_of('" + table + "') order by 1");
  }

  private void execute(String statements) {
    for (String statement : statements.split(";")) {
      try (Connection connection = used.getConnection();
          Statement executed = connection.createStatement()) {
        boolean unused = executed.execute(statement);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private List<String> texts(String query) {
    return sql.sql(query).query((rs, n) -> rs.getString(1)).list();
  }
}
