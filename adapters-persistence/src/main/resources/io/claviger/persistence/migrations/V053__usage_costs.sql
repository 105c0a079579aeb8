alter table usage_daily
  add column image_output bigint not null default 0,
  add column priced bigint not null default 0,
  add column cost bigint not null default 0,
  add column callers_cost bigint not null default 0,
  add column estimated_cost bigint not null default 0,
  add constraint usage_daily_image_output_bounds
    check (image_output between 0 and greatest(image_tokens, 0)),
  add constraint usage_daily_priced_bounds check (priced between 0 and requests),
  add constraint usage_daily_cost_bounds check (cost >= 0),
  add constraint usage_daily_callers_cost_bounds check (callers_cost >= 0),
  add constraint usage_daily_estimated_cost_bounds
    check (estimated_cost between 0 and greatest(cost, 0));
comment on column usage_daily.priced is
  'How many of the requests had a price. Where it is 0, the cost is unknown.';
comment on column usage_daily.cost is
  'In nano-dollars, by the service''s own price where it has one, else by the deployment''s.';
comment on column usage_daily.callers_cost is
  'In nano-dollars, by the deployment''s price where there is one, else by the service''s own.';

create table usage_charges (
  account  text collate "C"         not null,
  quarter  timestamp with time zone not null,
  requests bigint                   not null,
  tokens   bigint                   not null,
  cost     bigint                   not null,

  constraint usage_charges_pkey primary key (account, quarter),
  constraint usage_charges_account_length check (char_length(account) between 1 and 200),
  constraint usage_charges_quarter_begins
    check (date_bin('15 minutes', quarter, '2000-01-01T00:00:00Z') = quarter),
  constraint usage_charges_requests_positive check (requests > 0),
  constraint usage_charges_tokens_bounds check (tokens >= 0),
  constraint usage_charges_cost_bounds check (cost >= 0)
);
comment on table usage_charges is
  'What was charged to each caller of a service, to each lender and group of lenders, to the service and to each user, for each quarter of an hour, for 35 days: whether or not there was a budget, so that a new one begins with it. The cost is in nano-dollars; calls without a price add nothing to it.';
create index usage_charges_by_age on usage_charges (quarter);

create or replace function charged_since(
  of_subject text, unit text, since timestamp with time zone)
returns bigint
language sql stable as $$
  select least(
    coalesce(
      sum(case unit when 'requests' then c.requests when 'tokens' then c.tokens else c.cost end),
      0),
    1000000000000000000)::bigint
  from (
    select of_subject as account where of_subject not like 'group:%'
    union all
    select 'user:' || split_part(of_subject, ':', 3)
    where of_subject like 'group:%:%'
    union all
    select 'user:' || m.user_id
    from group_members m
    where of_subject like 'group:%' and of_subject not like 'group:%:%'
      and m.group_id::text = split_part(of_subject, ':', 2)
  ) a
  join usage_charges c on c.account = a.account and c.quarter >= since $$;
comment on function charged_since is
  'What was charged to a subject since the beginning of a quarter of an hour, as far back as 35 days. To a group, what was charged to its present members. Tokens have their budgets from the beginning, so nothing was charged to one before.';

create table usage_rollups (
  id               bigint generated always as identity,
  grain            text             not null,
  period           date             not null,
  user_id          uuid             not null,
  user_handle      text collate "C" not null,
  instance_id      uuid             not null,
  instance_ref     text collate "C" not null,
  owner_id         uuid             not null,
  project_id       uuid             not null,
  project_ref      text collate "C",
  project_owner_id uuid,
  key_source       text collate "C" not null,
  model            text collate "C" not null,
  requests         bigint not null,
  errors           bigint not null,
  bytes_in         bigint not null,
  bytes_out        bigint not null,
  input_tokens     bigint not null,
  output_tokens    bigint not null,
  refused          bigint not null,
  cached_input     bigint not null,
  cache_write_5m   bigint not null,
  cache_write_1h   bigint not null,
  reasoning        bigint not null,
  audio_input      bigint not null,
  audio_output     bigint not null,
  image_tokens     bigint not null,
  image_output     bigint not null,
  images           bigint not null,
  estimated_requests      bigint not null,
  estimated_input_tokens  bigint not null,
  estimated_output_tokens bigint not null,
  priced           bigint not null,
  cost             bigint not null,
  callers_cost     bigint not null,
  estimated_cost   bigint not null,

  constraint usage_rollups_pkey primary key (id),
  constraint usage_rollups_grain_known check (grain in ('day', 'month', 'month_of_user', 'month_of_user_model')),
  constraint usage_rollups_user_by_grain check (
    (grain in ('month_of_user', 'month_of_user_model')) = (user_id <> '00000000-0000-0000-0000-000000000000'))
);
comment on table usage_rollups is
  'Sums of usage_daily: of a day and of a month over all callers, and of a month for each caller, with all models and sources of keys together and apart. Reports read these instead of the days, where they are there.';
create index usage_rollups_by_period on usage_rollups (grain, period);
create index usage_rollups_of_owner on usage_rollups (owner_id, grain, period);
create index usage_rollups_of_project_owner on usage_rollups (project_owner_id, grain, period)
  where project_owner_id is not null;
create index usage_rollups_of_user on usage_rollups (user_id, grain, period);
create index usage_rollups_of_handle on usage_rollups (user_handle, grain, period);

create table usage_periods (
  grain     text    not null,
  period    date    not null,
  stale     boolean not null default false,

  constraint usage_periods_pkey primary key (grain, period),
  constraint usage_periods_grain_known check (grain in ('day', 'month')),
  constraint usage_periods_month_begins
    check (grain <> 'month' or date_trunc('month', period) = period)
);
comment on table usage_periods is
  'The days and months that are summed up in usage_rollups; stale where usage was added afterwards.';

create function usage_was_late() returns trigger language plpgsql as $$
declare
  today date := (clock_timestamp() at time zone 'UTC')::date;
begin
  insert into usage_periods (grain, period, stale)
  select p.grain, p.period, true
  from (
    select distinct 'day' as grain, a.day as period from added a where a.day < today
    union
    select distinct 'month', date_trunc('month', a.day)::date from added a
    where date_trunc('month', a.day) < date_trunc('month', today)
    order by 1, 2) p
  on conflict on constraint usage_periods_pkey do update set stale = true;
  return null;
end
$$;
comment on function usage_was_late is
  'Marks past days and months to which usage is added, so that they are summed up again.';
create trigger usage_daily_note_late_rows after insert on usage_daily
  referencing new table as added for each statement execute function usage_was_late();
create trigger usage_daily_note_late_changes after update on usage_daily
  referencing new table as added for each statement execute function usage_was_late();

create function roll_up_usage() returns text language plpgsql as $$
declare
  -- Whoever writes a line just before midnight is done with it by then.
  today date := ((clock_timestamp() - interval '10 minutes') at time zone 'UTC')::date;
  first date := (select min(day) from usage_daily);
  kind text;
  begins date;
  ends date;
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
  delete from usage_rollups r
  where r.period = begins
    and r.grain = any (case kind when 'day' then array['day'] else array['month', 'month_of_user', 'month_of_user_model'] end);
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
      when grouping(u.user_id) = 1 then kind
      when grouping(u.model) = 1 then 'month_of_user'
      else 'month_of_user_model'
    end, begins,
    coalesce(u.user_id, '00000000-0000-0000-0000-000000000000'), coalesce(u.user_handle, ''),
    u.instance_id, u.instance_ref, u.owner_id,
    u.project_id, u.project_ref, u.project_owner_id, coalesce(u.key_source, ''),
    coalesce(u.model, ''),
    least(sum(u.requests), 9223372036854775807), least(sum(u.errors), 9223372036854775807),
    least(sum(u.bytes_in), 9223372036854775807), least(sum(u.bytes_out), 9223372036854775807),
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
    least(sum(u.priced), 9223372036854775807), least(sum(u.cost), 9223372036854775807),
    least(sum(u.callers_cost), 9223372036854775807),
    least(sum(u.estimated_cost), 9223372036854775807)
  from usage_daily u
  where u.day between begins and ends
  group by grouping sets (
    (u.instance_id, u.instance_ref, u.owner_id, u.project_id, u.project_ref, u.project_owner_id,
      u.key_source, u.model),
    (u.user_id, u.user_handle,
      u.instance_id, u.instance_ref, u.owner_id, u.project_id, u.project_ref, u.project_owner_id,
      u.key_source, u.model),
    (u.user_id, u.user_handle,
      u.instance_id, u.instance_ref, u.owner_id, u.project_id, u.project_ref, u.project_owner_id))
  having grouping(u.user_id) = 1 or kind = 'month';
  return kind || ' ' || begins;
end
$$;
comment on function roll_up_usage is
  'Sums up one past day or month that is not summed up, or stale, and returns which; null if there is none.';

create view usage_lines as
  select
    r.grain, r.period, r.user_id, r.user_handle, r.instance_id, r.instance_ref, r.owner_id,
    r.project_id, r.project_ref, r.project_owner_id, r.key_source, r.model,
    r.requests, r.errors, r.bytes_in, r.bytes_out, r.input_tokens, r.output_tokens, r.refused,
    r.cached_input, r.cache_write_5m, r.cache_write_1h, r.reasoning, r.audio_input,
    r.audio_output, r.image_tokens, r.image_output, r.images,
    r.estimated_requests, r.estimated_input_tokens, r.estimated_output_tokens,
    r.priced, r.cost, r.callers_cost, r.estimated_cost
  from usage_rollups r
  union all
  select
    'line', u.day, u.user_id, u.user_handle, u.instance_id, u.instance_ref, u.owner_id,
    u.project_id, u.project_ref, u.project_owner_id, u.key_source, u.model,
    u.requests, u.errors, u.bytes_in, u.bytes_out, u.input_tokens, u.output_tokens, u.refused,
    u.cached_input, u.cache_write_5m, u.cache_write_1h, u.reasoning, u.audio_input,
    u.audio_output, u.image_tokens, u.image_output, u.images,
    u.estimated_requests, u.estimated_input_tokens, u.estimated_output_tokens,
    u.priced, u.cost, u.callers_cost, u.estimated_cost
  from usage_daily u;
comment on view usage_lines is
  'Usage by day and its sums, under one roof; a reader chooses for each period the grain to read.';

create function usage_periods_of(
  since date, until date, by_day boolean, by_user boolean, by_model boolean)
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
  select
    case
      when not by_user then 'month'
      when by_model then 'month_of_user_model'
      else 'month_of_user'
    end, m.period
  from months m
  union all
  select case when p.period is null then 'line' else 'day' end, d.day
  from days d
  left join usage_periods p
    on p.grain = 'day' and p.period = d.day and not p.stale and not by_user $$;
comment on function usage_periods_of is
  'Which grains of usage_lines together are the usage of some days: as coarse as the question allows.';
