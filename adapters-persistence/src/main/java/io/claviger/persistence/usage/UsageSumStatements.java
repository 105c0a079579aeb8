package io.claviger.persistence.usage;

import io.claviger.application.usage.port.UsageFilter;
import io.claviger.domain.accounts.User;
import io.claviger.domain.usage.UsageDimension;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The statements that sum up usage. The first parts of each statement find the lines to sum up.
 * These parts depend on the viewer, and on whether the request needs the lines of single callers.
 *
 * <p>{@code offset 0} makes PostgreSQL use an index for each period. The planner can't know how few
 * rows have the chosen grains, and would read all lines.
 */
final class UsageSumStatements {
  /**
   * The columns of the sums. The alias of the summed-up rows is {@code c}. A sum that would be too
   * large becomes the largest possible number.
   */
  static final String SUM_COLUMNS =
      UsageCountRows.COLUMNS.each("least(sum(c.%1$s), 9223372036854775807)::bigint as %1$s")
          + ", sum_fees(c.fees) as fees\n";

  /** The first part of a model's key, in row {@code l}. */
  static final String CALLED = "split_part(l.model, chr(31), 1)";

  static final String ANSWERED = "split_part(l.model, chr(31), 2)";
  static final String TIER = "split_part(l.model, chr(31), 3)";

  private static final String KEYS =
      Arrays.stream(UsageDimension.values())
          .map(each -> "c.\"" + each + '"')
          .collect(Collectors.joining(", "));

  private static final String SUMS =
      """
      , chosen as (
        select
          case when :by_day then l.period::text else '' end as "DAY",
          case when :by_user then l.user_handle else '' end as "USER",
          case when :by_service then l.instance_ref else '' end as "SERVICE",
          case when :by_project then coalesce(l.project_ref, '') else '' end as "PROJECT",
          case when :by_source and l.user_id = cast(:viewer as uuid) then l.key_source else '' end
            as "SOURCE",
          case when :by_model then %s else '' end as "MODEL",
          case when :by_answered_model then %s else '' end as "ANSWERED_MODEL",
          case when :by_service_tier then %s else '' end as "SERVICE_TIER",
          l.*
        from lines l
        where (cast(:service as text) is null or l.instance_ref = :service)
          and (cast(:project as text) is null or l.project_ref = :project))
      select
        %s,
      """
              .formatted(CALLED, ANSWERED, TIER, KEYS)
          + SUM_COLUMNS
          + """
          from chosen c
          where (%1$s)
            > (:after_day, :after_user, :after_service, :after_project, :after_source, :after_model,
              :after_answered_model, :after_service_tier)
            or cast(:begins as boolean)
          group by %1$s
          order by %1$s
          limit :limit
          """
              .formatted(KEYS);

  private static final String ALL =
      """
      lines as (
        select u.*
        from periods p
        cross join lateral (
          select l.* from usage_lines l
          where l.grain = p.grain and l.period = p.period
            and {lines}
            and (cast(:service as text) is null or l.instance_ref = :service)
            and (cast(:project as text) is null or l.project_ref = :project)
          offset 0) u)
      """
          .replace("{lines}", UsagePeriods.LINES_BETWEEN);

  /**
   * The lines of a group's members, for the days on which they were in the group. Members who were
   * in the group on the same days share a list of periods.
   */
  private static final String ALL_OF_MEMBERS =
      """
      with memberships as materialized (
        select m.user_id, greatest(lower(m.days), :from) as first,
          least(upper(m.days) - 1, :to) as last
        from (
          select s.holder_id as user_id, unnest(range_agg(daterange(
            (s.since at time zone 'UTC')::date,
            coalesce((s.until at time zone 'UTC')::date, '9999-12-31'), '[]'))) as days
          from access_spans s
          where s.kind = 'group_member' and s.of_name = :group and s.of_name <> ''
          group by s.holder_id) m
        where lower(m.days) <= :to and upper(m.days) > :from),
      periods_of_members as materialized (
        select d.first, d.last, p.grain, p.period
        from (select distinct m.first, m.last from memberships m) d
        cross join lateral usage_grains_of(
          d.first, d.last, :by_day, :month_grain_of_users, 'line') p),
      lines as (
        select u.*
        from memberships m
        join periods_of_members p on p.first = m.first and p.last = m.last
        cross join lateral (
          select l.* from usage_lines l
          where l.user_id = m.user_id and l.grain = p.grain and l.period = p.period
            and l.period between :from and :to
            and (:callers = '' or l.user_handle = any(string_to_array(:callers, ',')))
            and (cast(:service as text) is null or l.instance_ref = :service)
            and (cast(:project as text) is null or l.project_ref = :project)
          offset 0) u)
      """;

  private static final String ALL_OF_CALLERS =
      """
      lines as (
        select u.*
        from unnest(string_to_array(:callers, ',')) h (handle)
        cross join periods p
        cross join lateral (
          select l.* from usage_lines l
          where l.user_handle = h.handle and l.grain = p.grain and l.period = p.period
            and {lines}
          offset 0) u)
      """
          .replace("{lines}", UsagePeriods.LINES_BETWEEN);

  private UsageSumStatements() {}

  static String of(Optional<User.Id> viewer, UsageFilter filter, List<String> callers) {
    return lines(viewer, filter, callers) + SUMS;
  }

  /**
   * Returns the first parts of a statement, which find the lines to sum up.
   *
   * @param viewer the user whose visible usage is read; empty for viewers who see everything. Only
   *     viewers who see everything can filter by a group, and then only the lines of its members
   *     are read
   * @param callers the callers whose lines are read; if empty, the lines of all callers
   */
  static String lines(Optional<User.Id> viewer, UsageFilter filter, List<String> callers) {
    if (filter.group().isPresent()) {
      return ALL_OF_MEMBERS;
    }
    boolean ofCallers = !callers.isEmpty();
    String lines = viewer.isPresent() ? visible(ofCallers) : ofCallers ? ALL_OF_CALLERS : ALL;
    return UsagePeriods.PARTS + lines;
  }

  /**
   * Returns the parts that find three kinds of lines: lines of the viewer's services, lines of the
   * viewer's projects at others' services, and lines of the viewer's other calls. Each line belongs
   * to only one of these kinds.
   */
  private static String visible(boolean ofCallers) {
    String named =
        """
        service_name_for(
          :viewer, u.instance_id, u.owner_id, u.instance_ref, u.project_ref)
          as instance_ref""";
    return "lines as ("
        + seen(ofCallers, "u.instance_ref", "periods", "l.owner_id = :viewer")
        + "union all"
        + seen(ofCallers, named, "periods", "l.project_owner_id = :viewer")
        + "where u.owner_id <> :viewer union all"
        + seen(ofCallers, named, "periods_of_users", "l.user_id = :viewer")
        + "where u.owner_id <> :viewer and u.project_owner_id is distinct from :viewer)\n";
  }

  private static String seen(boolean ofCallers, String service, String periods, String condition) {
    return """

    select
      u.grain, u.period, u.user_id, u.user_handle, u.instance_id,
      %s,
      u.owner_id, u.project_id, u.project_ref, u.project_owner_id, u.key_source,
      u.model,
      %s, u.fees
    from %s %s p
    cross join lateral (
      select l.* from usage_lines l
      where %s and l.grain = p.grain and l.period = p.period
        and %s %s
      offset 0) u
    """
        .formatted(
            service,
            UsageCountRows.COLUMNS.at("u"),
            ofCallers ? "unnest(string_to_array(:callers, ',')) h (handle) cross join" : "",
            periods,
            condition,
            UsagePeriods.LINES_BETWEEN,
            ofCallers ? "and l.user_handle = h.handle" : "");
  }
}
