package io.claviger.persistence.budgets;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.persistence.Schema;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** When the windows of budgets begin, also where clocks are set forward or back at midnight. */
final class BudgetWindowTest {
  @AutoClose
  private static final TestDatabase DATABASE =
      PostgresForTests.migrated("claviger", source -> new Schema(source).migrate());

  private final JdbcClient sql = JdbcClient.create(DATABASE.dataSource());

  @ParameterizedTest
  @CsvSource({
    "UTC, 2026-01-01",
    "Europe/Berlin, 2026-03-29",
    "America/New_York, 2026-11-01",
    "America/Sao_Paulo, 2018-11-04",
    "America/Havana, 2024-03-10",
    "America/Havana, 2024-11-03",
    "Asia/Beirut, 2022-03-27",
    "Asia/Amman, 2021-10-29",
    "Atlantic/Azores, 2024-10-27",
    "Asia/Kolkata, 2026-05-05",
    "Australia/Lord_Howe, 2024-04-07",
    "Pacific/Apia, 2011-12-31"
  })
  void a_day_begins_as_java_says_it_does(String zone, LocalDate day) {
    List<OffsetDateTime> begins = new ArrayList<>();
    for (int n = -1; n < 3; n++) {
      begins.add(
          sql.sql("select first_instant(:day, :zone)")
              .param("day", day.plusDays(n))
              .param("zone", zone)
              .query(OffsetDateTime.class)
              .single());
    }

    for (int n = -1; n < 3; n++) {
      assertThat(begins.get(n + 1).toInstant())
          .as("%s days after %s", n, day)
          .isEqualTo(day.plusDays(n).atStartOfDay(ZoneId.of(zone)).toInstant());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "day, Europe/Berlin, 2026-03-29T12:00:00Z, 2026-03-28T23:00:00Z, 2026-03-29T22:00:00Z",
    "week, UTC, 2026-03-01T23:59:59Z, 2026-02-23T00:00:00Z, 2026-03-02T00:00:00Z",
    "week, UTC, 2026-03-02T00:00:00Z, 2026-03-02T00:00:00Z, 2026-03-09T00:00:00Z",
    "month, America/New_York, 2026-03-01T04:00:00Z, 2026-02-01T05:00:00Z, 2026-03-01T05:00:00Z",
    "month, America/New_York, 2026-03-31T12:00:00Z, 2026-03-01T05:00:00Z, 2026-04-01T04:00:00Z",
    "month, UTC, 2028-02-29T23:59:59.999999Z, 2028-02-01T00:00:00Z, 2028-03-01T00:00:00Z",
    "month, Asia/Kolkata, 2028-02-29T18:29:59Z, 2028-01-31T18:30:00Z, 2028-02-29T18:30:00Z",
    "month, Asia/Kolkata, 2028-02-29T18:30:00Z, 2028-02-29T18:30:00Z, 2028-03-31T18:30:00Z",
    "month, America/New_York, 2026-11-01T05:59:59Z, 2026-11-01T04:00:00Z, 2026-12-01T05:00:00Z",
    "week, Pacific/Kiritimati, 2027-12-31T10:00:00Z, 2027-12-26T10:00:00Z, 2028-01-02T10:00:00Z",
    "day, Australia/Lord_Howe, 2024-04-06T15:15:00Z, 2024-04-06T13:00:00Z, 2024-04-07T13:30:00Z",
    "day, UTC, 2100-02-28T23:59:59Z, 2100-02-28T00:00:00Z, 2100-03-01T00:00:00Z",
    "day, Mars/Olympus, 2026-03-29T12:00:00Z, 2026-03-29T00:00:00Z, 2026-03-30T00:00:00Z"
  })
  void a_window_holds_the_instant(
      String period, String zone, OffsetDateTime at, OffsetDateTime starts, OffsetDateTime ends) {
    assertThat(window(period, zone, at)).containsExactly(starts, ends);
  }

  @Test
  void a_window_without_end_begins_in_1970() {
    OffsetDateTime starts =
        sql.sql("select starts_at from budget_window('total', 'UTC', now()) where ends_at is null")
            .query(OffsetDateTime.class)
            .single();

    assertThat(starts.toEpochSecond()).isZero();
  }

  private List<OffsetDateTime> window(String period, String zone, OffsetDateTime at) {
    return sql.sql("select starts_at, ends_at from budget_window(:period, :zone, :at)")
        .param("period", period)
        .param("zone", zone)
        .param("at", at)
        .query(
            (row, number) ->
                List.of(
                    row.getObject(1, OffsetDateTime.class).withOffsetSameInstant(ZoneOffset.UTC),
                    row.getObject(2, OffsetDateTime.class).withOffsetSameInstant(ZoneOffset.UTC)))
        .single();
  }
}
