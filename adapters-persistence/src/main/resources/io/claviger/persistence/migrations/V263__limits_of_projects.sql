alter table projects
  add column limit_requests_per_minute integer,
  add column limit_models text[],
  add column limit_operations text[],
  add column limit_max_output_tokens integer,
  add column limit_budgets text[],
  add column limit_pace text[],
  add constraint projects_limit_requests_per_minute_bounds
    check (limit_requests_per_minute between 1 and 1000000),
  add constraint projects_limit_models_count check (cardinality(limit_models) between 1 and 100),
  add constraint projects_limit_operations_count
    check (cardinality(limit_operations) between 1 and 100),
  add constraint projects_limit_max_output_tokens_bounds
    check (limit_max_output_tokens between 1 and 1000000000),
  add constraint projects_limit_budgets_valid check (are_budgets(limit_budgets)),
  add constraint projects_limit_pace_valid check (are_paces(limit_pace));
comment on column projects.limit_budgets is
  'What each person may use up through the project; see is_budget.';
comment on column projects.limit_pace is
  'How fast each person may be through the project; see is_pace.';

create trigger projects_know_zones before insert or update of limit_budgets
  on projects for each row when (new.limit_budgets is not null)
  execute function refuse_unknown_zones('limit_budgets');

-- Knows budgets of people who call through a project; otherwise as before.
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
    or account.subject !~ '^(service|token|user|group|project)(:(group:)?[0-9a-f-]{36}){1,2}$' then
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
  elsif cardinality(part) = 3 then
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
comment on function budget_crossed is
  'Called when what is settled has grown from one whole percentage of the budget to another, in the transaction that settles. Writes a message for each threshold in between to the webhooks of who uses the budget and of who lends it: the user and the owner of the service or project; the user of the token; for what administrators give, the user, or the group and its managers, and _system. A webhook for which 1,000 messages wait gets no more.';
