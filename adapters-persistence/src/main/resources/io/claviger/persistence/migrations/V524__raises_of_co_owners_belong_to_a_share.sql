-- A raise that a co-owner gives belongs to the share that the co-owner gave, and ends with this
-- share. The raise now states its share, because the rows that lead from one to the other may be
-- deleted in the same statement: a deleted user is no longer the author of raises when the shares
-- that they gave end, and a deleted group has no members when its shares end. There are no foreign
-- keys, because the triggers below need these columns after the share has gone.
alter table budget_raises
  add column share_instance_id uuid,
  add column share_grantee_id uuid,
  add column share_given_via uuid,
  add constraint budget_raises_share_whole check (
    num_nonnulls(share_instance_id, share_grantee_id, share_given_via) in (0, 3));
comment on column budget_raises.share_instance_id is
  'The service of the share to which a co-owner''s raise belongs; null for raises of others.';
comment on column budget_raises.share_grantee_id is
  'The user or the group that had the share when the raise was given.';
comment on column budget_raises.share_given_via is 'The co-owner who gave the share and the raise.';
create index budget_raises_of_share on budget_raises (share_instance_id, share_grantee_id)
  where share_instance_id is not null;

create or replace function end_raises_of_share() returns trigger language plpgsql as $$
declare
  at_present timestamp with time zone := budget_clock();
begin
  update budget_raises r set until = greatest(at_present, r.created_at + interval '1 microsecond')
  where r.share_instance_id = old.instance_id and r.share_grantee_id = old.grantee_id
    and r.share_given_via = old.given_via and r.until > at_present;
  -- Nodes of earlier versions, which still serve during an upgrade, do not state the share.
  update budget_raises r set until = greatest(at_present, r.created_at + interval '1 microsecond')
  from budget_accounts a
  where r.share_instance_id is null and r.created_by = old.given_via and r.until > at_present
    and a.id = r.account_id
    and (a.subject = 'service:' || old.instance_id || ':' || old.user_id
      or a.subject = 'service:' || old.instance_id || ':group:' || old.group_id
      or exists (
        select from group_members m
        where m.group_id = old.group_id
          and a.subject = 'service:' || old.instance_id || ':' || m.user_id));
  return null;
end
$$;

create function shorten_raises_of_share() returns trigger language plpgsql as $$
declare
  ends timestamp with time zone := greatest(new.expires_at, budget_clock());
begin
  update budget_raises r set until = greatest(ends, r.created_at + interval '1 microsecond')
  where r.share_instance_id = new.instance_id and r.share_grantee_id = new.grantee_id
    and r.share_given_via = new.given_via and r.until > ends;
  return null;
end
$$;
comment on function shorten_raises_of_share is
  'Lets no raise of a co-owner last longer than its share, which now expires earlier.';
create trigger shares_shorten_raises after update of expires_at on shares
  for each row
  when (new.given_via is not null and new.expires_at < coalesce(old.expires_at, 'infinity'))
  execute function shorten_raises_of_share();

-- A budget of the same kind has the same account, whichever share of the service the user has. But
-- what a co-owner added to the budget of one share must not add to the budget of another one.
create function raise_counts(r budget_raises) returns boolean language plpgsql stable as $$
declare
  part text[];
begin
  if r.share_grantee_id is null then
    return true;
  end if;
  select string_to_array(a.subject, ':') into part from budget_accounts a where a.id = r.account_id;
  if cardinality(part) <> 3 then
    return true;
  end if;
  return r.share_grantee_id = coalesce(
    (select s.grantee_id from shares s
     where s.instance_id = r.share_instance_id and s.grantee_id = part[3]::uuid
       and (s.expires_at is null or s.expires_at > budget_clock())),
    (select s.grantee_id from group_members m
     join shares s on s.group_id = m.group_id
     where m.user_id = part[3]::uuid and s.instance_id = r.share_instance_id
       and (s.expires_at is null or s.expires_at > budget_clock())
     order by s.role = 'writer' desc, s.created_at, s.group_id
     limit 1));
end
$$;
comment on function raise_counts is
  'Whether a raise adds to the budget. A co-owner''s raise of what a user may use adds only while the user calls by the share to which the raise belongs: the user''s own share, or else the groups'' writing share, or else their oldest one.';

create or replace function end_raises_of_members() returns trigger language plpgsql as $$
declare
  at_present timestamp with time zone := budget_clock();
begin
  with raised as materialized (
    select r.id, r.created_by, r.share_grantee_id, split_part(a.subject, ':', 1) as kind,
      split_part(a.subject, ':', 2)::uuid as holder, split_part(a.subject, ':', 3)::uuid as member
    from budget_raises r
    join budget_accounts a on a.id = r.account_id
    where r.until > at_present and a.subject ~ '^(group|service):[^:]+:[^:]+$'
  ), ended as (
    select r.id from raised r
    join gone g on g.user_id = r.member
    where (r.kind = 'group' and r.holder = g.group_id)
      or (r.kind = 'service' and r.share_grantee_id = g.group_id)
      or (r.kind = 'service' and r.share_grantee_id is null and exists (
        select from shares s
        where s.instance_id = r.holder and s.group_id = g.group_id
          and s.given_via = r.created_by))
  )
  update budget_raises r set until = greatest(budget_clock(), r.created_at + interval '1 microsecond')
  from ended e
  where r.id = e.id;
  return null;
end
$$;

-- When a raise ends or a budget gets smaller, a larger part of the budget is used up, although
-- nothing more is charged. If no further call fits, nothing more will be charged in the window. So
-- an exchange compares what is settled with what webhooks were told, and not with what was settled
-- before the exchange. This holds only until the window ends. The raises that are in force later say
-- nothing about an ended window, so only what an exchange adds to it is told.
create or replace function exchange_budgets(
  nodes uuid[], accounts uuid[], subjects text[], units text[], periods text[], zones text[],
  windows timestamp with time zone[], afters timestamp with time zone[], began_at bigint[], sequences bigint[],
  all_spent bigint[], still_held bigint[],
  budgets bigint[], all_needed bigint[], all_smallest bigint[], all_extra bigint[])
returns table (
  item bigint, is_known boolean, window_start timestamp with time zone,
  window_end timestamp with time zone, good_for_millis bigint,
  now_held bigint, now_left bigint, now_settled bigint, now_reserved bigint)
language plpgsql set lock_timeout = '2s' as $$
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
  is_late boolean;
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
    is_late := false;
    if window_start is null then
      window_start := open_budget_window(
        one.account, one.subject, one.unit, one.period, one.zone,
        greatest(now_exactly, one.after));
      perform release_lost_leases(
        one.account, one.node, one.began, one.sequence, window_start);
      is_late := exists (
        select from budget_leases b
        where b.account_id = one.account and b.node = one.node and b.starts_at <> window_start
          and b.began >= one.began and b.sequence > one.sequence);
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
    settled_before := w.settled;
    select one.budget + coalesce(sum(r.amount), 0), min(r.until) into total, raise_ends
    from budget_raises r
    where r.account_id = one.account and r.until > now_exactly and raise_counts(r);
    total := least(total, most);

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
    if is_known and l.sequence < one.sequence and not is_late then
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
      percent := least(trunc(w.settled::numeric * 100 / total), 1000);
      percent_before := w.told_percent;
      if w.ends_at <= now_exactly then
        percent_before := greatest(
          percent_before, least(trunc(settled_before::numeric * 100 / total), 1000));
      end if;
      if least(percent, 100) > percent_before then
        perform budget_crossed(one.account, window_start, percent_before, percent, total);
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

-- Batches count the same raises.
create or replace function reserve_for_batch(
  reservation uuid, accounts uuid[], subjects text[], units text[], periods text[], zones text[],
  amounts bigint[], budgets bigint[], stricts boolean[])
returns table (item bigint, now_left bigint, window_ends timestamp with time zone)
language plpgsql set lock_timeout = '2s' as $$
declare
  most constant bigint := 4000000000000000000;
  now_exactly timestamp with time zone := budget_clock();
  one record;
  w budget_windows;
  window_start timestamp with time zone;
  total bigint;
begin
  if current_setting('synchronous_commit') = 'off' then
    -- What a crash forgets could be spent twice.
    perform set_config('synchronous_commit', 'on', true);
  end if;
  -- Everybody locks in this order.
  for one in
    select e.* from unnest(
      accounts, subjects, units, periods, zones, amounts, budgets, stricts)
    with ordinality as e (account, subject, unit, period, zone, amount, budget, is_strict, n)
    order by e.account
  loop
    window_start := open_budget_window(
      one.account, one.subject, one.unit, one.period, one.zone, now_exactly);
    select * into w from budget_windows b
    where b.account_id = one.account and b.starts_at = window_start for update;
    select least(one.budget + coalesce(sum(r.amount), 0), most) into total
    from budget_raises r
    where r.account_id = one.account and r.until > budget_clock() and raise_counts(r);
    if one.amount > total - least(w.settled, most - w.reserved) - w.reserved then
      item := one.n;
      now_left := total - least(w.settled, most - w.reserved) - w.reserved;
      window_ends := w.ends_at;
      -- Returns what was reserved of others. Their windows are locked, so nobody has seen it.
      update budget_windows b set reserved = b.reserved - p.reserved
      from batch_budgets p
      where p.reservation_id = reservation and b.account_id = p.account_id
        and b.starts_at = p.starts_at;
      delete from batch_budgets p where p.reservation_id = reservation;
      return next;
      return;
    end if;
    update budget_windows b set reserved = b.reserved + one.amount, touched_at = now_exactly
    where b.account_id = one.account and b.starts_at = window_start;
    insert into batch_budgets (reservation_id, account_id, starts_at, reserved, budget, is_strict)
    values (reservation, one.account, window_start, one.amount, one.budget, one.is_strict);
  end loop;
end
$$;

create or replace function charge_batch(reservation uuid, accounts uuid[], charges bigint[]) returns void
language plpgsql set lock_timeout = '2s' as $$
declare
  most constant bigint := 4000000000000000000;
  one record;
  w budget_windows;
  total bigint;
  percent integer;
  percent_before integer;
begin
  if current_setting('synchronous_commit') = 'off' then
    perform set_config('synchronous_commit', 'on', true);
  end if;
  for one in
    select p.*, coalesce(c.charge, 0) as charge
    from batch_budgets p
    left join unnest(accounts, charges) as c (account, charge) on c.account = p.account_id
    where p.reservation_id = reservation
    order by p.account_id
  loop
    select * into w from budget_windows b
    where b.account_id = one.account_id and b.starts_at = one.starts_at for update;
    update budget_windows b
    set reserved = b.reserved - one.reserved, settled = least(most - one.charge, b.settled) + one.charge,
      touched_at = budget_clock()
    where b.account_id = one.account_id and b.starts_at = one.starts_at;
    select least(one.budget + coalesce(sum(r.amount), 0), most) into total
    from budget_raises r
    where r.account_id = one.account_id and r.until > budget_clock() and raise_counts(r);
    percent := least(trunc((w.settled + one.charge)::numeric * 100 / total), 1000);
    percent_before := least(trunc(w.settled::numeric * 100 / total), 1000);
    if percent > percent_before then
      perform budget_crossed(one.account_id, one.starts_at, percent_before, percent, total);
    end if;
  end loop;
  delete from batch_budgets p where p.reservation_id = reservation;
end
$$;

comment on function budget_crossed is
  'Called when more of a budget is used up than webhooks were told, in the transaction of the exchange or charge that notices it. Writes a message for each threshold in between to the webhooks of who uses the budget and of who lends it: the user and the owner of the service or project; the user of the token; for what administrators give, the user, or the group and its managers, and _system. A webhook for which 1,000 messages wait gets no more.';

-- Raises from before this migration. Those on services of users that were not given by the owner were
-- given by co-owners. Each belongs to the share that its user has through the author. If there is no
-- such share, or the share has expired, the raise has outlived it. The same is assumed if the author
-- has been deleted. Services of the system have no co-owners.
with raised as (
  select r.id, i.id as instance_id, r.created_by, s.grantee_id, s.expires_at
  from budget_raises r
  join budget_accounts a on a.id = r.account_id
  join instances i on i.id::text = split_part(a.subject, ':', 2)
  left join lateral (
    select s.grantee_id, s.expires_at
    from shares s
    where s.instance_id = i.id and s.given_via = r.created_by
      and (a.subject = 'service:' || i.id || ':' || s.user_id
        or a.subject = 'service:' || i.id || ':group:' || s.group_id
        or exists (
          select from group_members m
          where m.group_id = s.group_id and a.subject = 'service:' || i.id || ':' || m.user_id
            and not exists (
              select from shares own
              where own.instance_id = i.id and own.user_id = m.user_id
                and (own.expires_at is null or own.expires_at > budget_clock()))))
    order by s.expires_at <= budget_clock() nulls first, s.user_id is null,
      s.role desc, s.created_at, s.grantee_id
    limit 1) s on true
  where a.subject ~ '^service:[^:]+:' and r.until > budget_clock()
    and r.created_by is distinct from i.owner_id
    and i.owner_id <> '01900000-0000-7000-8000-000000000001'
)
update budget_raises r
set share_instance_id = case when o.grantee_id is not null then o.instance_id end,
  share_grantee_id = o.grantee_id,
  share_given_via = case when o.grantee_id is not null then o.created_by end,
  until = case
    when o.grantee_id is null
    then greatest(budget_clock(), r.created_at + interval '1 microsecond')
    when o.expires_at < r.until
    then greatest(o.expires_at, budget_clock(), r.created_at + interval '1 microsecond')
    else r.until end
from raised o
where o.id = r.id;
