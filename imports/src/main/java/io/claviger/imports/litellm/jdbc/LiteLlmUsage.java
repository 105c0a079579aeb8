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
 * The usage in a LiteLLM installation. The usage is read from the daily sums or, without daily
 * sums, from the log of calls. The statements sum up rows of the same user, day and model in
 * LiteLLM's database.
 */
public final class LiteLlmUsage {
  private static final BigDecimal NANOS = new BigDecimal(1_000_000_000);

  private final SourceSnapshot source;
  private final String noDays;
  private final String rows;
  private final Map<String, String> days;
  private final boolean readable;

  /**
   * The usage of one model on one day, by a user or by a team's keys that belong to no user.
   *
   * @param user the user's id; empty if the key had no user
   * @param team the id of the key's team, if the key had no user; empty if no team is known
   * @param alias the name by which callers called the model
   */
  public record Row(
      String user,
      String team,
      LocalDate day,
      String model,
      String alias,
      IncomingUsage.Used used) {}

  /**
   * @param days the range of days whose usage is read, given by its first and its last day
   */
  public LiteLlmUsage(SourceSnapshot source, IncomingUsage.Span days) {
    this.source = source;
    this.days = Map.of("first", days.first().toString(), "last", days.last().toString());
    Set<String> daily = columns("LiteLLM_DailyUserSpend");
    Set<String> calls = columns("LiteLLM_SpendLogs");
    boolean byDay = daily.contains("spend") && (calls.isEmpty() || hasSums());
    this.readable = byDay || calls.contains("spend");
    this.noDays = byDay ? UsageSql.NO_DAYS : UsageSql.CALLS_TO_COME;
    boolean byTeam = columns("LiteLLM_DailyTeamSpend").containsAll(Set.of("team_id", "api_key"));
    this.rows =
        UsageSql.ROWS.formatted(
            byTeam ? UsageSql.TEAMS : UsageSql.NO_TEAMS, byDay ? byDay(daily) : byCall(calls));
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
            : "cast(0 as numeric)",
        columns.contains("team_id") ? "team_id" : "cast(null as text)");
  }

  /**
   * Returns the number of rows that are left out because no call can have caused them. The left-out
   * rows are rows of the requested days with impossible values, rows without a valid day, and rows
   * of future days.
   */
  public long unusable() {
    return readable
        ? source.read(
            jdbc ->
                jdbc.sql(rows + UsageSql.UNUSABLE).params(days).query(Long.class).single()
                    + jdbc.sql(noDays).query(Long.class).single())
        : 0;
  }

  /**
   * Returns the rows that are not left out. Rows of the same user or team are consecutive, oldest
   * first.
   */
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
        new IncomingUsage.Used(
            number(row, "requests"),
            number(row, "errors"),
            number(row, "input"),
            number(row, "output"),
            number(row, "cached"),
            number(row, "written"),
            bounded(row.getBigDecimal("cost").multiply(NANOS))));
  }

  private static String text(ResultSet row, String column) throws SQLException {
    String text = row.getString(column);
    return text == null ? "" : text;
  }

  private static long number(ResultSet row, String column) throws SQLException {
    return bounded(row.getBigDecimal(column));
  }

  /**
   * Returns the sum, at most a quarter of the largest {@code long}. The sum of very many rows could
   * be more than Claviger can store.
   */
  private static long bounded(BigDecimal sum) {
    return sum.min(new BigDecimal(Long.MAX_VALUE / 4))
        .setScale(0, RoundingMode.HALF_UP)
        .longValueExact();
  }

  /** The SQL statements that read usage. */
  private static final class UsageSql {
    /**
     * The condition that excludes rows with impossible numbers. The condition excludes NaN, which
     * PostgreSQL treats as greater than all numbers.
     */
    private static final String VALID =
        """
        (input between 0 and 1e15 and output between 0 and 1e15 and cached between 0 and 1e15
          and written between 0 and 1e15 and requests between 0 and 1e12
          and errors between 0 and 1e12 and cost >= 0 and cost <= 1e9)\
        """;

    /**
     * Selects each key's team. The teams' daily sums count the same calls as the users' daily sums.
     * So the teams' daily sums are read only to find each key's team. The teams' sums name the team
     * of a key even if the key was deleted.
     */
    static final String TEAMS =
        """
        select api_key, (array_agg(team_id order by date desc, team_id))[1] as team_id
        from "LiteLLM_DailyTeamSpend"
        where team_id <> '' and api_key <> ''
        group by api_key
        """;

    static final String NO_TEAMS =
        "select cast(null as text) as api_key, cast(null as text) as team_id";

    /**
     * Selects the rows of the requested days, with the alias {@code u}. The first placeholder is
     * for the keys' teams, and the second for LiteLLM's rows.
     */
    static final String ROWS =
        """
        with g as (%s), u as (
          select
            case when s.user_id <> '' then left(s.user_id, 300) end as user_id,
            case when s.user_id = ''
              then left(coalesce(nullif(s.team_id, ''), nullif(k.team_id, ''), g.team_id), 300)
            end as team_id,
            s.day, left(s.model, 1000) as model, left(s.model_group, 1000) as model_group,
            s.requests, s.errors, s.input, s.output, s.cached, s.written, s.cost
          from (%s) s
          left join "LiteLLM_VerificationToken" k on k.token = s.api_key and s.user_id = ''
          left join g on g.api_key = s.api_key and s.user_id = '')
        """;

    static final String SUMS =
        """
        select
          user_id, team_id, day, model, model_group,
          greatest(sum(requests), sum(errors), 1) as requests, sum(errors) as errors,
          sum(input) as input, sum(output) as output, least(sum(cached), sum(input)) as cached,
          least(sum(written), sum(input) - least(sum(cached), sum(input))) as written,
          sum(cast(cost as numeric)) as cost
        from u
        where %s
        group by user_id, team_id, day, model, model_group
        order by user_id collate "C", team_id collate "C", day
        """
            .formatted(VALID);

    static final String UNUSABLE =
        "select count(*) from u where not coalesce(%s, false)".formatted(VALID);

    static final String BY_CALL =
        """
        select coalesce("user", '') as user_id, api_key, cast("startTime" as date) as day, model,
          coalesce(model_group, '') as model_group, cast(1 as numeric) as requests,
          %s as errors, cast(prompt_tokens as numeric) as input,
          cast(completion_tokens as numeric) as output, cast(0 as numeric) as cached,
          cast(0 as numeric) as written, spend as cost, %s as team_id
        from "LiteLLM_SpendLogs"
        where "startTime" >= cast(:first as timestamp)
          and "startTime" < cast(:last as timestamp) + interval '1 day'
        """;

    /**
     * The condition under which a text is a valid day. LiteLLM stores days as texts, which can
     * contain anything.
     */
    static final String IS_DAY =
        """
        (date ~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])$'
          or date ~ '^[0-9]{4}-(0[13-9]|1[0-2])-(29|30)$'
          or date ~ '^[0-9]{4}-(0[13578]|1[02])-31$'
          or date ~ '^[0-9]{2}([02468][048]|[13579][26])-02-29$')\
        """;

    static final String BY_DAY =
        """
        select coalesce(user_id, '') as user_id, api_key, cast(date as date) as day,
          coalesce(model, '') as model, coalesce(model_group, '') as model_group,
          cast(%s as numeric) as requests, cast(%s as numeric) as errors,
          cast(prompt_tokens as numeric) as input, cast(completion_tokens as numeric) as output,
          cast(%s as numeric) as cached, cast(%s as numeric) as written, spend as cost,
          cast(null as text) as team_id
        from "LiteLLM_DailyUserSpend"
        where date collate "C" between :first and :last
          and %s
        """;

    /** Counts the rows with an invalid day or a future day. */
    static final String NO_DAYS =
        """
        select count(*) from "LiteLLM_DailyUserSpend"
        where not %s
          or date collate "C" > to_char(clock_timestamp() + interval '1 day', 'YYYY-MM-DD')
        """
            .formatted(IS_DAY);

    static final String CALLS_TO_COME =
        """
        select count(*) from "LiteLLM_SpendLogs"
        where "startTime" > clock_timestamp() at time zone 'UTC' + interval '1 day'
        """;

    private UsageSql() {}
  }
}
