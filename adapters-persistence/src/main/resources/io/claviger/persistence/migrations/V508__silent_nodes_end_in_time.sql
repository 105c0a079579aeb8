-- A clock of the database that was set back left rows of budget_nodes that ended long after their time.
-- What a node that died meanwhile held was shown as reserved, and its rows were kept, until the clock
-- had caught up. No row ends later than one that is renewed now. A row that would do so now ends at
-- this time: a running node renews it earlier.
create or replace function write_off_silent_node(most integer) returns integer
language plpgsql set lock_timeout = '2s' as $$
declare
  now_exactly timestamp with time zone := budget_clock();
  silent uuid;
  lease record;
  moved bigint;
  count integer := 0;
begin
  update budget_nodes n set ends_at = now_exactly + interval '60 seconds'
  where n.id in (
    select o.id from budget_nodes o where o.ends_at > now_exactly + interval '61 seconds'
    order by o.id for update skip locked);
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
