package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.fakes.Ports;
import io.claviger.application.usage.port.UsageFilter;
import io.claviger.application.usage.port.UsageQuestion;
import io.claviger.domain.accounts.User;
import io.claviger.domain.usage.UsageDimension;
import io.claviger.domain.usage.UsageMeasure;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Plans of sums over six months of 400 callers with two models each, who call ten services: 146,000
 * lines on some 9,000 pages, which no sum reads as a whole.
 */
@Tag("thorough")
@Tag("thorough")
final class UsageSumsPlansTest {
  private static final PostgresPorts PORTS = new PostgresPorts();
  private static final StatementRecorder STATEMENTS = new StatementRecorder(PORTS.dataSource());
  private static final Ports OVERHEARD = PORTS.through(STATEMENTS);
  private static final String FILL =
      """
      insert into usage_daily (
        day, user_id, user_handle, instance_id, instance_ref, owner_id, project_id, key_source,
        model, requests, errors, bytes_in, bytes_out, input_tokens, output_tokens)
      select
        d::date, md5('u' || c)::uuid, 'user' || c, md5('i' || c % 10)::uuid, 'o/s' || c % 10,
        md5('o' || c % 10)::uuid, '00000000-0000-0000-0000-000000000000', 'central',
        'model-' || (c + m) % 200, 1, 0, 1, 1, 1, 1
      from generate_series(date '2025-01-01', date '2025-07-01', interval '1 day') d,
        generate_series(1, 400) c, generate_series(0, 1) m;
      """;

  @BeforeAll
  static void fill() throws SQLException {
    JdbcClient sql = PORTS.sql();
    BulkFill.of(PORTS.dataSource(), FILL);
    try (Connection connection = PORTS.dataSource().getConnection()) {
      // Without a check of the reference that each of 79,000 rows has.
      SingleConnectionDataSource only = new SingleConnectionDataSource(connection, true);
      JdbcClient.create(only).sql("set session_replication_role = replica").update();
      assertThat(PORTS.through(only).usage().rollUp(10_000)).isGreaterThan(182 + 6);
      JdbcClient.create(only).sql("reset session_replication_role").update();
    }
    int unused = sql.sql("analyze usage_rollups, usage_periods").update();
    assertThat(pages("usage_daily")).isGreaterThan(4_000);
  }

  @Test
  void all_usage_by_model_is_read_from_months() throws SQLException {
    assertThat(touched(Optional.empty(), EnumSet.of(UsageDimension.MODEL))).isLessThan(500);
  }

  @Test
  void all_usage_by_day_is_read_from_days_over_all_callers() throws SQLException {
    assertThat(touched(Optional.empty(), EnumSet.of(UsageDimension.DAY))).isLessThan(6_000);
  }

  @Test
  void all_usage_by_user_is_read_from_months_of_users() throws SQLException {
    assertThat(touched(Optional.empty(), EnumSet.of(UsageDimension.USER))).isLessThan(8_000);
  }

  @Test
  void a_page_of_users_reads_the_usage_of_no_more_users_than_it_holds() throws SQLException {
    Set<UsageDimension> dimensions = EnumSet.of(UsageDimension.USER, UsageDimension.MODEL);
    for (String after : List.of("user", "user300")) {
      Optional<List<String>> position = Optional.of(List.of(after, ""));
      assertThat(
              OVERHEARD.usage().sums(Optional.empty(), UsageFilter.NONE, dimensions, position, 21))
          .hasSize(21);
      assertThat(lastTouched()).isLessThan(1_000);
    }
  }

  @Test
  void an_owner_reads_no_lines_of_others() throws SQLException {
    Optional<User.Id> owner = Optional.of(new User.Id(id("o3")));
    assertThat(touched(owner, EnumSet.of(UsageDimension.MODEL))).isLessThan(2_000);
    assertThat(touched(owner, EnumSet.of(UsageDimension.USER))).isLessThan(2_000);
  }

  @Test
  void a_caller_reads_no_lines_of_others() throws SQLException {
    Optional<User.Id> caller = Optional.of(new User.Id(id("u77")));
    assertThat(touched(caller, EnumSet.of(UsageDimension.MODEL))).isLessThan(300);
    assertThat(touched(caller, EnumSet.of(UsageDimension.DAY, UsageDimension.MODEL)))
        .isLessThan(5_000);
  }

  @Test
  void a_page_of_days_does_not_read_the_days_before_it() throws SQLException {
    Set<UsageDimension> dimensions = EnumSet.of(UsageDimension.DAY);
    assertThat(
            OVERHEARD
                .usage()
                .sums(
                    Optional.empty(),
                    UsageFilter.NONE,
                    dimensions,
                    Optional.of(List.of("2025-06-20")),
                    200))
        .hasSize(11);
    assertThat(lastTouched()).isLessThan(500);
  }

  @Test
  void an_overview_reads_sums_of_months_and_no_lines() throws SQLException {
    assertThat(touchedByOverview(Optional.empty(), UsageDimension.MODEL)).isLessThan(2_000);
    assertThat(touchedByOverview(Optional.empty(), UsageDimension.USER)).isLessThan(12_000);
    assertThat(touchedByOverview(Optional.of(new User.Id(id("o3"))), UsageDimension.USER))
        .isLessThan(6_000);
  }

  private static int touchedByOverview(Optional<User.Id> viewer, UsageDimension dimension)
      throws SQLException {
    STATEMENTS.forget();
    assertThat(
            OVERHEARD
                .usage()
                .overview(
                    viewer,
                    new UsageQuestion(UsageFilter.NONE, dimension, UsageMeasure.REQUESTS, true, 25))
                .most())
        .hasSize(25);
    int pages = 0;
    for (StatementRecorder.RecordedStatement each : STATEMENTS.all()) {
      if (each.sql().contains("usage_lines") || each.sql().contains("usage_totals")) {
        pages += QueryPlan.of(PORTS.dataSource(), each, "force_custom_plan").pagesTouched();
      }
    }
    return pages;
  }

  private static int touched(Optional<User.Id> viewer, Set<UsageDimension> dimensions)
      throws SQLException {
    assertThat(OVERHEARD.usage().sums(viewer, UsageFilter.NONE, dimensions, Optional.empty(), 201))
        .isNotEmpty();
    return lastTouched();
  }

  private static int lastTouched() throws SQLException {
    return QueryPlan.of(PORTS.dataSource(), STATEMENTS.last(), "force_custom_plan").pagesTouched();
  }

  private static long pages(String table) {
    return PORTS
        .sql()
        .sql(
            """
            select sum(c.relpages) from pg_partition_tree(cast(:table as regclass)) p
            join pg_class c on c.oid = p.relid and c.relkind = 'r'
            """)
        .param("table", table)
        .query(Long.class)
        .single();
  }

  private static UUID id(String name) {
    return PORTS
        .sql()
        .sql("select md5(:name)::uuid")
        .param("name", name)
        .query(UUID.class)
        .single();
  }
}
