-- The oldest period that was not up to date was always the next. If its usage never ended, it was
-- summed up again and again, and later periods never were. Now periods take turns.
alter table usage_periods add column turn bigint not null default 0;
comment on column usage_periods.turn is
  'The number of the last sum, counted over all periods; 0 if there is none since this column exists. Of the periods that are not up to date, the one with the lowest number is next.';

create function last_turn_of_sums() returns bigint language sql stable as $$
  select coalesce(max(p.turn), 0) from usage_periods p $$;
comment on function last_turn_of_sums is
  'The number of the last sum of all periods. Whoever begins a pass takes it for roll_up_usage.';

create function roll_up_usage(pass bigint) returns text language plpgsql as $$
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
  left join usage_periods before on before.grain = p.grain and before.period = p.period
  where (done.period is null or not done.totalled)
    -- Totals of quarters and years change only after sums of months, so their number is bounded too.
    and (p.grain in ('quarter', 'year') or before.turn is null or before.turn <= pass)
    and (p.grain in ('day', 'month') or not exists (
      select from generate_series(p.period, p.last, interval '1 month') m
      left join summed_periods part on part.grain = 'month' and part.period = m::date
      where part.period is null or not part.totalled))
  order by coalesce(before.turn, 0), p.period, p.grain
  limit 1;
  if kind is null then
    return null;
  end if;
  -- The lock of this row keeps other nodes out until the commit.
  insert into usage_periods (grain, period, totalled, turn)
  values (kind, begins, true, last_turn_of_sums() + 1)
  on conflict on constraint usage_periods_pkey
  do update set stale = false, totalled = true, turn = excluded.turn;
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
comment on function roll_up_usage(bigint) is
  'Sums up one past day or month that is not up to date, or makes the totals of one past day, month, quarter or year that lacks them. Leaves out days and months whose last sum has a higher number than the pass began with. Returns which; null if there is none.';

create or replace function roll_up_usage() returns text language sql as $$
  select roll_up_usage(last_turn_of_sums()) $$;
comment on function roll_up_usage() is 'As nodes of the last version ask.';
