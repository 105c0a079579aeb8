-- A note that is removed keeps an event without a number, so only these functions write notes. They
-- have the rights of their owner, so that nobody else needs them.
create function forget_notes() returns trigger language plpgsql security definer as $$
begin
  delete from audit_unsealed u using added a
  where u.event_id = a.event_id and u.at = a.event_at;
  return null;
end
$$;
comment on function forget_notes is 'Removes the notes of events that get their links.';
create trigger audit_chain_forgets_notes after insert on audit_chain
  referencing new table as added for each statement execute function forget_notes();
alter table audit_chain enable always trigger audit_chain_forgets_notes;

create function remove_stray_notes() returns bigint language sql security definer as $$
  with stray as (
    delete from audit_unsealed u
    where u.at not between '0001-01-01T00:00:00Z' and '9999-12-31T23:59:59.999999Z'
      or exists (select from audit_chain c where c.event_id = u.event_id)
      or not exists (
        select from audit_events e where e.id = u.event_id and e.at = u.at)
    returning
      exists (select from audit_events e where e.id = u.event_id and e.at = u.at)
      and not exists (
        select from audit_chain c where c.event_id = u.event_id and c.event_at = u.at)
      as of_unlinked)
  select count(*) from stray where of_unlinked $$;
comment on function remove_stray_notes is
  'Removes notes of events that have a link, are gone, or can not get one, and counts those that can not.';

create function note_older_events(most integer) returns bigint language sql security definer as $$
  with older as (
    select e.id, e.at
    from audit_events e
    where (e.at, e.id) > ((select at from audit_older), (select id from audit_older))
    order by e.at, e.id
    limit most),
  noted as (
    insert into audit_unsealed (event_id, at)
    select o.id, o.at
    from older o
    where not exists (
        select from audit_unsealed u where u.event_id = o.id and u.at = o.at)
      and not exists (select from audit_chain c where c.event_id = o.id)),
  further as (
    update audit_older
    set (at, id) = (select o.at, o.id from older o order by o.at desc, o.id desc limit 1)
    where exists (select from older)),
  over as (delete from audit_older where most > 0 and not exists (select from older))
  select count(*) from older $$;
comment on function note_older_events is
  'Notes events from before the chain as waiting, and counts them.';

do $$
declare
  held record;
  kept text;
begin
  foreach kept in array array[
    'note_unsealed()', 'forget_notes()', 'remove_stray_notes()', 'note_older_events(integer)']
  loop
    execute format(
      'alter function %s security definer set search_path = %I, pg_temp', kept, current_schema());
  end loop;
  -- Nodes lock the row of audit_turn, which takes the right to update it.
  for held in
    select distinct c.relname, a.grantee
    from pg_class c, aclexplode(c.relacl) a
    where c.oid in ('audit_unsealed'::regclass, 'audit_older'::regclass, 'audit_turn'::regclass)
      and a.grantee <> c.relowner
  loop
    execute format(
      'revoke insert, delete, truncate, references, trigger%s on %I from %s',
      case held.relname when 'audit_turn' then '' else ', update' end, held.relname,
      case held.grantee when 0 then 'public' else held.grantee::regrole::text end);
  end loop;
end
$$;
