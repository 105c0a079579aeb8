alter table usage_rollups
  drop constraint usage_rollups_grain_known,
  add constraint usage_rollups_grain_known check (grain in (
    'day', 'day_of_model', 'day_of_service', 'month', 'month_of_model', 'month_of_service',
    'month_of_user', 'month_of_user_model'));
comment on table usage_rollups is
  'Sums of usage_daily: of a day and of a month over all callers, by services and models or by either alone, and of a month for each caller, with all models and sources of keys together and apart. Reports read these instead of the lines, where they are there.';

create index usage_daily_of_handle on usage_daily (user_handle, day);

create or replace function roll_up_usage() returns text language plpgsql as $$
declare
  -- Whoever writes a line just before midnight is done with it by then.
  today date := ((clock_timestamp() - interval '10 minutes') at time zone 'UTC')::date;
  first date := (select min(day) from usage_daily);
  kind text;
  begins date;
  ends date;
  finest text;
begin
  select p.grain, p.period into kind, begins
  from (
    select 'day' as grain, d::date as period
    from generate_series(first, today - 1, interval '1 day') d
    union all
    select 'month', m::date
    from generate_series(
      date_trunc('month', first), date_trunc('month', today) - interval '1 month',
      interval '1 month') m
  ) p
  left join usage_periods done on done.grain = p.grain and done.period = p.period
  where done.period is null or done.stale
  order by p.period, p.grain
  limit 1;
  if kind is null then
    return null;
  end if;
  -- The lock of this row keeps other nodes and late lines out until the commit.
  insert into usage_periods (grain, period) values (kind, begins)
  on conflict on constraint usage_periods_pkey do update set stale = false;
  ends := case kind when 'day' then begins else (begins + interval '1 month')::date - 1 end;
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
  return kind || ' ' || begins;
end
$$;
-- What is summed up lacks the sums by services or models alone.
update usage_periods set stale = true;

create function usage_grains_of(
  since date, until date, by_day boolean, month_grain text, day_grain text)
returns table (grain text, period date)
language sql stable as $$
  with bounds as (
    select greatest(since, (select min(day) from usage_daily)) as since,
      least(until, (select max(day) from usage_daily)) as until),
  months as (
    select p.period
    from bounds b
    join usage_periods p on p.grain = 'month' and not p.stale
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
  left join usage_periods p on p.grain = 'day' and p.period = d.day and not p.stale $$;
comment on function usage_grains_of is
  'Which grains of usage_lines together are the usage of some days: the given ones, where a month or day is summed up, and else its lines.';
