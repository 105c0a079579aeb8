-- A node repeats its first exchange of a window until it gets an answer. A repeated exchange that
-- arrived only after the window had turned leased a part of the next window. The node never heard of
-- this lease, so the lease reduced the next window until that window ended. Such an exchange is
-- recognized by a later exchange of the same node for another window, and now leases nothing. The
-- exchanges of a node run one after the other, because each locks the node's row first.
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
