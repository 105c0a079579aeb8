-- The separate amount that the owner of a service has in place of a group's pool was counted by the
-- account of the member's own budget in that group, group:GROUP:USER, which also counts what the
-- member borrows. So the amount began with borrowed usage, and a budget for each member that was set
-- later did not begin with it. The amount has an account of its own now, group:GROUP:USER:own, to
-- which nothing was charged before. The other accounts of groups count what a member was charged
-- since the member joined: before, a group has nothing to do with it. What was charged in the
-- quarter of an hour in which the member joined is not counted.
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
    select of_subject as account, since as first where of_subject not like 'group:%'
    union all
    select 'user:' || m.user_id, greatest(since, m.created_at)
    from group_members m
    where m.group_id = case
      when of_subject ~ '^group:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
      then split_part(of_subject, ':', 2)::uuid end
    union all
    select 'user:' || m.user_id, greatest(since, m.created_at)
    from group_members m
    where (m.group_id, m.user_id) = (
      case when of_subject ~ '^group(:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}){2}$'
      then split_part(of_subject, ':', 2)::uuid end,
      case when of_subject ~ '^group(:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}){2}$'
      then split_part(of_subject, ':', 3)::uuid end)
  ) a
  join usage_charges c on c.account = a.account and c.quarter >= a.first $$;

-- Knows these accounts; otherwise as before.
create or replace function budget_crossed(
  of_account uuid, of_window timestamp with time zone, from_percent integer, to_percent integer,
  allowed bigint)
returns void
language plpgsql as $$
declare
  system constant uuid := '01900000-0000-7000-8000-000000000001';
  account budget_accounts;
  part text[];
  told uuid[];
  told_group uuid;
begin
  select * into account from budget_accounts a where a.id = of_account;
  if not found
    or account.subject !~ '^(service|token|user|group|project)(:(group:)?[0-9a-f-]{36}){1,2}(:own)?$' then
    return;
  end if;
  part := string_to_array(account.subject, ':');
  if part[1] = 'service' then
    select array_agg(i.owner_id) into told from instances i where i.id = part[2]::uuid;
    if cardinality(part) = 3 then
      told := told || part[3]::uuid;
    end if;
  elsif part[1] = 'token' then
    select array_agg(t.user_id) into told from access_tokens t where t.id = part[2]::uuid;
  elsif part[1] = 'project' then
    select array_agg(p.owner_id) || part[3]::uuid into told from projects p
    where p.id = part[2]::uuid;
  elsif part[1] = 'user' then
    told := array[part[2]::uuid, system];
  elsif cardinality(part) >= 3 then
    told := array[part[3]::uuid, system];
  else
    told_group := part[2]::uuid;
    select array_agg(m.user_id) || system into told from group_members m
    where m.group_id = told_group and m.role = 'manager';
  end if;
  insert into webhook_messages (
    id, webhook_id, account, unit, "window", zone, window_starts_at, resets_at, threshold, amount,
    settled, created_at)
  select gen_random_uuid(), w.id, account.subject, account.unit, account.period, account.zone,
    b.starts_at, b.ends_at, t.threshold, allowed, b.settled, budget_clock()
  from webhooks w
  cross join unnest(w.thresholds) t (threshold)
  join budget_windows b on b.account_id = of_account and b.starts_at = of_window
  where (w.user_id = any (told) or w.group_id = told_group)
    and (w.events = '{}' or 'budget.crossed' = any (w.events))
    and t.threshold > b.told_percent and t.threshold <= to_percent
    and (select count(*) from webhook_messages m where m.webhook_id = w.id) < 1000
  order by w.id, t.threshold
  on conflict on constraint webhook_messages_threshold_key do nothing;
  update budget_windows b
  set told_percent = greatest(b.told_percent, least(to_percent, 100))
  where b.account_id = of_account and b.starts_at = of_window;
end
$$;

-- The accounts that were made for separate amounts hold calls of the members' own services alone. A
-- budget for each member that is set later must not continue one of them.
do $$
declare
  apart uuid[] := array(
    select a.id from budget_accounts a
    where a.subject ~ '^group:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:[^:]+$'
      and not exists (
        select from group_limits l, unnest(l.limit_budgets) b (text)
        where l.group_id = split_part(a.subject, ':', 2)::uuid and not l.pooled
          and split_part(b.text, ' ', 2) = a.unit and split_part(b.text, ' ', 3) = a.period
          and split_part(b.text, ' ', 4) = a.zone));
begin
  -- Like everybody who changes windows, locks the windows first.
  perform from budget_windows w where w.account_id = any (apart)
  order by w.account_id, w.starts_at for update;
  delete from budget_accounts a
  using (
    select b.id from budget_accounts b where b.id = any (apart)
    order by b.id for update skip locked) o
  where a.id = o.id;
end
$$;

-- A window of an account that already existed began at 0, even if the budget had been removed in
-- the meantime and its holder was charged before it was set again.
create function counted_since(
  of_account uuid, starts timestamp with time zone, at timestamp with time zone)
returns timestamp with time zone
language sql stable as $$
  select greatest(
    starts, at - interval '35 days',
    (select max(case when w.reserved > 0 then at else w.touched_at + interval '15 minutes' end)
    from budget_windows w where w.account_id = of_account)) $$;
comment on function counted_since is
  'Since when a window that begins has to count what its holder was already charged. Each call under a budget opens the window of the budget, or is settled in the window in which it began. So what was charged after the account was last touched was charged without the budget, or before the holder became a member of a group, which charged_since leaves out. What was charged before might have been settled in a former window. Charges have the time of a node, whose clock may be ahead of that of the database by up to 15 minutes. While a former window has something reserved, a call that was already charged might still be settled there, so nothing is counted.';

create or replace function open_budget_window(
  of_account uuid, of_subject text, of_unit text, of_period text, of_zone text,
  at timestamp with time zone)
returns timestamp with time zone
language plpgsql as $$
declare
  most_attempts constant int := 3;
  bounds record;
  since timestamp with time zone;
  charged bigint := 0;
begin
  select w.starts_at into since from budget_windows w
  where w.account_id = of_account and w.starts_at <= at and (w.ends_at > at or w.ends_at is null)
  order by w.starts_at desc limit 1;
  if found then
    return since;
  end if;
  bounds := budget_window(of_period, of_zone, at);
  since := greatest(bounds.starts_at, at - interval '35 days');
  for attempt in 1..most_attempts loop
    begin
      -- Changes the row even if it is there, which waits for whoever removes the account.
      insert into budget_accounts (id, subject, unit, period, zone, counted_from)
      values (of_account, of_subject, of_unit, of_period, of_zone, since)
      on conflict (id) do update set subject = excluded.subject;
      exit;
    exception when unique_violation then
      if attempt = most_attempts then
        raise;
      end if;
    end;
  end loop;
  perform from budget_windows w
  where w.account_id = of_account and w.starts_at = bounds.starts_at;
  if found then
    -- Somebody else has made the window while this one waited for the account.
    return bounds.starts_at;
  end if;
  since := counted_since(of_account, bounds.starts_at, at);
  -- If no quarter of an hour has begun since then, there is nothing to add up.
  if since <= date_bin('15 minutes', at, timestamp with time zone '2000-01-01T00:00Z') then
    charged := charged_since(of_subject, of_unit, since);
  end if;
  if charged > 0 then
    update budget_accounts a set counted_from = since where a.id = of_account;
  end if;
  insert into budget_windows (account_id, starts_at, ends_at, settled, reserved, touched_at)
  values (of_account, bounds.starts_at, bounds.ends_at, charged, 0, at)
  on conflict do nothing;
  return bounds.starts_at;
end
$$;
comment on function open_budget_window is
  'Finds or makes the current window of an account, and the account itself. A new window starts with what was charged to the holder without the budget.';
