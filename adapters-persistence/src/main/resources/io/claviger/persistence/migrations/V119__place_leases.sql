create table place_leases (
  subject text collate "C"         not null,
  node    uuid                     not null,
  places  integer                  not null,
  ends_at timestamp with time zone not null,

  constraint place_leases_pkey primary key (subject, node),
  constraint place_leases_subject_length check (char_length(subject) between 1 and 250),
  constraint place_leases_places_positive check (places >= 1)
);
comment on table place_leases is
  'How many of the calls at a time of a subject each node may run. The leases that have not ended never exceed the limit together, unless it was lowered while calls ran.';
create index place_leases_ended on place_leases (ends_at);

create function lease_places(
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
comment on function lease_places is
  'Sets how many calls of a subject a node may run at a time: as many as it wants if there is room, and never fewer than it runs.';

create function renew_places(
  of_node uuid, subjects text[], wanted integer[], lifetime interval)
returns setof text
language plpgsql as $$
declare
  now_exactly timestamp with time zone;
begin
  perform set_config('synchronous_commit', 'off', true);
  -- The same locks as for a lease, in one order, so that nobody counts a lease as ended meanwhile.
  perform pg_advisory_xact_lock(k.lock)
  from (
    select distinct hashtextextended('places ' || s, 0) as lock from unnest(subjects) s
    order by lock) k;
  now_exactly := clock_timestamp();
  delete from place_leases l
  using unnest(subjects, wanted) as n (subject, places)
  where l.subject = n.subject and l.node = of_node and n.places < 1;
  return query
    update place_leases l
    set places = least(l.places, n.places), ends_at = now_exactly + lifetime
    from unnest(subjects, wanted) as n (subject, places)
    where l.subject = n.subject and l.node = of_node and n.places >= 1 and l.ends_at > now_exactly
    returning l.subject;
end
$$;
comment on function renew_places is
  'Renews the leases of a node with no more places than before, and ends those of which it wants none. Returns the subjects whose leases had not ended.';
