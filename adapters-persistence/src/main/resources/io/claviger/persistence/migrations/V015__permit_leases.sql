create table permit_leases (
  id      bigint                   generated always as identity,
  subject text collate "C"         not null,
  granted integer                  not null,
  ends_at timestamp with time zone not null,

  constraint permit_leases_pkey primary key (id),
  constraint permit_leases_subject_length check (char_length(subject) between 1 and 200),
  constraint permit_leases_granted_bounds check (granted between 0 and 1000000)
);
comment on table permit_leases is
  'Portions of permits for requests that nodes took, each for a moment. What a subject was granted counts until 60 seconds after its lease ended, and then never exceeds its rate.';
create index permit_leases_of_subject on permit_leases (subject, ends_at);
create index permit_leases_ended on permit_leases (ends_at);

create function lease_permits(
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
comment on function lease_permits is
  'Leases up to the wanted number of permits of a subject, by the clock of the database. None granted: when the eldest ones are free again.';
