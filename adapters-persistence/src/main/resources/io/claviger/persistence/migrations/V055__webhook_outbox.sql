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
begin
  select * into account from budget_accounts a where a.id = of_account;
  if not found
    or account.subject !~ '^(service|token|user|group)(:(group:)?[0-9a-f-]{36}){1,2}$' then
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
  elsif part[1] = 'user' then
    told := array[part[2]::uuid, system];
  elsif cardinality(part) = 3 then
    told := array[part[3]::uuid, system];
  else
    select array_agg(m.user_id) || system into told from group_members m
    where m.group_id = part[2]::uuid and m.role = 'manager';
  end if;
  insert into webhook_messages (
    id, webhook_id, account, unit, "window", zone, window_starts_at, resets_at, threshold, amount,
    settled, created_at)
  select gen_random_uuid(), w.id, account.subject, account.unit, account.period, account.zone,
    b.starts_at, b.ends_at, t.threshold, allowed, b.settled, budget_clock()
  from webhooks w
  cross join unnest(w.thresholds) t (threshold)
  join budget_windows b on b.account_id = of_account and b.starts_at = of_window
  where w.user_id = any (told) and t.threshold > b.told_percent and t.threshold <= to_percent
    and (select count(*) from webhook_messages m where m.webhook_id = w.id) < 1000
  order by w.id, t.threshold
  on conflict on constraint webhook_messages_threshold_key do nothing;
  update budget_windows b
  set told_percent = greatest(b.told_percent, least(to_percent, 100))
  where b.account_id = of_account and b.starts_at = of_window;
end
$$;
comment on function budget_crossed is
  'Called when what is settled has grown from one whole percentage of the budget to another, in the transaction that settles. Writes a message for each threshold in between to the webhooks of who uses the budget and of who lends it: the user and the owner of the service; the user of the token; for what administrators give, the user, or the managers of the group, and _system. A webhook for which 1,000 messages wait gets no more.';

alter table budget_windows
  add column told_percent smallint not null default 0,
  add constraint budget_windows_told_percent check (told_percent between 0 and 100);
comment on column budget_windows.told_percent is
  'The highest percentage of the budget that webhooks were told about. They are told once, also where a raise or a correction lowers the percentage and it grows again.';
