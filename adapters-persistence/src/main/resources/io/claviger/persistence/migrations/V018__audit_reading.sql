alter table audit_events
  add column count integer not null default 1,
  add constraint audit_events_count_positive check (count > 0),
  alter column target_ref type text collate "C";
comment on column audit_events.count is
  'How many attempts the line stands for: 1, unless repeated ones of an address were summed up.';

-- Each index gives one filter its events newest first.
create index audit_events_by_action on audit_events (action, at desc, id desc);
create index audit_events_by_target_ref on audit_events (target_ref, at desc, id desc)
  where target_ref <> '';
create index audit_events_by_target on audit_events (target_id, at desc, id desc)
  where target_id is not null;
drop index audit_events_by_target_owner;
create index audit_events_by_target_owner on audit_events (target_owner_id, at desc, id desc)
  where target_owner_id is not null;
drop index audit_events_by_actor;
create index audit_events_by_actor on audit_events (actor, at desc, id desc)
  where actor is not null;

-- Default privileges may have given another role more than it needs: reading and adding.
do $$
declare
  held record;
begin
  for held in
    select distinct grantee
    from pg_class, aclexplode(relacl)
    where oid = 'audit_events'::regclass and grantee <> relowner
  loop
    execute format(
      'revoke update, delete, truncate, references, trigger on audit_events from %s',
      case held.grantee when 0 then 'public' else held.grantee::regrole::text end);
  end loop;
end
$$;
