-- The separate amount that the owner of a service has in place of a group's pool was counted by the
-- account of the member's own budget in that group, group:GROUP:USER, which also counts what the
-- member borrows. So the amount began with borrowed usage, and a budget for each member that was set
-- later did not begin with it. The amount has an account of its own now, group:GROUP:USER:own, to
-- which nothing was charged before.
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
    where of_subject like 'group:%:%' and of_subject not like '%:own'
    union all
    select 'user:' || m.user_id
    from group_members m
    where m.group_id = case
      when of_subject ~ '^group:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
      then split_part(of_subject, ':', 2)::uuid end
  ) a
  join usage_charges c on c.account = a.account and c.quarter >= since $$;

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
