-- What is there becomes the first partition of each table. Reading it takes a lock that neither
-- readers nor writers notice.
do $$
declare
  bounded record;
begin
  for bounded in
    select conrelid::regclass as name, conname from pg_constraint
    where conname in ('usage_daily_before_bound', 'audit_events_before_bound')
      and connamespace = current_schema()::regnamespace
  loop
    execute format('alter table %s validate constraint %I', bounded.name, bounded.conname);
  end loop;
end
$$;

-- From here on everybody waits, for a moment. Who waits for this lock keeps all others waiting, so
-- a long reader, such as a backup, makes this try again rather than wait.
do $$
begin
  for attempt in 1..120 loop
    begin
      set local lock_timeout = '1s';
      lock table usage_daily, audit_events in access exclusive mode;
      exit;
    exception when lock_not_available then
      if attempt = 120 then
        raise exception 'usage_daily or audit_events is in use by a long transaction; start again when it has ended'
          using errcode = 'lock_not_available';
      end if;
      perform pg_sleep(1);
    end;
  end loop;
  set local lock_timeout = 0;
end
$$;

do $$
declare
  lines text := pg_get_viewdef('usage_lines');
  whole record;
  renamed name;
  held record;
  bound timestamp with time zone;
begin
  set local timezone = 'UTC';
  set local datestyle = 'ISO';
  for renamed in
    select c.relname from pg_index i join pg_class c on c.oid = i.indexrelid
    where i.indrelid in ('usage_daily'::regclass, 'audit_events'::regclass)
  loop
    execute format('alter index %I rename to %I', renamed,
      regexp_replace(renamed, '^(usage_daily|audit_events)', '\1_before'));
  end loop;
  alter table usage_daily rename to usage_daily_before;
  alter table audit_events rename to audit_events_before;

  create table usage_daily (
    like usage_daily_before
      including defaults including constraints including storage including comments,
    constraint usage_daily_pkey primary key (
      day, user_id, instance_id, project_id, key_source, model,
      price_version, callers_price_version)
  ) partition by range (day);
  create index usage_daily_of_user
    on usage_daily (user_id, day, instance_id, project_id, key_source, model);
  create index usage_daily_of_owner
    on usage_daily (owner_id, day, user_id, instance_id, project_id, key_source, model);
  create index usage_daily_of_project_owner
    on usage_daily (project_owner_id, day, user_id, instance_id, project_id, key_source, model)
    where project_owner_id is not null;
  create index usage_daily_of_handle on usage_daily (user_handle, day);
  drop trigger usage_daily_note_late_rows on usage_daily_before;
  drop trigger usage_daily_note_late_changes on usage_daily_before;
  create trigger usage_daily_note_late_rows after insert on usage_daily
    referencing new table as added for each statement execute function usage_was_late();
  create trigger usage_daily_note_late_changes after update on usage_daily
    referencing new table as added for each statement execute function usage_was_late();

  -- An id is unique in its partition. A key of the whole would have to hold the time too, and
  -- would need a new index over all lines.
  create table audit_events (
    like audit_events_before
      including defaults including constraints including storage including comments
  ) partition by range (at);
  create index audit_events_newest_first on audit_events (at desc, id desc);
  create index audit_events_by_target_owner on audit_events (target_owner_id, at desc, id desc)
    where target_owner_id is not null;
  create index audit_events_by_actor on audit_events (actor, at desc, id desc)
    where actor is not null;
  create index audit_events_by_action on audit_events (action, at desc, id desc);
  create index audit_events_by_target_ref on audit_events (target_ref, at desc, id desc)
    where target_ref <> '';
  create index audit_events_by_target on audit_events (target_id, at desc, id desc)
    where target_id is not null;
  create trigger audit_events_stand before update or delete or truncate on audit_events
    for each statement execute function audit_events_stand();
  alter table audit_events enable always trigger audit_events_stand;

  for whole in
    select t.name, t.key, t.name || '_before' as first, t.name || '_default' as rest,
      t.name || '_before_bound' as bounded
    from (values ('usage_daily', 'day'), ('audit_events', 'at')) t (name, key)
  loop
    bound := (
      select substring(pg_get_constraintdef(oid) from '''([^'']+)''')::timestamptz
      from pg_constraint where conname = whole.bounded and conrelid = whole.first::regclass);
    if bound is null then
      -- The table was empty when V064 ran. Usually it still is.
      execute format('select date_trunc(''month'', max(%I)::timestamp) + interval ''1 month'' from %I',
        whole.key, whole.first) into bound;
      bound := coalesce(bound, date_trunc('month', clock_timestamp()));
    end if;
    execute format('alter table %I drop constraint if exists %I', whole.name, whole.bounded);
    execute format('alter table %I attach partition %I for values from (minvalue) to (%L)',
      whole.name, whole.first, bound);
    execute format('alter table %I drop constraint if exists %I', whole.first, whole.bounded);
    perform prepare_partition(whole.name::regclass, whole.rest);
    execute format('alter table %I attach partition %I default', whole.name, whole.rest);
    execute format('comment on table %I is %L',
      whole.name, obj_description(whole.first::regclass, 'pg_class'));
    execute format('comment on table %I is %L', whole.first,
      'The part of ' || whole.name || ' from before there was one for each month.');
    -- The whole has the rights that the table had. Nobody needs any on its parts.
    for held in
      select distinct a.grantee from pg_class c, aclexplode(c.relacl) a
      where c.oid = whole.name::regclass and a.grantee <> c.relowner
    loop
      execute format('revoke all on %I from %s', whole.name,
        case held.grantee when 0 then 'public' else held.grantee::regrole::text end);
    end loop;
    for held in
      select a.grantee, a.privilege_type, a.is_grantable from pg_class c, aclexplode(c.relacl) a
      where c.oid = whole.first::regclass and a.grantee <> c.relowner
    loop
      execute format('grant %s on %I to %s%s', held.privilege_type, whole.name,
        case held.grantee when 0 then 'public' else held.grantee::regrole::text end,
        case when held.is_grantable then ' with grant option' else '' end);
    end loop;
    for held in
      select distinct a.grantee from pg_class c, aclexplode(c.relacl) a
      where c.oid = whole.first::regclass and a.grantee <> c.relowner
    loop
      execute format('revoke all on %I from %s', whole.first,
        case held.grantee when 0 then 'public' else held.grantee::regrole::text end);
    end loop;
  end loop;
  execute 'create or replace view usage_lines as ' || lines;
end
$$;

select make_month_partitions();
