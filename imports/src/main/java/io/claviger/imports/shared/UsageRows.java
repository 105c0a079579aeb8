package io.claviger.imports.shared;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.persistence.shared.Database;
import java.util.List;
import java.util.UUID;

/**
 * Imported usage of another system, in table {@code usage_daily}. The usage belongs to a separate
 * service that nobody can call, so that nobody mistakes it for the usage of a service in Claviger.
 */
final class UsageRows {
  /**
   * Removes the lines of usage of some days, and the sums that contain them. The sums are computed
   * again in the background, except for days that are earlier than all other usage.
   */
  static final String REMOVAL =
      """
      with gone as (
        select g.name, g.id, g.with_id,
          cast(substr(g.name, 1, 10) as date) as first, cast(substr(g.name, 12, 10) as date) as last
        from unnest(
          cast(:names as text[]), cast(:ids as uuid[]), cast(:with as uuid[]))
          as g (name, id, with_id)),
      lines as (
        delete from usage_daily u
        using gone g
        where u.user_id = g.with_id and u.instance_id = g.id and u.day between g.first and g.last
        returning u.day),
      periods as (
        select distinct p.grain, cast(date_trunc(p.grain, cast(l.day as timestamp)) as date) as period
        from lines l, (values ('day'), ('month'), ('quarter'), ('year')) p (grain)),
      unsummed as (
        insert into usage_periods (grain, period, stale)
        select p.grain, p.period, true
        from periods p
        where p.period < date_trunc(p.grain, clock_timestamp() at time zone 'UTC')
        order by p.grain, p.period
        on conflict on constraint usage_periods_pkey do update set stale = true),
      sums as (
        delete from usage_rollups r
        using periods p
        where r.period = p.period
          and r.grain = any (case p.grain
            when 'day' then array['day', 'day_of_model', 'day_of_service']
            when 'month' then array[
              'month', 'month_of_model', 'month_of_service', 'month_of_user',
              'month_of_user_model']
            else cast(array[] as text[])
          end))
      update arrivals a set version = a.version
      from gone g
      where a.kind = 'usage' and a.object_id = g.id and a.with_id = g.with_id and a.name = g.name
      """;

  private final Database database;
  private final String program;

  UsageRows(Database database, String program) {
    this.database = database;
    this.program = program;
  }

  void add(UUID of, User.Id user, Handle handle, List<IncomingUsage.Day> days) {
    List<IncomingUsage.Used> used = days.stream().map(IncomingUsage.Day::used).toList();
    int added =
        database
            .jdbc()
            .sql(
                """
                insert into usage_daily (
                  day, user_id, user_handle, instance_id, instance_ref, owner_id,
                  project_id, key_source, model, requests, errors, bytes_in, bytes_out,
                  input_tokens, output_tokens, cached_input, cache_write_5m,
                  priced, cost, callers_cost)
                select
                  cast(d.day as date), :user, :handle, :of, :ref, :owner,
                  '00000000-0000-0000-0000-000000000000', 'central', d.model, d.requests, d.errors,
                  0, 0, d.input, d.output, d.cached, d.written,
                  case when d.cost > 0 then d.requests else 0 end, d.cost, d.cost
                from unnest(
                  cast(:days as text[]), cast(:models as text[]), cast(:requests as bigint[]),
                  cast(:errors as bigint[]), cast(:input as bigint[]), cast(:output as bigint[]),
                  cast(:cached as bigint[]), cast(:written as bigint[]), cast(:cost as bigint[]))
                  as d (day, model, requests, errors, input, output, cached, written, cost)
                """)
            .param("user", user.value())
            .param("handle", handle.value())
            .param("of", of)
            .param("ref", ref(program).toString())
            .param("owner", User.Id.SYSTEM.value())
            .param("days", UnnestedColumns.of(days, IncomingUsage.Day::day))
            .param("models", UnnestedColumns.of(days, d -> d.model().key()))
            .param("requests", UnnestedColumns.of(used, IncomingUsage.Used::requests))
            .param("errors", UnnestedColumns.of(used, IncomingUsage.Used::errors))
            .param("input", UnnestedColumns.of(used, IncomingUsage.Used::inputTokens))
            .param("output", UnnestedColumns.of(used, IncomingUsage.Used::outputTokens))
            .param("cached", UnnestedColumns.of(used, IncomingUsage.Used::cachedInput))
            .param("written", UnnestedColumns.of(used, IncomingUsage.Used::cacheWrite))
            .param("cost", UnnestedColumns.of(used, IncomingUsage.Used::nanoDollars))
            .update();
    Database.require(days.size(), added);
  }

  /**
   * Returns the reference under which a system's imported usage is shown. No service has this
   * reference.
   */
  static Instance.Ref ref(String program) {
    return new Instance.Ref(Handle.SYSTEM, new Handle("imported-" + program));
  }
}
