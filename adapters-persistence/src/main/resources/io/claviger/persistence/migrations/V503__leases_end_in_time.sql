-- A clock that was set back left leases that ended long after their time, and counted until the clock
-- had caught up. So callers were refused for as long as the clock had been ahead. No lease ends later
-- than one that is made now. A lease that would do so now ends at this time: its node may still use it
-- for so long.
create or replace function lease_permits(
  of_subject text, per_minute integer, wanted integer, lifetime interval,
  out lease bigint, out granted integer, out retry_after interval)
language plpgsql as $$
declare
  now_exactly timestamp with time zone;
  taken bigint;
begin
  -- One at a time for each subject; what is lost in a crash of the database is a moment's permits.
  perform set_config('synchronous_commit', 'off', true);
  perform pg_advisory_xact_lock(hashtextextended('permits ' || of_subject, 0));
  now_exactly := clock_timestamp();
  delete from permit_leases l
  where l.id in (
    select o.id from permit_leases o where o.ends_at <= now_exactly - interval '60 seconds'
    order by o.ends_at limit 50 for update skip locked);
  update permit_leases l set ends_at = now_exactly + lifetime
  where l.subject = of_subject and l.ends_at > now_exactly + lifetime;
  select coalesce(sum(l.granted), 0) into taken
  from permit_leases l
  where l.subject = of_subject and l.ends_at > now_exactly - interval '60 seconds';
  granted := greatest(0, least(wanted, per_minute - taken));
  lease := 0;
  retry_after := interval '0';
  if granted > 0 then
    insert into permit_leases (subject, granted, ends_at)
    values (of_subject, lease_permits.granted, now_exactly + lifetime)
    returning id into lease;
  else
    select greatest(interval '1 millisecond', min(l.ends_at) + interval '60 seconds' - now_exactly)
    into retry_after
    from permit_leases l
    where l.subject = of_subject and l.granted > 0
      and l.ends_at > now_exactly - interval '60 seconds';
    retry_after := coalesce(retry_after, interval '1 second');
  end if;
end
$$;

create or replace function lease_tokens(
  of_subject text, per_minute bigint, needed bigint, wanted bigint, lifetime interval,
  out lease bigint, out granted bigint, out retry_after interval)
language plpgsql as $$
declare
  now_exactly timestamp with time zone;
  taken bigint;
  debt bigint;
  paid bigint;
begin
  -- One at a time for each subject; what is lost in a crash of the database is a moment's tokens.
  perform set_config('synchronous_commit', 'off', true);
  perform pg_advisory_xact_lock(hashtextextended('tokens ' || of_subject, 0));
  now_exactly := clock_timestamp();
  delete from token_leases l
  where l.id in (
    select o.id from token_leases o where o.ends_at <= now_exactly - interval '60 seconds'
    order by o.ends_at limit 50 for update skip locked);
  update token_leases l set ends_at = now_exactly + lifetime
  where l.subject = of_subject and l.ends_at > now_exactly + lifetime;
  select coalesce(sum(l.granted), 0) into taken
  from token_leases l
  where l.subject = of_subject and l.ends_at > now_exactly - interval '60 seconds';
  -- Debts go first, as if they were calls. Whole minutes in which nobody asked have paid back, too;
  -- the last one is not among them, because what it paid would still count.
  select greatest(0, d.owed - per_minute * greatest(
           0, floor(extract(epoch from now_exactly - d.tried_at) / 60)::bigint - 1))
  into debt
  from token_debts d
  where d.subject = of_subject;
  if found then
    paid := least(debt, greatest(0, per_minute - taken));
    debt := debt - paid;
    taken := taken + paid;
    if paid > 0 then
      insert into token_leases (subject, granted, ends_at) values (of_subject, paid, now_exactly);
    end if;
    if debt > 0 then
      update token_debts d set owed = debt, tried_at = now_exactly where d.subject = of_subject;
    else
      delete from token_debts d where d.subject = of_subject;
    end if;
  end if;
  lease := 0;
  granted := 0;
  retry_after := interval '0';
  if per_minute - taken >= needed then
    granted := least(wanted, per_minute - taken);
    insert into token_leases (subject, granted, ends_at)
    values (of_subject, lease_tokens.granted, now_exactly + lifetime)
    returning id into lease;
  elsif coalesce(debt, 0) > 0 then
    retry_after := interval '60 seconds';
  else
    select least(
             interval '60 seconds',
             greatest(
               interval '1 millisecond', min(f.ends_at) + interval '60 seconds' - now_exactly))
    into retry_after
    from (
      select l.ends_at, sum(l.granted) over (order by l.ends_at, l.id) as freed
      from token_leases l
      where l.subject = of_subject and l.ends_at > now_exactly - interval '60 seconds') f
    where taken - f.freed <= per_minute - needed;
    retry_after := coalesce(retry_after, interval '60 seconds');
  end if;
end
$$;

create or replace function lease_places(
  of_subject text, of_node uuid, most integer, running integer, wanted integer, lifetime interval)
returns integer
language plpgsql as $$
declare
  now_exactly timestamp with time zone;
  others bigint;
  held integer;
begin
  -- One at a time for each subject; what is lost in a crash of the database is a moment's lease.
  perform set_config('synchronous_commit', 'off', true);
  perform pg_advisory_xact_lock(hashtextextended('places ' || of_subject, 0));
  now_exactly := clock_timestamp();
  delete from place_leases l
  where (l.subject, l.node) in (
    select o.subject, o.node from place_leases o
    where o.ends_at <= now_exactly - interval '1 minute'
    order by o.ends_at limit 50 for update skip locked);
  update place_leases l set ends_at = now_exactly + lifetime
  where l.subject = of_subject and l.ends_at > now_exactly + lifetime;
  select coalesce(sum(l.places), 0) into others
  from place_leases l
  where l.subject = of_subject and l.node <> of_node and l.ends_at > now_exactly;
  held := greatest(running, least(wanted, most - others));
  if held > 0 then
    insert into place_leases (subject, node, places, ends_at)
    values (of_subject, of_node, held, now_exactly + lifetime)
    on conflict (subject, node) do update
    set places = excluded.places, ends_at = excluded.ends_at;
  else
    delete from place_leases l where l.subject = of_subject and l.node = of_node;
  end if;
  return greatest(held, 0);
end
$$;
