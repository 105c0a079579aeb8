create table budget_accounts (
  id           uuid                     not null,
  subject      text collate "C"         not null,
  unit         text                     not null,
  period       text                     not null,
  zone         text collate "C"         not null,
  counted_from timestamp with time zone not null,

  constraint budget_accounts_pkey primary key (id),
  constraint budget_accounts_key unique (subject, unit, period, zone),
  constraint budget_accounts_subject_length check (char_length(subject) between 1 and 200),
  constraint budget_accounts_unit_known check (unit in ('usd', 'tokens', 'requests')),
  constraint budget_accounts_period_known check (period in ('day', 'week', 'month', 'total')),
  constraint budget_accounts_zone_length check (char_length(zone) between 1 and 64)
);
comment on table budget_accounts is
  'What budgets are charged to. An account is made at its first use, has no reference to the limits that it serves, and outlives their edits. It is removed when none of its windows is left.';
comment on column budget_accounts.period is 'How long a window of the account lasts.';
comment on column budget_accounts.counted_from is
  'The first charge that the account can hold; what was charged before it was made comes from the usage.';

create table budget_windows (
  account_id uuid                     not null,
  starts_at  timestamp with time zone not null,
  ends_at    timestamp with time zone,
  settled    bigint                   not null,
  reserved   bigint                   not null,
  touched_at timestamp with time zone not null,

  constraint budget_windows_pkey primary key (account_id, starts_at),
  constraint budget_windows_account_fkey foreign key (account_id)
    references budget_accounts (id) on delete cascade,
  constraint budget_windows_end_later check (ends_at > starts_at),
  constraint budget_windows_settled_bounds check (settled between 0 and 4000000000000000000),
  constraint budget_windows_reserved_bounds check (reserved between 0 and 4000000000000000000)
) with (fillfactor = 70);
comment on table budget_windows is
  'What was charged to an account in a window, and what nodes hold of it for calls: never more than the budget together, unless that was lowered or calls cost more than was reserved for them. Whoever changes a lease locks the row of its window first.';
comment on column budget_windows.starts_at is '1970 for accounts whose only window never ends.';
comment on column budget_windows.settled is
  'In nano-dollars, tokens or requests. Includes what silent nodes held.';
comment on column budget_windows.reserved is 'The sum of what the leases of the window grant.';
create index budget_windows_ended on budget_windows (ends_at) where ends_at is not null;

create table budget_nodes (
  id      uuid                     not null,
  ends_at timestamp with time zone not null,

  constraint budget_nodes_pkey primary key (id)
);
comment on table budget_nodes is
  'The runs of nodes that hold parts of budgets. Each exchange renews the row; what a node holds counts as used once its row has ended.';
create index budget_nodes_ended on budget_nodes (ends_at);

create table budget_leases (
  account_id  uuid                     not null,
  starts_at   timestamp with time zone not null,
  node        uuid                     not null,
  began       bigint                   not null,
  sequence    bigint                   not null,
  spent       bigint                   not null,
  granted     bigint                   not null,
  written_off bigint                   not null,
  touched_at  timestamp with time zone not null,

  constraint budget_leases_pkey primary key (account_id, starts_at, node),
  constraint budget_leases_window_fkey foreign key (account_id, starts_at)
    references budget_windows (account_id, starts_at) on delete cascade,
  constraint budget_leases_began_before check (began <= sequence),
  constraint budget_leases_spent_bounds check (spent between 0 and 4000000000000000000),
  constraint budget_leases_granted_bounds check (granted between 0 and 4000000000000000000),
  constraint budget_leases_written_off_bounds
    check (written_off between 0 and 4000000000000000000),
  constraint budget_leases_granted_or_written_off check (granted = 0 or written_off = 0)
) with (fillfactor = 70);
comment on table budget_leases is
  'What a node holds of a window. A node states all that it spent and holds, with a number that grows, so that an exchange can be repeated and a late one is ignored.';
comment on column budget_leases.began is
  'The number of the exchange since which the node adds up what it spent.';
comment on column budget_leases.spent is
  'What the node spent since then. It is part of what is settled.';
comment on column budget_leases.written_off is
  'What the node held when it was found silent. It counts as settled until the node says what it spent.';
create index budget_leases_of_node on budget_leases (node);
-- None on touched_at: it changes with each exchange, and the table stays small.

create table budget_raises (
  id         uuid                     not null,
  account_id uuid                     not null,
  amount     bigint                   not null,
  until      timestamp with time zone not null,
  created_at timestamp with time zone not null,
  created_by uuid,

  constraint budget_raises_pkey primary key (id),
  constraint budget_raises_account_fkey foreign key (account_id)
    references budget_accounts (id) on delete cascade,
  constraint budget_raises_created_by_fkey foreign key (created_by)
    references users (id) on delete set null,
  constraint budget_raises_amount_bounds check (amount between 1 and 1000000000000000000),
  constraint budget_raises_end_later check (until > created_at)
);
comment on table budget_raises is
  'Amounts that are added to a budget for a time. A raise ends by itself, and is kept for 35 days after that.';
comment on column budget_raises.created_by is 'Null once they are gone.';
create index budget_raises_of_account on budget_raises (account_id, until);
create index budget_raises_ended on budget_raises (until);
create index budget_raises_created_by on budget_raises (created_by) where created_by is not null;

create function budget_clock() returns timestamp with time zone
language sql volatile as $$ select clock_timestamp() $$;
comment on function budget_clock is
  'The clock of budgets. Nodes measure only durations, so their clocks need not agree.';

create function first_instant(of_day date, zone text) returns timestamp with time zone
language sql stable as $$
  -- Midnight comes twice where clocks are set back across it. PostgreSQL takes the second one.
  select coalesce(
    min(usual - n * interval '30 minutes')
      filter (where (usual - n * interval '30 minutes') at time zone zone = of_day::timestamp),
    min(usual))
  from (select of_day::timestamp at time zone zone as usual) midnight, generate_series(0, 6) n
$$;
comment on function first_instant is
  'When a day begins in a time zone: at midnight, the first where there are two, or as soon as clocks are set forward across it.';

create function budget_window(
  period text, of_zone text, at timestamp with time zone,
  out starts_at timestamp with time zone, out ends_at timestamp with time zone)
language plpgsql stable as $$
declare
  zone text := of_zone;
  day date;
begin
  if period = 'total' then
    starts_at := timestamp with time zone 'epoch';
    return;
  end if;
  begin
    day := date_trunc(period, at at time zone zone);
  exception when invalid_parameter_value then
    -- The server no longer knows the zone. That must not stop the calls.
    zone := 'UTC';
    day := date_trunc(period, at at time zone zone);
  end;
  starts_at := first_instant(day, zone);
  ends_at := first_instant((day + ('1 ' || period)::interval)::date, zone);
  if ends_at <= at then
    -- Clocks were set back from a little after midnight to the day before.
    starts_at := ends_at;
    ends_at := first_instant((day + ('2 ' || period)::interval)::date, zone);
  end if;
end
$$;
comment on function budget_window is
  'The window of a budget at an instant. An account that is never renewed has one window without an end.';

create function charged_since(of_subject text, unit text, since timestamp with time zone)
returns bigint
language sql stable as $$ select 0::bigint $$;
comment on function charged_since is
  'What was charged to a subject before its account was made, by the usage.';

create function budget_crossed(
  of_account uuid, of_window timestamp with time zone, from_percent integer, to_percent integer,
  allowed bigint)
returns void
language sql as $$ select $$;
comment on function budget_crossed is
  'Called when what is settled has grown from one whole percentage of the budget to another, in the transaction that settles.';

create function release_lost_leases(
  of_account uuid, of_node uuid, since bigint, before bigint,
  current_window timestamp with time zone)
returns void
language plpgsql as $$
declare
  lost record;
begin
  for lost in
    select l.starts_at from budget_leases l
    where l.account_id = of_account and l.node = of_node and l.began = since
      and l.sequence < before and l.starts_at <> current_window and l.granted > 0
    order by l.starts_at
  loop
    perform from budget_windows w
    where w.account_id = of_account and w.starts_at = lost.starts_at for update;
    update budget_windows w set reserved = w.reserved - l.granted
    from budget_leases l
    where w.account_id = of_account and w.starts_at = lost.starts_at
      and l.account_id = of_account and l.starts_at = lost.starts_at and l.node = of_node;
    update budget_leases l set granted = 0
    where l.account_id = of_account and l.starts_at = lost.starts_at and l.node = of_node;
  end loop;
end
$$;
comment on function release_lost_leases is
  'Returns what a node was granted in other windows by first exchanges whose answers it never got.';

create function open_budget_window(
  of_account uuid, of_subject text, of_unit text, of_period text, of_zone text,
  at timestamp with time zone)
returns timestamp with time zone
language plpgsql as $$
declare
  bounds record;
  since timestamp with time zone;
  is_new boolean;
begin
  select w.starts_at into since from budget_windows w
  where w.account_id = of_account and w.starts_at <= at and (w.ends_at > at or w.ends_at is null)
  order by w.starts_at desc limit 1;
  if found then
    return since;
  end if;
  bounds := budget_window(of_period, of_zone, at);
  since := greatest(bounds.starts_at, at - interval '35 days');
  -- Changes the row even if it is there, which waits for whoever removes the account.
  insert into budget_accounts (id, subject, unit, period, zone, counted_from)
  values (of_account, of_subject, of_unit, of_period, of_zone, since)
  on conflict (id) do update set subject = excluded.subject
  returning xmax = 0 into is_new;
  insert into budget_windows (account_id, starts_at, ends_at, settled, reserved, touched_at)
  values (
    of_account, bounds.starts_at, bounds.ends_at,
    case when is_new then charged_since(of_subject, of_unit, since) else 0 end, 0, at)
  on conflict do nothing;
  return bounds.starts_at;
end
$$;
comment on function open_budget_window is
  'Finds or makes the current window of an account, and the account itself. A new account starts with what was charged before.';

create function exchange_budgets(
  nodes uuid[], accounts uuid[], subjects text[], units text[], periods text[], zones text[],
  windows timestamp with time zone[], afters timestamp with time zone[], began_at bigint[], sequences bigint[],
  all_spent bigint[], still_held bigint[],
  budgets bigint[], all_needed bigint[], all_smallest bigint[], all_extra bigint[])
returns table (
  item bigint, is_known boolean, window_start timestamp with time zone,
  window_end timestamp with time zone, good_for_millis bigint,
  now_held bigint, now_left bigint, now_settled bigint, now_reserved bigint)
language plpgsql as $$
declare
  most constant bigint := 4000000000000000000;
  now_exactly timestamp with time zone := budget_clock();
  one record;
  w budget_windows;
  l budget_leases;
  total bigint;
  raise_ends timestamp with time zone;
  settled_before bigint;
  percent_before integer;
  percent integer;
  kept bigint;
  allotted bigint;
begin
  if current_setting('synchronous_commit') = 'off' then
    -- A lease that a crash forgets would be granted twice.
    perform set_config('synchronous_commit', 'on', true);
  end if;
  insert into budget_nodes as n (id, ends_at)
  select distinct u.id, now_exactly + interval '60 seconds' from unnest(nodes) u (id) order by u.id
  on conflict (id) do update set ends_at = excluded.ends_at
  where n.ends_at < excluded.ends_at - interval '5 seconds';

  for one in
    select e.* from unnest(
      nodes, accounts, subjects, units, periods, zones, windows, afters, began_at, sequences,
      all_spent, still_held, budgets, all_needed, all_smallest, all_extra)
    with ordinality as e (
      node, account, subject, unit, period, zone, starts, after, began, sequence,
      spent, held, budget, needed, smallest, extra, n)
    where e.account is not null
    -- Everybody locks in this order.
    order by e.account, e.starts nulls last, e.node
  loop
    item := one.n;
    window_start := one.starts;
    if window_start is null then
      window_start := open_budget_window(
        one.account, one.subject, one.unit, one.period, one.zone,
        greatest(now_exactly, one.after));
      perform release_lost_leases(
        one.account, one.node, one.began, one.sequence, window_start);
    end if;
    select * into w from budget_windows b
    where b.account_id = one.account and b.starts_at = window_start for update;
    if not found then
      is_known := false;
      window_end := null;
      good_for_millis := 0;
      now_held := 0;
      now_left := 0;
      now_settled := 0;
      now_reserved := 0;
      return next;
      continue;
    end if;
    now_exactly := budget_clock();
    select one.budget + coalesce(sum(r.amount), 0), min(r.until) into total, raise_ends
    from budget_raises r where r.account_id = one.account and r.until > now_exactly;
    total := least(total, most);
    settled_before := w.settled;

    select * into l from budget_leases b
    where b.account_id = one.account and b.starts_at = window_start and b.node = one.node;
    if found then
      is_known := l.began <= one.began;
    else
      is_known := one.spent = 0 and one.held = 0;
      l.spent := 0;
      l.granted := 0;
      l.written_off := 0;
      l.began := one.began;
      l.sequence := 0;
    end if;
    if is_known and l.sequence < one.sequence then
      if l.began <> one.began then
        -- The node has begun anew. It never heard of what it was granted before, if it was.
        w.settled := w.settled - l.written_off;
        w.reserved := w.reserved - l.granted;
        l.spent := 0;
        l.granted := 0;
        l.written_off := 0;
      end if;
      w.settled := least(
        w.settled - l.written_off + greatest(least(one.spent, most) - l.spent, 0), most);
      kept := least(one.held, l.granted + l.written_off);
      w.reserved := w.reserved - l.granted + kept;
      allotted := 0;
      now_left := total - least(w.settled, most - w.reserved) - w.reserved;
      if w.ends_at is null or w.ends_at > now_exactly then
        allotted := case
          when now_left >= one.needed then one.needed + least(one.extra, (now_left - one.needed) / 16)
          when now_left >= one.smallest and one.smallest > 0 then now_left
          else 0 end;
      end if;
      w.reserved := w.reserved + allotted;
      allotted := kept + allotted;
      insert into budget_leases as b (
        account_id, starts_at, node, began, sequence, spent, granted, written_off, touched_at)
      values (
        one.account, window_start, one.node, one.began, one.sequence, least(one.spent, most),
        allotted, 0, now_exactly)
      on conflict (account_id, starts_at, node) do update set
        began = excluded.began, sequence = excluded.sequence, spent = excluded.spent,
        granted = excluded.granted, written_off = 0, touched_at = excluded.touched_at;
      update budget_windows b
      set settled = w.settled, reserved = w.reserved, touched_at = now_exactly
      where b.account_id = one.account and b.starts_at = window_start;
      if w.settled > settled_before then
        percent := least(trunc(w.settled::numeric * 100 / total), 1000);
        percent_before := least(trunc(settled_before::numeric * 100 / total), 1000);
        if percent > percent_before then
          perform budget_crossed(one.account, window_start, percent_before, percent, total);
        end if;
      end if;
    else
      allotted := l.granted;
    end if;
    window_end := w.ends_at;
    good_for_millis := case when w.ends_at <= now_exactly then 0 else
      greatest(1, floor(1000 * extract(epoch from
        least(w.ends_at, raise_ends, now_exactly + interval '1 hour') - now_exactly))) end;
    now_held := case when is_known then allotted else 0 end;
    now_left := total - least(w.settled, most - w.reserved) - w.reserved;
    now_settled := w.settled;
    now_reserved := w.reserved;
    return next;
  end loop;
end
$$;
comment on function exchange_budgets is
  'Notes what nodes spent and hold of accounts, and grants what they want, never beyond the budget and its raises. Grants less than is needed only if one call fits, and of what is wanted beyond that at most a sixteenth of what is left.';

create function write_off_silent_node(most integer) returns integer
language plpgsql as $$
declare
  now_exactly timestamp with time zone := budget_clock();
  silent uuid;
  lease record;
  moved bigint;
  count integer := 0;
begin
  select n.id into silent from budget_nodes n where n.ends_at <= now_exactly
  order by n.ends_at limit 1 for update skip locked;
  if not found then
    return -1;
  end if;
  for lease in
    select l.account_id, l.starts_at from budget_leases l
    where l.node = silent and l.granted > 0 order by l.account_id, l.starts_at limit most
  loop
    perform from budget_windows w
    where w.account_id = lease.account_id and w.starts_at = lease.starts_at for update;
    select l.granted into moved from budget_leases l
    where l.account_id = lease.account_id and l.starts_at = lease.starts_at and l.node = silent;
    if coalesce(moved, 0) > 0 then
      update budget_leases l set granted = 0, written_off = moved, touched_at = now_exactly
      where l.account_id = lease.account_id and l.starts_at = lease.starts_at and l.node = silent;
      update budget_windows w
      set settled = least(w.settled + moved, 4000000000000000000), reserved = w.reserved - moved,
        touched_at = now_exactly
      where w.account_id = lease.account_id and w.starts_at = lease.starts_at;
      count := count + 1;
    end if;
  end loop;
  if count < most then
    delete from budget_nodes n where n.id = silent;
  end if;
  return count;
end
$$;
comment on function write_off_silent_node is
  'Counts as settled what one silent node holds, a bounded number of leases at a time. Returns how many, and -1 when no node is silent.';
