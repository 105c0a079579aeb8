-- A day that begins at one o'clock in the time zone of the session moved all later days by an hour, and
-- the last day fell out. The days are now counted without a time zone.
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
    from bounds b, generate_series(b.since::timestamp, b.until::timestamp, interval '1 day') d
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
  cross join generate_series(b.since::timestamp, b.until::timestamp, interval '1 day') d
  left join whole w on w.grain = 'day' and w.period = d::date
  where not exists (select from longer l where d::date between l.period and l.last) $$;
