package io.claviger.persistence.usage;

/**
 * The statements that sum up usage. Their first parts find the lines, and differ in who looks and
 * in whether the lines of single callers are looked for.
 *
 * <p>{@code offset 0} makes PostgreSQL read each period by its index: it can't know how few rows
 * the chosen grains have, and would read all lines instead.
 */
final class UsageSumStatements {
  /** What is added up, of rows that are called c. A sum that is too large is the largest number. */
  static final String SUM_COLUMNS =
      """
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
        least(sum(c.estimated_cost), 9223372036854775807)::bigint as estimated_cost,
        least(sum(c.disputed_requests), 9223372036854775807)::bigint as disputed_requests,
        least(sum(c.disputed_tokens), 9223372036854775807)::bigint as disputed_tokens,
        least(sum(c.disputed_cost), 9223372036854775807)::bigint as disputed_cost
      """;

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
          case when :by_model then l.model else '' end as "MODEL",
          l.*
        from lines l
        where (cast(:service as text) is null or l.instance_ref = :service)
          and (cast(:project as text) is null or l.project_ref = :project))
      select
        c."DAY", c."USER", c."SERVICE", c."PROJECT", c."SOURCE", c."MODEL",
      """
          + SUM_COLUMNS
          + """
          from chosen c
          where (c."DAY", c."USER", c."SERVICE", c."PROJECT", c."SOURCE", c."MODEL")
            > (:after_day, :after_user, :after_service, :after_project, :after_source, :after_model)
            or cast(:begins as boolean)
          group by c."DAY", c."USER", c."SERVICE", c."PROJECT", c."SOURCE", c."MODEL"
          order by c."DAY", c."USER", c."SERVICE", c."PROJECT", c."SOURCE", c."MODEL"
          limit :limit
          """;

  static final String PERIODS =
      """
      with periods as materialized (
        select p.grain, p.period
        from usage_grains_of(:from, :to, :by_day, :month_grain, :day_grain) p),
      periods_of_users as materialized (
        select p.grain, p.period
        from usage_grains_of(:from, :to, :by_day, :month_grain_of_users, 'line') p),
      """;

  private static final String ALL =
      """
      lines as (
        select u.*
        from periods p
        cross join lateral (
          select l.* from usage_lines l
          where l.grain = p.grain and l.period = p.period
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
          offset 0) u)
      """;

  /**
   * Lines of the viewer's services, of the viewer's projects on others' services, and of other
   * calls of the viewer: no line is in two of these.
   */
  private static final String VISIBLE =
      """
      lines as (
        select
          a.grain, a.period, a.user_id, a.user_handle, a.instance_id,
          a.instance_ref,
          a.owner_id, a.project_id, a.project_ref, a.project_owner_id, a.key_source,
          a.model,
          a.requests, a.errors, a.bytes_in, a.bytes_out, a.input_tokens, a.output_tokens,
          a.refused, a.cached_input, a.cache_write_5m, a.cache_write_1h, a.reasoning,
          a.audio_input, a.audio_output, a.image_tokens, a.image_output, a.images,
          a.estimated_requests, a.estimated_input_tokens, a.estimated_output_tokens,
          a.priced, a.cost, a.callers_cost, a.estimated_cost,
          a.disputed_requests, a.disputed_tokens, a.disputed_cost
        from periods p
        cross join lateral (
          select l.* from usage_lines l
          where l.owner_id = :viewer and l.grain = p.grain and l.period = p.period
          offset 0) a
        union all
        select
          b.grain, b.period, b.user_id, b.user_handle, b.instance_id,
          service_name_for(
            :viewer, b.instance_id, b.owner_id, b.instance_ref, b.project_ref)
            as instance_ref,
          b.owner_id, b.project_id, b.project_ref, b.project_owner_id, b.key_source,
          b.model,
          b.requests, b.errors, b.bytes_in, b.bytes_out, b.input_tokens, b.output_tokens,
          b.refused, b.cached_input, b.cache_write_5m, b.cache_write_1h, b.reasoning,
          b.audio_input, b.audio_output, b.image_tokens, b.image_output, b.images,
          b.estimated_requests, b.estimated_input_tokens, b.estimated_output_tokens,
          b.priced, b.cost, b.callers_cost, b.estimated_cost,
          b.disputed_requests, b.disputed_tokens, b.disputed_cost
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
            :viewer, c.instance_id, c.owner_id, c.instance_ref, c.project_ref)
            as instance_ref,
          c.owner_id, c.project_id, c.project_ref, c.project_owner_id, c.key_source,
          c.model,
          c.requests, c.errors, c.bytes_in, c.bytes_out, c.input_tokens, c.output_tokens,
          c.refused, c.cached_input, c.cache_write_5m, c.cache_write_1h, c.reasoning,
          c.audio_input, c.audio_output, c.image_tokens, c.image_output, c.images,
          c.estimated_requests, c.estimated_input_tokens, c.estimated_output_tokens,
          c.priced, c.cost, c.callers_cost, c.estimated_cost,
          c.disputed_requests, c.disputed_tokens, c.disputed_cost
        from periods_of_users p
        cross join lateral (
          select l.* from usage_lines l
          where l.user_id = :viewer and l.grain = p.grain and l.period = p.period
          offset 0) c
        where c.owner_id <> :viewer and c.project_owner_id is distinct from :viewer)
      """;

  private static final String VISIBLE_OF_CALLERS =
      """
      lines as (
        select
          a.grain, a.period, a.user_id, a.user_handle, a.instance_id,
          a.instance_ref,
          a.owner_id, a.project_id, a.project_ref, a.project_owner_id, a.key_source,
          a.model,
          a.requests, a.errors, a.bytes_in, a.bytes_out, a.input_tokens, a.output_tokens,
          a.refused, a.cached_input, a.cache_write_5m, a.cache_write_1h, a.reasoning,
          a.audio_input, a.audio_output, a.image_tokens, a.image_output, a.images,
          a.estimated_requests, a.estimated_input_tokens, a.estimated_output_tokens,
          a.priced, a.cost, a.callers_cost, a.estimated_cost,
          a.disputed_requests, a.disputed_tokens, a.disputed_cost
        from unnest(string_to_array(:callers, ',')) h (handle)
        cross join periods p
        cross join lateral (
          select l.* from usage_lines l
          where l.owner_id = :viewer and l.grain = p.grain and l.period = p.period
            and l.user_handle = h.handle
          offset 0) a
        union all
        select
          b.grain, b.period, b.user_id, b.user_handle, b.instance_id,
          service_name_for(
            :viewer, b.instance_id, b.owner_id, b.instance_ref, b.project_ref)
            as instance_ref,
          b.owner_id, b.project_id, b.project_ref, b.project_owner_id, b.key_source,
          b.model,
          b.requests, b.errors, b.bytes_in, b.bytes_out, b.input_tokens, b.output_tokens,
          b.refused, b.cached_input, b.cache_write_5m, b.cache_write_1h, b.reasoning,
          b.audio_input, b.audio_output, b.image_tokens, b.image_output, b.images,
          b.estimated_requests, b.estimated_input_tokens, b.estimated_output_tokens,
          b.priced, b.cost, b.callers_cost, b.estimated_cost,
          b.disputed_requests, b.disputed_tokens, b.disputed_cost
        from unnest(string_to_array(:callers, ',')) h (handle)
        cross join periods p
        cross join lateral (
          select l.* from usage_lines l
          where l.project_owner_id = :viewer and l.grain = p.grain and l.period = p.period
            and l.user_handle = h.handle
          offset 0) b
        where b.owner_id <> :viewer
        union all
        select
          c.grain, c.period, c.user_id, c.user_handle, c.instance_id,
          service_name_for(
            :viewer, c.instance_id, c.owner_id, c.instance_ref, c.project_ref)
            as instance_ref,
          c.owner_id, c.project_id, c.project_ref, c.project_owner_id, c.key_source,
          c.model,
          c.requests, c.errors, c.bytes_in, c.bytes_out, c.input_tokens, c.output_tokens,
          c.refused, c.cached_input, c.cache_write_5m, c.cache_write_1h, c.reasoning,
          c.audio_input, c.audio_output, c.image_tokens, c.image_output, c.images,
          c.estimated_requests, c.estimated_input_tokens, c.estimated_output_tokens,
          c.priced, c.cost, c.callers_cost, c.estimated_cost,
          c.disputed_requests, c.disputed_tokens, c.disputed_cost
        from unnest(string_to_array(:callers, ',')) h (handle)
        cross join periods_of_users p
        cross join lateral (
          select l.* from usage_lines l
          where l.user_id = :viewer and l.grain = p.grain and l.period = p.period
            and l.user_handle = h.handle
          offset 0) c
        where c.owner_id <> :viewer and c.project_owner_id is distinct from :viewer)
      """;

  private UsageSumStatements() {}

  /**
   * @param ofCallers whether only the lines of some callers are read
   */
  static String of(boolean everything, boolean ofCallers) {
    return lines(everything, ofCallers) + SUMS;
  }

  /** The first parts, which find the lines. */
  static String lines(boolean everything, boolean ofCallers) {
    String lines =
        everything
            ? (ofCallers ? ALL_OF_CALLERS : ALL)
            : (ofCallers ? VISIBLE_OF_CALLERS : VISIBLE);
    return PERIODS + lines;
  }
}
