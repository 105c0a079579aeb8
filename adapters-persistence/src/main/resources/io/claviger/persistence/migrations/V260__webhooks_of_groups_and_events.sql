alter table webhooks
  alter user_id drop not null,
  add column group_id uuid,
  add column events text[] not null default '{}',
  add column format text collate "C" not null default 'plain',
  add column receiver_id uuid not null generated always as (coalesce(user_id, group_id)) stored,
  add constraint webhooks_group_id_key unique (group_id),
  add constraint webhooks_receiver_id_key unique (receiver_id),
  add constraint webhooks_group_fkey foreign key (group_id) references groups (id)
    on delete cascade,
  add constraint webhooks_of_one check (num_nonnulls(user_id, group_id) = 1),
  add constraint webhooks_format_known check (format in ('plain', 'slack', 'teams')),
  add constraint webhooks_events_known check (events <@ array[
    'request.created', 'request.granted', 'transfer.offered', 'key.rejected', 'key.old',
    'credential.failed', 'budget.crossed', 'share.expiring', 'bill.differs',
    'administrator.changed', 'token.leaked', 'token.bound']),
  add constraint webhooks_events_count check (cardinality(events) <= 12);
comment on table webhooks is
  'Where a user or a group is told what happened; at most one for each. That of _system is the webhook of the installation. Ends with its user or group.';
comment on column webhooks.receiver_id is
  'The user or the group.';
comment on column webhooks.events is
  'The events that are told. Empty means all that concern the receiver.';
comment on column webhooks.format is
  'How messages are written: as JSON for programs, or for Slack or Microsoft Teams.';

alter table webhook_messages
  drop constraint webhook_messages_whole,
  add column event text collate "C",
  add column facts text[],
  add column page text collate "C",
  add constraint webhook_messages_whole check (
    (num_nulls(account, unit, "window", zone, window_starts_at, threshold, amount, settled) = 0
      and num_nonnulls(service_id, month, theirs, ours, unexplained, event, facts, page) = 0)
    or (num_nonnulls(account, unit, "window", zone, window_starts_at, resets_at, threshold, amount,
        settled, event, facts, page) = 0
      and num_nulls(service_id, month, theirs, ours, unexplained) = 0)
    or (num_nonnulls(account, unit, "window", zone, window_starts_at, resets_at, threshold, amount,
        settled, service_id, month, theirs, ours, unexplained) = 0
      and num_nulls(event, facts) = 0)),
  add constraint webhook_messages_event_known check (event in (
    'request.created', 'request.granted', 'transfer.offered', 'key.rejected', 'key.old',
    'credential.failed', 'share.expiring', 'administrator.changed', 'token.leaked', 'token.bound',
    'webhook.test')),
  add constraint webhook_messages_facts_length
    check (octet_length(array_to_string(facts, '')) <= 8000),
  add constraint webhook_messages_page_path
    check (page like '/console%' and char_length(page) <= 300);
comment on table webhook_messages is
  'The outbox of webhooks, written in the transaction of what they tell: thresholds of budgets, bills, and events. Deleted once a message is delivered or a day old.';
comment on column webhook_messages.event is
  'What happened; empty in messages about budgets and bills.';
comment on column webhook_messages.facts is
  'Names and values in turn, as they were at the time.';
comment on column webhook_messages.page is
  'The path of the page of the console that answers.';

create table told_events (
  event      text collate "C"         not null,
  subject_id uuid                     not null,
  other_id   uuid                     not null,
  state      timestamp with time zone not null,
  told_at    timestamp with time zone not null,

  constraint told_events_pkey primary key (event, subject_id, other_id),
  constraint told_events_event_known
    check (event in ('key.rejected', 'key.old', 'credential.failed', 'share.expiring'))
);
comment on table told_events is
  'Which states webhooks were told of, so that each is told once, also where no webhook took it. Removed when it is a year old.';
comment on column told_events.other_id is
  'Whose share or own key it is; the service again where it is nobody''s.';
comment on column told_events.state is
  'Which state it was: when the key was set, when the share ends, or the day.';

create index told_events_told_at on told_events (told_at);

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
  'Called when what is settled has grown from one whole percentage of the budget to another, in the transaction that settles. Writes a message for each threshold in between to the webhooks of who uses the budget and of who lends it: the user and the owner of the service; the user of the token; for what administrators give, the user, or the group and its managers, and _system. A webhook for which 1,000 messages wait gets no more.';
