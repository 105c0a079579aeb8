package io.claviger.persistence.usage;

import io.claviger.application.usage.UsageFilter;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.projects.ProjectRef;
import io.claviger.domain.usage.UsageDimension;
import io.claviger.domain.usage.UsageSum;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * Reads sums of usage. The coarsest grain is read of each time that answers the question: months,
 * days, or the lines of single callers. {@code offset 0} makes PostgreSQL read each of them by its
 * index: it can't know how few rows the chosen grains have, and would read all lines instead.
 */
final class UsageSums {
  private static final String SUMS =
      """
      , chosen as (
        select
          case when :by_day then l.period::text else '' end as "DAY",
          case when :by_user then l.user_handle else '' end as "USER",
          case when :by_service then l.instance_ref else '' end as "SERVICE",
          case when :by_project then coalesce(l.project_ref, '') else '' end as "PROJECT",
          case when :by_source then l.key_source else '' end as "SOURCE",
          case when :by_model then l.model else '' end as "MODEL",
          l.*
        from lines l
        where (cast(:service as text) is null or l.instance_ref = :service)
          and (cast(:user as text) is null or l.user_handle = :user)
          and (cast(:project as text) is null or l.project_ref = :project))
      select
        c."DAY", c."USER", c."SERVICE", c."PROJECT", c."SOURCE", c."MODEL",
        least(sum(c.requests), 9223372036854775807)::bigint as requests,
        least(sum(c.errors), 9223372036854775807)::bigint as errors,
        least(sum(c.bytes_in), 9223372036854775807)::bigint as bytes_in,
        least(sum(c.bytes_out), 9223372036854775807)::bigint as bytes_out,
        least(sum(c.input_tokens), 9223372036854775807)::bigint as input_tokens,
        least(sum(c.output_tokens), 9223372036854775807)::bigint as output_tokens,
        least(sum(c.refused), 9223372036854775807)::bigint as refused,
        least(sum(c.cached_input), 9223372036854775807)::bigint as cached_input,
        least(sum(c.cache_write_5m), 9223372036854775807)::bigint as cache_write_5m,
        least(sum(c.cache_write_1h), 9223372036854775807)::bigint as cache_write_1h,
        least(sum(c.reasoning), 9223372036854775807)::bigint as reasoning,
        least(sum(c.audio_input), 9223372036854775807)::bigint as audio_input,
        least(sum(c.audio_output), 9223372036854775807)::bigint as audio_output,
        least(sum(c.image_tokens), 9223372036854775807)::bigint as image_tokens,
        least(sum(c.image_output), 9223372036854775807)::bigint as image_output,
        least(sum(c.images), 9223372036854775807)::bigint as images,
        least(sum(c.estimated_requests), 9223372036854775807)::bigint as estimated_requests,
        least(sum(c.estimated_input_tokens), 9223372036854775807)::bigint
          as estimated_input_tokens,
        least(sum(c.estimated_output_tokens), 9223372036854775807)::bigint
          as estimated_output_tokens,
        least(sum(c.priced), 9223372036854775807)::bigint as priced,
        least(sum(c.cost), 9223372036854775807)::bigint as cost,
        least(sum(c.callers_cost), 9223372036854775807)::bigint as callers_cost,
        least(sum(c.estimated_cost), 9223372036854775807)::bigint as estimated_cost
      from chosen c
      where (c."DAY", c."USER", c."SERVICE", c."PROJECT", c."SOURCE", c."MODEL")
        > (:after_day, :after_user, :after_service, :after_project, :after_source, :after_model)
        or cast(:begins as boolean)
      group by c."DAY", c."USER", c."SERVICE", c."PROJECT", c."SOURCE", c."MODEL"
      order by c."DAY", c."USER", c."SERVICE", c."PROJECT", c."SOURCE", c."MODEL"
      limit :limit
      """;

  private static final String ALL =
      """
      with periods as materialized (
        select p.grain, p.period from usage_periods_of(:from, :to, :by_day, :of_users, :of_models) p),
      lines as (
        select u.*
        from periods p
        cross join lateral (
          select l.* from usage_lines l
          where l.grain = p.grain and l.period = p.period
            and (cast(:user as text) is null or l.user_handle = :user)
          offset 0) u)
      """
          + SUMS;

  /**
   * Lines of the viewer's services, of the viewer's projects on others' services, and of other
   * calls of the viewer: no line is in two of these.
   */
  private static final String VISIBLE =
      """
      with periods as materialized (
        select p.grain, p.period from usage_periods_of(:from, :to, :by_day, :of_users, :of_models) p),
      periods_of_users as materialized (
        select p.grain, p.period from usage_periods_of(:from, :to, :by_day, true, :of_models) p),
      lines as (
        select a.*
        from periods p
        cross join lateral (
          select l.* from usage_lines l
          where l.owner_id = :viewer and l.grain = p.grain and l.period = p.period
          offset 0) a
        union all
        select
          b.grain, b.period, b.user_id, b.user_handle, b.instance_id,
          service_name_for(
            :viewer, b.instance_id, b.owner_id, b.instance_ref, b.project_ref) as instance_ref,
          b.owner_id, b.project_id, b.project_ref, b.project_owner_id, b.key_source, b.model,
          b.requests, b.errors, b.bytes_in, b.bytes_out, b.input_tokens, b.output_tokens,
          b.refused, b.cached_input, b.cache_write_5m, b.cache_write_1h, b.reasoning,
          b.audio_input, b.audio_output, b.image_tokens, b.image_output, b.images,
          b.estimated_requests, b.estimated_input_tokens, b.estimated_output_tokens,
          b.priced, b.cost, b.callers_cost, b.estimated_cost
        from periods p
        cross join lateral (
          select l.* from usage_lines l
          where l.project_owner_id = :viewer and l.grain = p.grain and l.period = p.period
          offset 0) b
        where b.owner_id <> :viewer
        union all
        select
          c.grain, c.period, c.user_id, c.user_handle, c.instance_id,
          service_name_for(
            :viewer, c.instance_id, c.owner_id, c.instance_ref, c.project_ref) as instance_ref,
          c.owner_id, c.project_id, c.project_ref, c.project_owner_id, c.key_source, c.model,
          c.requests, c.errors, c.bytes_in, c.bytes_out, c.input_tokens, c.output_tokens,
          c.refused, c.cached_input, c.cache_write_5m, c.cache_write_1h, c.reasoning,
          c.audio_input, c.audio_output, c.image_tokens, c.image_output, c.images,
          c.estimated_requests, c.estimated_input_tokens, c.estimated_output_tokens,
          c.priced, c.cost, c.callers_cost, c.estimated_cost
        from periods_of_users p
        cross join lateral (
          select l.* from usage_lines l
          where l.user_id = :viewer and l.grain = p.grain and l.period = p.period
          offset 0) c
        where c.owner_id <> :viewer and c.project_owner_id is distinct from :viewer)
      """
          + SUMS;

  private final JdbcClient jdbc;

  UsageSums(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  List<UsageSum> find(
      Optional<UserId> viewer,
      UsageFilter filter,
      Set<UsageDimension> by,
      Optional<List<String>> after,
      int limit) {
    StatementSpec statement =
        viewer
            .map(user -> jdbc.sql(VISIBLE).param("viewer", user.value()))
            .orElseGet(() -> jdbc.sql(ALL));
    int place = 0;
    LocalDate from = filter.from().orElse(LocalDate.EPOCH);
    for (UsageDimension each : UsageDimension.values()) {
      boolean told = by.contains(each);
      String last = told && after.isPresent() ? after.get().get(place) : "";
      place += told ? 1 : 0;
      statement =
          statement.param("by_" + each.wireName(), told).param("after_" + each.wireName(), last);
      if (each == UsageDimension.DAY && !last.isEmpty()) {
        // Earlier days are before the cursor, so they need not be read.
        from = LocalDate.parse(last).isAfter(from) ? LocalDate.parse(last) : from;
      }
    }
    return statement
        .param("begins", after.isEmpty())
        .param("of_users", by.contains(UsageDimension.USER) || filter.user().isPresent())
        .param("of_models", by.contains(UsageDimension.MODEL) || by.contains(UsageDimension.SOURCE))
        .param("service", Parameters.orNull(filter.service(), InstanceRef::toString))
        .param("user", Parameters.orNull(filter.user(), Handle::value))
        .param("project", Parameters.orNull(filter.project(), ProjectRef::toString))
        .param("from", from)
        .param("to", filter.to().orElse(LocalDate.of(9999, 12, 31)))
        .param("limit", limit)
        .query((rs, n) -> sum(Row.of(rs), by))
        .list();
  }

  private static UsageSum sum(Row row, Set<UsageDimension> by) throws SQLException {
    Map<UsageDimension, String> of = new EnumMap<>(UsageDimension.class);
    for (UsageDimension each : by) {
      of.put(each, row.text(each.name()));
    }
    return new UsageSum(of, UsageCountRows.counts(row));
  }
}
