alter table provider_objects
  add column end_reason text,
  drop constraint provider_objects_state_known,
  add constraint provider_objects_state_known check (state in (
    'live', 'deleting', 'orphan', 'deleted', 'expired', 'left')),
  add constraint provider_objects_end_reason_known check (end_reason in (
    'request', 'share_end', 'unrecorded', 'age', 'quota')),
  add constraint provider_objects_reason_if_ended check (end_reason is null or state <> 'live');
comment on column provider_objects.end_reason is
  'Why Claviger deletes it at the provider; null if it does not.';
update provider_objects set end_reason = 'unrecorded' where state = 'orphan';
update provider_objects set end_reason = 'request', retry_until = ended_at + interval '30 days'
where state = 'deleting' and retry_at is not null;
update provider_objects set state = 'left' where state in ('deleting', 'orphan') and retry_at is null;
alter table provider_objects
  drop constraint provider_objects_retried_if_ended,
  add constraint provider_objects_retried_while_ending
    check ((state in ('deleting', 'orphan')) = (retry_at is not null)),
  add constraint provider_objects_retried_for_a_reason
    check (retry_at is null or end_reason is not null);

-- An object that still has to be deleted is nobody's, and its id is not free yet.
create unique index provider_objects_standing on provider_objects (service_id, kind, object_id)
  where state in ('live', 'deleting', 'orphan');
drop index provider_objects_live;
drop index provider_objects_to_delete;
create index provider_objects_to_delete on provider_objects (service_id, retry_at)
  where retry_at is not null;
create index provider_objects_overdue on provider_objects (retry_until) where retry_at is not null;
create index provider_objects_of_holder on provider_objects (service_id, holder_user_id)
  where state = 'live' and holder_user_id is not null;
create index provider_objects_of_holding_project on provider_objects (service_id, holder_project_id)
  where state = 'live' and holder_project_id is not null;

create function is_part(parent text) returns boolean language sql immutable parallel safe
return parent is not null and char_length(parent) > 1;
comment on function is_part is
  'Whether an object is a part of another one. A parent of one character says only that lists of its kind do not have it.';

create function is_part_of(part provider_objects, whole provider_objects) returns boolean
language sql immutable parallel safe
return is_part(part.parent)
  and part.service_id = whole.service_id and part.parent = whole.object_id
  and (part.kind = whole.kind or (part.kind = 'responses' and whole.kind = 'conversations'))
  and part.holder_user_id is not distinct from whole.holder_user_id
  and part.holder_project_id is not distinct from whole.holder_project_id;
comment on function is_part_of is
  'A provider could state the id of somebody else''s object as that of the whole.';

create function end_objects(wanted bigint[], reason text) returns int language plpgsql as $$
declare
  ended bigint[];
begin
  -- What is a part of another object goes with it, unless somebody asked for the part alone.
  with now_ended as (
    update provider_objects o
    set state = case when is_part(o.parent) and reason <> 'request' then 'deleted'
        else 'deleting' end,
      ended_at = clock_timestamp(), end_reason = reason,
      retry_at = case when is_part(o.parent) and reason <> 'request' then null
        else clock_timestamp() end,
      retry_until = case when is_part(o.parent) and reason <> 'request' then null
        else clock_timestamp() + interval '30 days' end
    where o.id = any(wanted) and o.state = 'live'
    returning o.id
  )
  select coalesce(array_agg(n.id), '{}') into ended from now_ended n;
  update provider_objects p
  set state = 'deleted', ended_at = clock_timestamp(), end_reason = reason
  from provider_objects o
  where o.id = any(ended) and p.service_id = o.service_id and p.parent = o.object_id
    and p.state = 'live' and is_part_of(p, o);
  return cardinality(ended);
end
$$;
comment on function end_objects is
  'Ends live objects with their parts, so that nobody uses them any more and Claviger deletes them at the provider. Returns how many of the wanted ones were live.';

create or replace function leave_object() returns trigger language plpgsql as $$
begin
  new.borrower_id := null;
  if new.state = 'live' and old.holder_user_id is not null and exists (
    select from instances i where i.id = new.service_id and i.on_end = 'delete') then
    new.state := 'deleting';
    new.ended_at := clock_timestamp();
    new.end_reason := 'share_end';
    new.retry_at := clock_timestamp();
    new.retry_until := clock_timestamp() + interval '30 days';
  end if;
  return new;
end
$$;
comment on function leave_object is
  'What nobody holds any more counts for nobody. Where the service deletes what leavers stored, it ends with the user who held it.';

-- The objects of each borrower are counted once for each statement, however many rows it changes.
drop trigger provider_objects_count on provider_objects;
drop function count_object();
create function count_objects() returns trigger language plpgsql as $$
declare
  delta object_holdings[];
begin
  if tg_op = 'INSERT' then
    select array_agg(row(s.service_id, s.borrower_id, s.objects, s.responses, s.bytes)::object_holdings
      order by s.service_id, s.borrower_id)
    into delta
    from (
      select n.service_id, n.borrower_id, count(*) filter (where n.kind <> 'responses') as objects,
        count(*) filter (where n.kind = 'responses') as responses, sum(n.bytes)::bigint as bytes
      from new_rows n
      where n.state = 'live' and n.borrower_id is not null
      group by n.service_id, n.borrower_id) s;
  elsif tg_op = 'DELETE' then
    select array_agg(row(s.service_id, s.borrower_id, s.objects, s.responses, s.bytes)::object_holdings
      order by s.service_id, s.borrower_id)
    into delta
    from (
      select o.service_id, o.borrower_id, -count(*) filter (where o.kind <> 'responses') as objects,
        -count(*) filter (where o.kind = 'responses') as responses, -sum(o.bytes)::bigint as bytes
      from old_rows o
      where o.state = 'live' and o.borrower_id is not null
      group by o.service_id, o.borrower_id) s;
  else
    select array_agg(row(s.service_id, s.borrower_id, s.objects, s.responses, s.bytes)::object_holdings
      order by s.service_id, s.borrower_id)
    into delta
    from (
      select e.service_id, e.borrower_id, sum(e.one) filter (where e.kind <> 'responses') as objects,
        sum(e.one) filter (where e.kind = 'responses') as responses,
        sum(e.one * e.bytes)::bigint as bytes
      from (
        select n.service_id, n.borrower_id, n.kind, n.bytes, 1 as one from new_rows n
        where n.state = 'live' and n.borrower_id is not null
        union all
        select o.service_id, o.borrower_id, o.kind, o.bytes, -1 from old_rows o
        where o.state = 'live' and o.borrower_id is not null) e
      group by e.service_id, e.borrower_id) s;
  end if;
  if delta is null then
    return null;
  end if;

  insert into object_holdings as h (service_id, borrower_id, objects, responses, bytes)
  select d.service_id, d.borrower_id, coalesce(d.objects, 0), coalesce(d.responses, 0), d.bytes
  from unnest(delta) d
  where coalesce(d.objects, 0) >= 0 and coalesce(d.responses, 0) >= 0 and d.bytes >= 0
    and (d.objects > 0 or d.responses > 0 or d.bytes > 0)
  on conflict on constraint object_holdings_pkey do update
  set objects = h.objects + excluded.objects, responses = h.responses + excluded.responses,
    bytes = h.bytes + excluded.bytes;
  -- What is taken away was counted before, so there is a row. All lock them in the same order.
  perform from object_holdings h
  join unnest(delta) d on d.service_id = h.service_id and d.borrower_id = h.borrower_id
  where d.objects < 0 or d.responses < 0 or d.bytes < 0
  order by h.service_id, h.borrower_id
  for update of h;
  update object_holdings h
  set objects = h.objects + coalesce(d.objects, 0),
    responses = h.responses + coalesce(d.responses, 0), bytes = h.bytes + d.bytes
  from unnest(delta) d
  where d.service_id = h.service_id and d.borrower_id = h.borrower_id
    and (d.objects < 0 or d.responses < 0 or d.bytes < 0);
  return null;
end
$$;
create trigger provider_objects_count_made after insert on provider_objects
  referencing new table as new_rows for each statement execute function count_objects();
create trigger provider_objects_count_changed after update on provider_objects
  referencing old table as old_rows new table as new_rows
  for each statement execute function count_objects();
create trigger provider_objects_count_removed after delete on provider_objects
  referencing old table as old_rows for each statement execute function count_objects();

-- Records one object. Returns what came of it: recorded, ending (an object of this id still has to
-- be deleted), held (somebody else holds a live one), full (the borrower has no room), or gone (the
-- service or the user is).
create or replace function record_object(item jsonb) returns text language plpgsql as $$
declare
  service    uuid := (item ->> 'service')::uuid;
  project    uuid := (item ->> 'project')::uuid;
  maker      uuid := (item ->> 'maker')::uuid;
  name       text := item ->> 'id';
  its_kind   text := item ->> 'kind';
  its_state  text := item ->> 'state';
  size       bigint := (item ->> 'bytes')::bigint;
  borrower   uuid;
  line       uuid[];
  holds      uuid;
  bound_to   uuid;
  holding    object_holdings;
  present    provider_objects;
begin
  select coalesce(u.responsible_user_id, u.responsible_group_id, u.id) into borrower
  from users u where u.id = (item ->> 'borrower')::uuid;
  if project is not null then
    -- A project that is bound elsewhere by now leaves the object to the owner of the service.
    select p.instance_id into bound_to from projects p where p.id = project for share;
    if bound_to is distinct from service then
      project := null;
      borrower := null;
    else
      holds := project;
    end if;
  else
    holds := maker;
  end if;

  with recursive made_by as (
    select (item ->> 'token')::uuid as id
    union
    select t.parent_id from access_tokens t join made_by m on m.id = t.id
    where t.parent_id is not null
  )
  select coalesce(array_agg(m.id), '{}') into line from made_by m where m.id is not null;

  if borrower is not null and its_state = 'live' then
    insert into object_holdings (service_id, borrower_id) values (service, borrower)
    on conflict on constraint object_holdings_pkey do nothing;
    select * into holding from object_holdings h
    where h.service_id = service and h.borrower_id = borrower for update;
  end if;

  update provider_objects o
  set state = 'expired', ended_at = clock_timestamp()
  where o.service_id = service and o.kind = its_kind and o.object_id = name
    and o.state = 'live' and o.expires_at <= clock_timestamp();
  -- Whoever ends an object locks its row before the line of its borrower, which is locked here. So
  -- nothing may wait for a row here. If one changes meanwhile, the unique index decides.
  select * into present from provider_objects o
  where o.service_id = service and o.kind = its_kind and o.object_id = name
    and o.state in ('live', 'deleting', 'orphan');
  if present.state in ('deleting', 'orphan') then
    return case when its_state = 'orphan' then 'recorded' else 'ending' end;
  end if;
  if present.id is not null then
    return case
      when its_state = 'live'
        and coalesce(present.holder_project_id, present.holder_user_id) = holds
      then 'recorded' else 'held' end;
  end if;

  if borrower is not null and its_state = 'live' then
    if its_kind = 'responses' then
      if holding.responses >= (item ->> 'most_responses')::bigint then
        perform end_objects(array(
          select old.id from provider_objects old
          where old.service_id = service and old.borrower_id = borrower and old.state = 'live'
            and old.kind = 'responses'
          order by old.id
          limit 1 + holding.responses - (item ->> 'most_responses')::bigint
          for update skip locked), 'quota');
      end if;
    else
      if holding.objects >= (item ->> 'most_objects')::bigint then
        update provider_objects o
        set state = 'expired', ended_at = clock_timestamp()
        where o.service_id = service and o.borrower_id = borrower and o.state = 'live'
          and o.expires_at <= clock_timestamp();
        select * into holding from object_holdings h
        where h.service_id = service and h.borrower_id = borrower;
      end if;
      if holding.objects >= (item ->> 'most_objects')::bigint
        or holding.bytes + size > (item ->> 'most_bytes')::bigint then
        return 'full';
      end if;
    end if;
  end if;

  insert into provider_objects (
    service_id, kind, object_id, holder_user_id, holder_project_id, maker_id, borrower_id, made_with,
    share_holder_id, expires_at, bytes, state, parent, purpose, ended_at, retry_at, retry_until,
    end_reason)
  values (
    service, its_kind, name,
    case when item ->> 'project' is null then maker end, project, maker, borrower, line,
    (item ->> 'share_holder')::uuid, (item ->> 'expires_at')::timestamptz, size, its_state,
    item ->> 'parent', item ->> 'purpose',
    case when its_state <> 'live' then clock_timestamp() end,
    case when its_state = 'orphan' then clock_timestamp() end,
    case when its_state = 'orphan' then clock_timestamp() + interval '1 day' end,
    case when its_state = 'orphan' then 'unrecorded' end);
  return 'recorded';
exception when foreign_key_violation then
  return 'gone';
end
$$;

-- Records objects in one transaction, in the order of their borrowers.
create or replace function record_objects(items jsonb) returns table (item int, outcome text)
language plpgsql set lock_timeout = '2s' as $$
declare
  one record;
begin
  for one in
    select e.value, e.ordinality
    from jsonb_array_elements(items) with ordinality e
    order by e.value ->> 'service', e.value ->> 'borrower', e.ordinality
  loop
    item := one.ordinality;
    outcome := record_object(one.value);
    return next;
  end loop;
end
$$;
