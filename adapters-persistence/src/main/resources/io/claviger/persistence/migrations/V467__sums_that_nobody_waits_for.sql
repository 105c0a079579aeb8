-- Whoever stored usage of a past day waited until a running sum of its month had ended, which takes
-- minutes, and others waited for the rows that were locked meanwhile. Now late usage leaves a mark,
-- and nobody waits.
create table late_usage (
  id     bigint generated always as identity,
  grain  text not null,
  period date not null,

  constraint late_usage_pkey primary key (id),
  constraint late_usage_grain_known check (grain in ('day', 'month'))
);
comment on table late_usage is
  'Marks of past days and months to which usage was added after they were summed up, or while they are. A sum deletes the marks of the usage that it contains.';
create index late_usage_by_period on late_usage (grain, period);

create or replace function usage_was_late() returns trigger language plpgsql as $$
declare
  today date := (clock_timestamp() at time zone 'UTC')::date;
begin
  insert into late_usage (grain, period)
  select p.grain, p.period
  from (
    select distinct 'day' as grain, a.day as period from added a where a.day < today
    union
    select distinct 'month', date_trunc('month', a.day)::date from added a
    where date_trunc('month', a.day) < date_trunc('month', today)) p
  -- A mark that is locked here stays until this usage is committed, so it stands for this usage,
  -- too. A mark that can't be locked may be one that a running sum deletes.
  where not exists (
    select from late_usage l
    where l.grain = p.grain and l.period = p.period
    for key share skip locked);
  return null;
end
$$;

create view summed_periods as
  select p.grain, p.period, p.totalled
  from usage_periods p
  where not p.stale and not exists (
    select from late_usage l where l.grain = p.grain and l.period = p.period);
comment on view summed_periods is
  'The periods whose sums contain all of their usage.';
comment on column usage_periods.stale is
  'Whether lines were removed after the sum, or the sum of a part has changed. Usage that was added is in late_usage.';

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
  select p.grain, p.period, done.period is not null
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
  left join summed_periods done on done.grain = p.grain and done.period = p.period
  where (done.period is null or not done.totalled)
    and (p.grain in ('day', 'month') or not exists (
      select from generate_series(p.period, p.last, interval '1 month') m
      left join summed_periods part on part.grain = 'month' and part.period = m::date
      where part.period is null or not part.totalled))
  order by p.period, p.grain
  limit 1;
  if kind is null then
    return null;
  end if;
  -- The lock of this row keeps other nodes out until the commit.
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
    -- The usage behind these marks is committed, so the sums below contain it. Usage that is not yet
    -- committed keeps a mark locked, or has a new one, and so is summed up afterwards.
    delete from late_usage
    where id in (
      select l.id from late_usage l
      where l.grain = kind and l.period = begins
      for update skip locked);
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

create or replace function usage_grains_of(
  since date, until date, by_day boolean, month_grain text, day_grain text)
returns table (grain text, period date)
language sql stable as $$
  with bounds as (
    select greatest(since, used.first) as since, least(until, used.last) as until
    from (
      select (select min(day) from usage_daily) as first, (select max(day) from usage_daily) as last
    ) used
    where used.first is not null),
  months as (
    select p.period
    from bounds b
    join summed_periods p on p.grain = 'month'
      and p.period >= b.since and (p.period + interval '1 month')::date - 1 <= b.until
    where not by_day),
  days as (
    select d::date as day
    from bounds b, generate_series(b.since, b.until, interval '1 day') d
    where date_trunc('month', d)::date not in (select m.period from months m))
  select month_grain, m.period
  from months m
  union all
  select case when p.period is null then 'line' else day_grain end, d.day
  from days d
  left join summed_periods p on p.grain = 'day' and p.period = d.day $$;

create or replace function usage_spans_of(since date, until date)
returns table (grain text, period date) language sql stable as $$
  with bounds as (
    select greatest(since, used.first) as since, least(until, used.last) as until
    from (
      select (select min(day) from usage_daily) as first, (select max(day) from usage_daily) as last
    ) used
    where used.first is not null),
  usable as (
    select p.grain, p.period,
      (p.period + case p.grain
        when 'quarter' then interval '3 months'
        else ('1 ' || p.grain)::interval
      end)::date - 1 as last
    from summed_periods p, bounds b
    where p.totalled and p.period between b.since and b.until),
  -- Where usage of a past month is being added, its quarter and year are not up to date either.
  whole as materialized (
    select u.grain, u.period, u.last
    from usable u, bounds b
    where u.last <= b.until
      and (u.grain not in ('quarter', 'year') or not exists (
        select from usage_periods part
        where part.grain = 'month' and part.stale and part.period between u.period and u.last))
      and (u.grain not in ('quarter', 'year') or not exists (
        select from late_usage l
        where l.grain = 'month' and l.period between u.period and u.last))),
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
