package io.claviger.persistence.usage;

import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * Which rows of usage are read for each period: the period's sums, or the single lines of a day
 * without sums. A page reads the list of periods once for all its statements.
 *
 * <p>If usage is added after the list was read, sums can only become larger. So no usage is counted
 * twice, and no earlier usage is missing.
 */
record UsagePeriods(List<Period> periods) {
  /**
   * The parts of a statement that list the periods, each with the grain to read. The second part
   * lists the same periods with the grains for single callers.
   */
  static final String PARTS =
      """
      with periods as materialized (
        select case p.of when 'month' then :month_grain when 'day' then :day_grain else 'line' end
            as grain, p.period
        from unnest(cast(:kinds as text[]), cast(:periods as date[])) p (of, period)),
      periods_of_users as materialized (
        select case p.of when 'month' then :month_grain_of_users else 'line' end as grain, p.period
        from unnest(cast(:kinds as text[]), cast(:periods as date[])) p (of, period)),
      """;

  /**
   * A condition that excludes no row. The condition tells PostgreSQL's planner which months have
   * lines to read, so that the planner skips the other months' partitions. With a few dozen
   * partitions, planning often takes longer than reading.
   */
  static final String LINES_BETWEEN =
      "(l.grain <> 'line' or l.period between :first_line and :last_line)";

  private static final String DAY = "day";

  /**
   * @param of the length of the period, which is {@code year}, {@code quarter}, {@code month} or
   *     {@code day}, or {@code line} for a day whose lines are read
   * @param begins the date of the period's first day
   */
  private record Period(String of, LocalDate begins) {}

  /**
   * Finds the months and days with sums.
   *
   * @param byDay whether the page distinguishes days. For a page that does, no month is read as a
   *     whole
   */
  static UsagePeriods of(LocalDate from, LocalDate to, boolean byDay, Deadline deadline) {
    return find(
        deadline
            .planned(
                """
                select p.grain, p.period
                from usage_grains_of(:from, :to, :by_day, 'month', 'day') p
                """)
            .param("by_day", byDay),
        from,
        to);
  }

  /** Finds the years, quarters, months and days with totals. */
  static UsagePeriods ofTotals(LocalDate from, LocalDate to, Deadline deadline) {
    return find(
        deadline.planned("select s.grain, s.period from usage_spans_of(:from, :to) s"), from, to);
  }

  private static UsagePeriods find(StatementSpec statement, LocalDate from, LocalDate to) {
    return new UsagePeriods(
        statement
            .param("from", from)
            .param("to", to)
            .query(
                (rs, n) ->
                    new Period(rs.getString("grain"), rs.getObject("period", LocalDate.class)))
            .list());
  }

  /**
   * Sets the parameters for {@link #PARTS} and {@link #LINES_BETWEEN}.
   *
   * @param grains the grains to read
   * @param ofUsers the grains to read for single callers
   * @param readsUsers whether the statement contains the part {@code periods_of_users}
   */
  StatementSpec in(
      StatementSpec statement, UsageGrains grains, UsageGrains ofUsers, boolean readsUsers) {
    return in(statement, readsUsers || grains.ofDays().equals(UsageGrains.LINES))
        .param("month_grain", grains.ofMonths())
        .param("day_grain", grains.ofDays())
        .param("month_grain_of_users", ofUsers.ofMonths());
  }

  /**
   * Sets the periods, and the range of days whose lines are read.
   *
   * @param daysAreLines whether lines are read even for days with sums
   */
  StatementSpec in(StatementSpec statement, boolean daysAreLines) {
    List<LocalDate> lines =
        periods.stream()
            .filter(p -> p.of().equals(UsageGrains.LINES) || (daysAreLines && p.of().equals(DAY)))
            .map(Period::begins)
            .sorted()
            .toList();
    return statement
        .param("kinds", texts(periods.stream().map(Period::of)))
        .param("periods", texts(periods.stream().map(p -> p.begins().toString())))
        .param("first_line", lines.isEmpty() ? LocalDate.EPOCH.plusDays(1) : lines.getFirst())
        .param("last_line", lines.isEmpty() ? LocalDate.EPOCH : lines.getLast());
  }

  private static String[] texts(Stream<String> values) {
    return values.toArray(String[]::new);
  }
}
