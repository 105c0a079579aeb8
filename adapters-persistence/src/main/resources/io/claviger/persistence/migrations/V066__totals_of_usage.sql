-- Who ranks what the whole node used over two years needs a name and four numbers of each row, and
-- rows of whole years. What is summed up already gets its totals in the background.
alter table usage_periods
  add column totalled boolean not null default false,
  drop constraint usage_periods_grain_known,
  add constraint usage_periods_grain_known check (grain in ('day', 'month', 'quarter', 'year')),
  add constraint usage_periods_quarter_begins
    check (grain <> 'quarter' or date_trunc('quarter', period) = period),
  add constraint usage_periods_year_begins
    check (grain <> 'year' or date_trunc('year', period) = period);
comment on table usage_periods is
  'The days and months that are summed up in usage_rollups, and those, quarters and years of which usage_totals has totals. Stale where usage was added afterwards.';
comment on column usage_periods.totalled is
  'Whether usage_totals has the totals of the period.';

create table usage_totals (
  grain         text             not null,
  period        date             not null,
  dimension     text             not null,
  name          text collate "C" not null,
  requests      bigint           not null,
  input_tokens  bigint           not null,
  output_tokens bigint           not null,
  cost          bigint           not null,

  constraint usage_totals_pkey primary key (grain, period, dimension, name),
  constraint usage_totals_of_period foreign key (grain, period)
    references usage_periods (grain, period) on delete cascade,
  constraint usage_totals_dimension_known check (dimension in ('user', 'service', 'project'))
);
comment on table usage_totals is
  'What each user, service and project used in a day, month, quarter or year, as far as reports rank by it. The empty name is of usage outside projects.';

create function sum_up_usage(kind text, begins date, ends date) returns void
language plpgsql as $$
declare
  finest text;
begin
  finest := case kind when 'day' then 'day' else 'month_of_user_model' end;
  delete from usage_rollups r
  where r.period = begins
    and r.grain = any (case kind
      when 'day' then array['day', 'day_of_model', 'day_of_service']
      else array[
        'month', 'month_of_model', 'month_of_service', 'month_of_user', 'month_of_user_model']
    end);
  insert into usage_rollups (
    grain, period, user_id, user_handle, instance_id, instance_ref, owner_id,
    project_id, project_ref, project_owner_id, key_source, model,
    requests, errors, bytes_in, bytes_out, input_tokens, output_tokens, refused,
    cached_input, cache_write_5m, cache_write_1h, reasoning, audio_input, audio_output,
    image_tokens, image_output, images,
    estimated_requests, estimated_input_tokens, estimated_output_tokens,
    priced, cost, callers_cost, estimated_cost)
  select
    finest, begins, k.user_id, k.user_handle, u.instance_id, u.instance_ref, u.owner_id,
    u.project_id, u.project_ref, u.project_owner_id, u.key_source, u.model,
    least(sum(u.requests), 9223372036854775807),
    least(sum(u.errors), 9223372036854775807),
    least(sum(u.bytes_in), 9223372036854775807),
    least(sum(u.bytes_out), 9223372036854775807),
    least(sum(u.input_tokens), 9223372036854775807),
    least(sum(u.output_tokens), 9223372036854775807),
    least(sum(u.refused), 9223372036854775807),
    least(sum(u.cached_input), 9223372036854775807),
    least(sum(u.cache_write_5m), 9223372036854775807),
    least(sum(u.cache_write_1h), 9223372036854775807),
    least(sum(u.reasoning), 9223372036854775807),
    least(sum(u.audio_input), 9223372036854775807),
    least(sum(u.audio_output), 9223372036854775807),
    least(sum(u.image_tokens), 9223372036854775807),
    least(sum(u.image_output), 9223372036854775807),
    least(sum(u.images), 9223372036854775807),
    least(sum(u.estimated_requests), 9223372036854775807),
    least(sum(u.estimated_input_tokens), 9223372036854775807),
    least(sum(u.estimated_output_tokens), 9223372036854775807),
    least(sum(u.priced), 9223372036854775807),
    least(sum(u.cost), 9223372036854775807),
    least(sum(u.callers_cost), 9223372036854775807),
    least(sum(u.estimated_cost), 9223372036854775807)
  from usage_daily u
  cross join lateral (
    select
      case kind when 'day' then '00000000-0000-0000-0000-000000000000'::uuid else u.user_id end,
      case kind when 'day' then '' else u.user_handle end) k (user_id, user_handle)
  where u.day between begins and ends
  group by k.user_id, k.user_handle, u.instance_id, u.instance_ref, u.owner_id,
    u.project_id, u.project_ref, u.project_owner_id, u.key_source, u.model;
  -- The coarser sums are made of the finest, which are far fewer than the lines.
  insert into usage_rollups (
    grain, period, user_id, user_handle, instance_id, instance_ref, owner_id,
    project_id, project_ref, project_owner_id, key_source, model,
    requests, errors, bytes_in, bytes_out, input_tokens, output_tokens, refused,
    cached_input, cache_write_5m, cache_write_1h, reasoning, audio_input, audio_output,
    image_tokens, image_output, images,
    estimated_requests, estimated_input_tokens, estimated_output_tokens,
    priced, cost, callers_cost, estimated_cost)
  select
    case
      when grouping(r.instance_id) = 1 then kind || '_of_model'
      when grouping(r.user_id) = 0 then 'month_of_user'
      when grouping(r.model) = 1 then kind || '_of_service'
      else 'month'
    end, begins,
    coalesce(r.user_id, '00000000-0000-0000-0000-000000000000'), coalesce(r.user_handle, ''),
    coalesce(r.instance_id, '00000000-0000-0000-0000-000000000000'), coalesce(r.instance_ref, ''), coalesce(r.owner_id, '00000000-0000-0000-0000-000000000000'),
    coalesce(r.project_id, '00000000-0000-0000-0000-000000000000'), r.project_ref, r.project_owner_id,
    coalesce(r.key_source, ''), coalesce(r.model, ''),
    least(sum(r.requests), 9223372036854775807),
    least(sum(r.errors), 9223372036854775807),
    least(sum(r.bytes_in), 9223372036854775807),
    least(sum(r.bytes_out), 9223372036854775807),
    least(sum(r.input_tokens), 9223372036854775807),
    least(sum(r.output_tokens), 9223372036854775807),
    least(sum(r.refused), 9223372036854775807),
    least(sum(r.cached_input), 9223372036854775807),
    least(sum(r.cache_write_5m), 9223372036854775807),
    least(sum(r.cache_write_1h), 9223372036854775807),
    least(sum(r.reasoning), 9223372036854775807),
    least(sum(r.audio_input), 9223372036854775807),
    least(sum(r.audio_output), 9223372036854775807),
    least(sum(r.image_tokens), 9223372036854775807),
    least(sum(r.image_output), 9223372036854775807),
    least(sum(r.images), 9223372036854775807),
    least(sum(r.estimated_requests), 9223372036854775807),
    least(sum(r.estimated_input_tokens), 9223372036854775807),
    least(sum(r.estimated_output_tokens), 9223372036854775807),
    least(sum(r.priced), 9223372036854775807),
    least(sum(r.cost), 9223372036854775807),
    least(sum(r.callers_cost), 9223372036854775807),
    least(sum(r.estimated_cost), 9223372036854775807)
  from usage_rollups r
  where r.grain = finest and r.period = begins
  group by grouping sets (
    (r.key_source, r.model),
    (r.instance_id, r.instance_ref, r.owner_id, r.project_id, r.project_ref, r.project_owner_id),
    (r.instance_id, r.instance_ref, r.owner_id, r.project_id, r.project_ref, r.project_owner_id,
      r.key_source, r.model),
    (r.user_id, r.user_handle,
      r.instance_id, r.instance_ref, r.owner_id, r.project_id, r.project_ref, r.project_owner_id))
  having kind = 'month'
    or grouping(r.instance_id) = 1
    or (grouping(r.user_id) = 1 and grouping(r.model) = 1);
end
$$;
comment on function sum_up_usage is
  'Writes the sums of one day or month to usage_rollups, in place of those that are there.';

create or replace function roll_up_usage() returns text language plpgsql as $$
declare
  -- Whoever writes a line just before midnight is done with it by then.
  today date := ((clock_timestamp() - interval '10 minutes') at time zone 'UTC')::date;
  first date := (select min(day) from usage_daily);
  kind text;
  begins date;
  ends date;
  summed boolean;
begin
  select p.grain, p.period, done.period is not null and not done.stale
  into kind, begins, summed
  from (
    select 'day' as grain, d::date as period, d::date as last
    from generate_series(first, today - 1, interval '1 day') d
    union all
    select 'month', m::date, m::date
    from generate_series(
      date_trunc('month', first), date_trunc('month', today) - interval '1 month',
      interval '1 month') m
    union all
    -- The quarter and the year in which usage begins have none, because retention may have removed
    -- their first months.
    select l.grain, q::date, (q + l.length)::date - 1
    from (values ('quarter', interval '3 months'), ('year', interval '1 year')) l (grain, length),
      generate_series(
        date_trunc(l.grain, first), date_trunc(l.grain, today) - l.length, l.length) q
    where q >= date_trunc('month', first)
  ) p
  left join usage_periods done on done.grain = p.grain and done.period = p.period
  where (done.period is null or done.stale or not done.totalled)
    and (p.grain in ('day', 'month') or not exists (
      select from generate_series(p.period, p.last, interval '1 month') m
      left join usage_periods part on part.grain = 'month' and part.period = m::date
      where part.period is null or part.stale or not part.totalled))
  order by p.period, p.grain
  limit 1;
  if kind is null then
    return null;
  end if;
  -- The lock of this row keeps other nodes and late lines out until the commit.
  insert into usage_periods (grain, period, totalled) values (kind, begins, true)
  on conflict on constraint usage_periods_pkey do update set stale = false, totalled = true;
  ends := (begins + case kind when 'quarter' then interval '3 months' else ('1 ' || kind)::interval end)::date - 1;
  if kind in ('quarter', 'year') then
    delete from usage_totals t where t.grain = kind and t.period = begins;
    insert into usage_totals (
      grain, period, dimension, name, requests, input_tokens, output_tokens, cost)
    select kind, begins, t.dimension, t.name,
      least(sum(t.requests), 9223372036854775807),
      least(sum(t.input_tokens), 9223372036854775807),
      least(sum(t.output_tokens), 9223372036854775807),
      least(sum(t.cost), 9223372036854775807)
    from usage_totals t
    where t.grain = 'month' and t.period between begins and ends
    group by t.dimension, t.name
    order by t.dimension, t.name;
    return kind || ' ' || begins;
  end if;
  if not summed then
    perform sum_up_usage(kind, begins, ends);
  end if;
  delete from usage_totals t where t.grain = kind and t.period = begins;
  insert into usage_totals (
    grain, period, dimension, name, requests, input_tokens, output_tokens, cost)
  select kind, begins, t.dimension, t.name,
    least(sum(t.requests), 9223372036854775807),
    least(sum(t.input_tokens), 9223372036854775807),
    least(sum(t.output_tokens), 9223372036854775807),
    least(sum(t.cost), 9223372036854775807)
  from (
    select d.dimension,
      case d.dimension when 'service' then r.instance_ref else coalesce(r.project_ref, '') end
        as name,
      r.requests, r.input_tokens, r.output_tokens, r.cost
    from usage_rollups r
    cross join (values ('service'), ('project')) d (dimension)
    where r.grain = kind || '_of_service' and r.period = begins
    union all
    select 'user', r.user_handle, r.requests, r.input_tokens, r.output_tokens, r.cost
    from usage_rollups r
    where kind = 'month' and r.grain = 'month_of_user' and r.period = begins
    union all
    select 'user', u.user_handle, u.requests, u.input_tokens, u.output_tokens, u.cost
    from usage_daily u
    where kind = 'day' and u.day = begins
  ) t
  group by t.dimension, t.name
  order by t.dimension, t.name;
  if kind = 'month' then
    insert into usage_periods (grain, period, stale)
    values ('quarter', date_trunc('quarter', begins), true), ('year', date_trunc('year', begins), true)
    on conflict on constraint usage_periods_pkey do update set stale = true;
  end if;
  return kind || ' ' || begins;
end
$$;
comment on function roll_up_usage is
  'Sums up one past day or month that is not summed up, or stale, or makes the totals of one past day, month, quarter or year that lacks them. Returns which; null if there is none.';

create function usage_spans_of(since date, until date)
returns table (grain text, period date) language sql stable as $$
  with bounds as (
    select greatest(since, (select min(day) from usage_daily)) as since,
      least(until, (select max(day) from usage_daily)) as until),
  usable as (
    select p.grain, p.period,
      (p.period + case p.grain
        when 'quarter' then interval '3 months'
        else ('1 ' || p.grain)::interval
      end)::date - 1 as last
    from usage_periods p, bounds b
    where p.totalled and not p.stale and p.period between b.since and b.until),
  -- Where usage of a past month is being added, its quarter and year are not up to date either.
  whole as materialized (
    select u.grain, u.period, u.last
    from usable u, bounds b
    where u.last <= b.until
      and (u.grain not in ('quarter', 'year') or not exists (
        select from usage_periods part
        where part.grain = 'month' and part.stale and part.period between u.period and u.last))),
  longer as materialized (
    select w.grain, w.period, w.last
    from whole w
    where w.grain = 'year'
      or (w.grain in ('quarter', 'month') and not exists (
        select from whole y
        where y.grain = 'year' and w.period between y.period and y.last))
      and (w.grain = 'quarter' or not exists (
        select from whole q
        where q.grain = 'quarter' and w.period between q.period and q.last)))
  select l.grain, l.period
  from longer l
  union all
  select coalesce(w.grain, 'line'), d::date
  from bounds b
  cross join generate_series(b.since, b.until, interval '1 day') d
  left join whole w on w.grain = 'day' and w.period = d::date
  where not exists (select from longer l where d::date between l.period and l.last) $$;
comment on function usage_spans_of is
  'The longest periods with totals that together are some days; where a day has none, its lines.';
