create table token_leases (
  id      bigint                   generated always as identity,
  subject text collate "C"         not null,
  granted bigint                   not null,
  ends_at timestamp with time zone not null,

  constraint token_leases_pkey primary key (id),
  constraint token_leases_subject_length check (char_length(subject) between 1 and 250),
  constraint token_leases_granted_bounds check (granted between 0 and 1000000000)
);
comment on table token_leases is
  'Portions of the tokens a minute of a subject that nodes took, each for a moment. What was granted counts until 60 seconds after its lease ended, and then never exceeds the limit.';
create index token_leases_of_subject on token_leases (subject, ends_at);
create index token_leases_ended on token_leases (ends_at);

create table token_debts (
  subject  text collate "C"         not null,
  owed     bigint                   not null,
  tried_at timestamp with time zone not null,

  constraint token_debts_pkey primary key (subject),
  constraint token_debts_subject_length check (char_length(subject) between 1 and 250),
  constraint token_debts_owed_bounds check (owed between 1 and 1440000000000)
);
comment on table token_debts is
  'What calls of a subject used beyond their reservations and the next ones have not paid back yet.';
comment on column token_debts.tried_at is
  'Until when the time that passed has paid back a part of it.';
create index token_debts_tried on token_debts (tried_at);

create function lease_tokens(
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
comment on function lease_tokens is
  'Leases up to the wanted number of tokens of a subject, and at least those needed or none, by the clock of the database. None granted: when enough are free again.';

create function owe_tokens(of_subject text, per_minute bigint, tokens bigint)
returns void
language plpgsql as $$
declare
  now_exactly timestamp with time zone;
begin
  perform set_config('synchronous_commit', 'off', true);
  perform pg_advisory_xact_lock(hashtextextended('tokens ' || of_subject, 0));
  now_exactly := clock_timestamp();
  -- Time has paid back what was left for so long.
  delete from token_debts d
  where d.subject in (
    select o.subject from token_debts o where o.tried_at <= now_exactly - interval '1442 minutes'
    order by o.tried_at limit 50 for update skip locked);
  insert into token_debts as d (subject, owed, tried_at)
  values (of_subject, least(tokens, per_minute * 1440), now_exactly)
  on conflict (subject) do update
  set owed = least(
        per_minute * 1440,
        greatest(0, d.owed - per_minute * greatest(
          0, floor(extract(epoch from now_exactly - d.tried_at) / 60)::bigint - 1))
        + excluded.owed),
      tried_at = now_exactly;
end
$$;
comment on function owe_tokens is
  'Notes what a subject used beyond what was reserved. At most what it may use in a day is owed.';
