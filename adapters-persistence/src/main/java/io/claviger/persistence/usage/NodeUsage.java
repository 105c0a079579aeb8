package io.claviger.persistence.usage;

import io.claviger.application.usage.port.UsageQuestion;
import io.claviger.domain.usage.UsageDimension;
import java.util.EnumSet;
import java.util.Set;

/**
 * The statements for overviews of everybody's usage. The statements rank names by totals: each name
 * has one total for each period. The statements read sums only for the names that the page shows,
 * because the sums of two years are too many for one page.
 */
final class NodeUsage {
  /**
   * The number by which rows are ranked, for a row with the given alias. Each of the two token
   * numbers can be as large as the largest {@code bigint}. So each number is cut to half of the
   * largest {@code bigint} before the addition.
   */
  static final String MEASURED =
      """
      case :measure
        when 'requests' then %1$s.requests
        when 'tokens' then least(%1$s.input_tokens, 4611686018427387903)
          + least(%1$s.output_tokens, 4611686018427387903)
        else %1$s.cost
      end""";

  /**
   * Ranks users by their usage, or services and projects by how much they were used. Reads totals,
   * or the lines for days without totals.
   */
  static final String RANKS =
      """
      with spans as materialized (
        select s.grain, s.period
        from unnest(cast(:kinds as text[]), cast(:periods as date[])) s (grain, period)),
      chosen as (
        select t.name, %s as used
        from spans s
        cross join lateral (
          select t.name, t.requests, t.input_tokens, t.output_tokens, t.cost
          from usage_totals t
          where t.grain = s.grain and t.period = s.period and t.dimension = :dimension
          offset 0) t
        union all
        select
          case :dimension
            when 'user' then u.user_handle
            when 'service' then u.instance_ref
            else coalesce(u.project_ref, '')
          end,
          %s
        from spans s
        cross join lateral (
          select l.user_handle, l.instance_ref, l.project_ref,
            l.requests, l.input_tokens, l.output_tokens, l.cost
          from usage_daily l
          where s.grain = 'line' and l.day = s.period
            and l.day between :first_line and :last_line
          offset 0) u)
      """
          .formatted(MEASURED.formatted("t"), MEASURED.formatted("u"));

  /** Selects the usage lines of some services. */
  static final String OF_SERVICES = UsagePeriods.PARTS + lines("l.instance_ref = any(:names)");

  /**
   * Sums up the usage of each period, separately for each of the given projects. All other usage is
   * summed up under an empty name.
   */
  static final String IN_PROJECTS =
      UsagePeriods.PARTS
          + lines("l.project_ref is not null")
          + """
          ,
          chosen as (
            select
              case when l.project_ref = any(:names) then l.project_ref else '' end as name,
              case when :by_month then date_trunc('month', l.period)::date else l.period end
                as time,
              l.*
            from lines l)
          select
            c.name, c.time,
          """
          + UsageSumStatements.SUM_COLUMNS
          + """
          from chosen c
          group by c.name, c.time
          """;

  private static final Set<UsageDimension> TOTALLED =
      EnumSet.of(UsageDimension.USER, UsageDimension.SERVICE, UsageDimension.PROJECT);

  private NodeUsage() {}

  /**
   * The conditions contain the lengths of the periods as constants, because PostgreSQL uses the
   * index only with constants.
   */
  private static String lines(String condition) {
    return """
           lines as (
             select u.*
             from periods p
             cross join lateral (
               select l.* from usage_lines l
               where l.grain in ('day_of_service', 'month_of_service')
                 and l.grain = p.grain and l.period = p.period and %1$s
               union all
               select l.* from usage_lines l
               where p.grain = 'line' and l.grain = 'line' and l.period = p.period
                 and l.period between :first_line and :last_line and %1$s
               offset 0) u)
           """
        .formatted(condition);
  }

  /**
   * Whether these statements can answer a request for usage. The result is true only if the request
   * asks for everybody's usage.
   */
  static boolean answers(UsageQuestion question) {
    return TOTALLED.contains(question.dimension())
        && question.filter().user().isEmpty()
        && question.filter().group().isEmpty()
        && question.filter().service().isEmpty()
        && question.filter().project().isEmpty();
  }

  /**
   * Whether all sums have totals. After an upgrade, it takes a while until Claviger has computed
   * all totals.
   */
  static boolean isReady(Deadline deadline) {
    return deadline
        .sql(
            """
            select not exists (select from usage_periods where not totalled and not stale)
            """)
        .query(Boolean.class)
        .single();
  }
}
