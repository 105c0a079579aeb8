package io.claviger.imports.litellm.jdbc;

import io.claviger.imports.shared.IncomingUsage;
import io.claviger.imports.shared.SourceSnapshot;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/**
 * What was used through a LiteLLM: its sums of days, or its log of calls if it has no such sums.
 * LiteLLM's database sums up what is of the same user, day and model.
 */
public final class LiteLlmUsage {
  private static final BigDecimal NANOS = new BigDecimal(1_000_000_000);

  private final SourceSnapshot source;
  private final String noDays;
  private final String rows;
  private final Map<String, String> days;
  private final boolean readable;

  /**
   * One user's, or one team's without a user, with one model on one day.
   *
   * @param user empty if the key had none
   * @param team of a key without a user; empty if it had none, or is gone
   * @param alias what callers called the model
   */
  public record Row(
      String user,
      String team,
      LocalDate day,
      String model,
      String alias,
      long requests,
      long errors,
      long inputTokens,
      long outputTokens,
      long cachedInput,
      long cacheWrite,
      long nanoDollars) {}

  /**
   * @param days of which usage is read
   */
  public LiteLlmUsage(SourceSnapshot source, IncomingUsage.Span days) {
    this.source = source;
    this.days = Map.of("first", days.first().toString(), "last", days.last().toString());
    Set<String> daily = columns("LiteLLM_DailyUserSpend");
    Set<String> calls = columns("LiteLLM_SpendLogs");
    boolean byDay = daily.contains("spend") && (calls.isEmpty() || hasSums());
    this.readable = byDay || calls.contains("spend");
    this.noDays = byDay ? UsageSql.NO_DAYS : UsageSql.CALLS_TO_COME;
    this.rows = UsageSql.ROWS.formatted(byDay ? byDay(daily) : byCall(calls));
  }

  private boolean hasSums() {
    return source.read(
        jdbc ->
            jdbc.sql("select exists (select from \"LiteLLM_DailyUserSpend\")")
                .query(Boolean.class)
                .single());
  }

  private Set<String> columns(String table) {
    return source.tables().contains(table)
        ? source.read(
            jdbc -> jdbc.sql(LiteLlmSql.COLUMNS).param("table", table).query(String.class).set())
        : Set.of();
  }

  private static String byDay(Set<String> columns) {
    return UsageSql.BY_DAY.formatted(
        columns.contains("api_requests") ? "api_requests" : "1",
        columns.contains("failed_requests") ? "failed_requests" : "0",
        columns.contains("cache_read_input_tokens") ? "cache_read_input_tokens" : "0",
        columns.contains("cache_creation_input_tokens") ? "cache_creation_input_tokens" : "0",
        UsageSql.IS_DAY);
  }

  private static String byCall(Set<String> columns) {
    return UsageSql.BY_CALL.formatted(
        columns.contains("status")
            ? "cast(case when status = 'failure' then 1 else 0 end as numeric)"
            : "cast(0 as numeric)");
  }

  /** How many rows no call can have made: of these days, of no day, and of days to come. */
  public long unusable() {
    return readable
        ? source.read(
            jdbc ->
                jdbc.sql(rows + UsageSql.UNUSABLE).params(days).query(Long.class).single()
                    + jdbc.sql(noDays).query(Long.class).single())
        : 0;
  }

  /** All others; those of one user, or of one team, follow one another, the oldest first. */
  public Iterator<Row> rows() {
    return readable
        ? source.rows(rows + UsageSql.SUMS, days, (row, n) -> row(row))
        : Collections.emptyIterator();
  }

  private static Row row(ResultSet row) throws SQLException {
    return new Row(
        text(row, "user_id"),
        text(row, "team_id"),
        row.getObject("day", LocalDate.class),
        text(row, "model"),
        text(row, "model_group"),
        number(row, "requests"),
        number(row, "errors"),
        number(row, "input"),
        number(row, "output"),
        number(row, "cached"),
        number(row, "written"),
        bounded(row.getBigDecimal("cost").multiply(NANOS)));
  }

  private static String text(ResultSet row, String column) throws SQLException {
    String text = row.getString(column);
    return text == null ? "" : text;
  }

  private static long number(ResultSet row, String column) throws SQLException {
    return bounded(row.getBigDecimal(column));
  }

  /** A sum of as many rows as a database can have may be more than a line here can hold. */
  private static long bounded(BigDecimal sum) {
    return sum.min(new BigDecimal(Long.MAX_VALUE / 4))
        .setScale(0, RoundingMode.HALF_UP)
        .longValueExact();
  }
}
