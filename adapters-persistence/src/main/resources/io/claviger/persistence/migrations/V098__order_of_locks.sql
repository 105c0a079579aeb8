-- Another account ends all objects of a service at once. One line for the service tells of that, and
-- another one of its deletion.
drop trigger provider_objects_note_end on provider_objects;
create constraint trigger provider_objects_note_end
  after update of state, expires_at on provider_objects
  deferrable initially deferred for each row
  when (old.state = 'live' and new.state <> 'left'
    and (old.state, old.expires_at) is distinct from (new.state, new.expires_at))
  execute function note_row('subject');
drop trigger provider_objects_note_removal on provider_objects;

-- The lists of what a user made with a service, and of what a user or a project holds in all services.
create index provider_objects_of_maker on provider_objects (service_id, maker_id, id)
  where state = 'live';
create index provider_objects_by_user on provider_objects (holder_user_id, id)
  where state = 'live' and holder_user_id is not null;
create index provider_objects_by_project on provider_objects (holder_project_id, id)
  where state = 'live' and holder_project_id is not null;

create or replace function end_objects(wanted bigint[], reason text) returns int language plpgsql as $$
declare
  ended bigint[];
begin
  -- Rows are locked in the order of their ids, by everybody and before anything is counted.
  perform from provider_objects o
  where o.id in (
    select w.id from unnest(wanted) w (id)
    union all
    select p.id
    from unnest(wanted) w (id)
    join provider_objects e on e.id = w.id
    join provider_objects p on p.service_id = e.service_id and p.parent = e.object_id
      and p.state = 'live' and is_part_of(p, e))
  order by o.id
  for no key update;
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

-- Records one object, and that it takes the place of another one, or that it came to be with one
-- and belongs to whoever made that. Returns what came of it: recorded, ending (an object of this id
-- still has to be deleted), held (somebody else holds a live one), full (the borrower has no room),
-- or gone (the service or the user is).
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
  shares     uuid := (item ->> 'share_holder')::uuid;
  owned_by   uuid := case when item ->> 'project' is null then (item ->> 'maker')::uuid end;
  holding    object_holdings;
  present    provider_objects;
  source     provider_objects;
begin
  if item ->> 'replaced' is not null then
    select * into source from provider_objects o
    where o.service_id = service and o.kind = its_kind and o.object_id = item ->> 'replaced'
      and o.state = 'live';
    update provider_objects o set state = 'deleted', ended_at = clock_timestamp()
    where o.state = 'live'
      and (o.id = source.id or (o.service_id = service and o.parent = source.object_id
        and is_part_of(o, source)));
  end if;
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

  if item ->> 'whole' is not null then
    select * into source from provider_objects o
    where o.service_id = service and o.kind = item ->> 'whole_kind' and o.object_id = item ->> 'whole'
      and o.state = 'live';
    holds := coalesce(source.holder_project_id, source.holder_user_id);
    if holds is null then
      -- It is left to the owner of the service, as what it came with.
      return 'ending';
    end if;
    maker := source.maker_id;
    project := source.holder_project_id;
    owned_by := source.holder_user_id;
    borrower := source.borrower_id;
    line := source.made_with;
    shares := source.share_holder_id;
  end if;

  if borrower is not null and its_state = 'live' then
    insert into object_holdings (service_id, borrower_id) values (service, borrower)
    on conflict on constraint object_holdings_pkey do nothing;
    select * into holding from object_holdings h
    where h.service_id = service and h.borrower_id = borrower for update;
  end if;

  update provider_objects o
  set state = 'expired', ended_at = clock_timestamp()
  where o.id in (
    select e.id from provider_objects e
    where e.service_id = service and e.kind = its_kind and e.object_id = name
      and e.state = 'live' and e.expires_at <= clock_timestamp()
    for no key update skip locked);
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
        where o.id in (
          select e.id from provider_objects e
          where e.service_id = service and e.borrower_id = borrower and e.state = 'live'
            and e.expires_at <= clock_timestamp()
          order by e.id
          for no key update skip locked);
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
    owned_by, project, maker, borrower, line,
    shares, (item ->> 'expires_at')::timestamptz, size, its_state,
    item ->> 'parent', item ->> 'purpose',
    case when its_state <> 'live' then clock_timestamp() end,
    case when its_state = 'orphan' then clock_timestamp() end,
    case when its_state = 'orphan' then clock_timestamp() + interval '1 day' end,
    case when its_state = 'orphan' then 'unrecorded' end);
  -- Responses, and parts of other objects, are too many for an event each.
  if its_state = 'live' and item ->> 'event' is not null and its_kind <> 'responses'
    and not is_part(item ->> 'parent') then
    perform record_object_event(item, 'object.create');
  end if;
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
  -- Rows are locked before the line of any borrower: what is replaced, with its parts, and what has
  -- expired and leaves its id to another object.
  perform from provider_objects o
  where o.id in (
    select r.id
    from jsonb_array_elements(items) e
    join provider_objects r on r.service_id = (e.value ->> 'service')::uuid
      and r.kind = e.value ->> 'kind' and r.state = 'live'
      and r.object_id = e.value ->> 'replaced'
    union all
    select p.id
    from jsonb_array_elements(items) e
    join provider_objects r on r.service_id = (e.value ->> 'service')::uuid
      and r.kind = e.value ->> 'kind' and r.state = 'live'
      and r.object_id = e.value ->> 'replaced'
    join provider_objects p on p.service_id = r.service_id and p.parent = r.object_id
      and p.state = 'live' and is_part_of(p, r)
    union all
    select x.id
    from jsonb_array_elements(items) e
    join provider_objects x on x.service_id = (e.value ->> 'service')::uuid
      and x.kind = e.value ->> 'kind' and x.state = 'live'
      and x.object_id = e.value ->> 'id' and x.expires_at <= clock_timestamp())
  order by o.id
  for no key update;
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

-- Records objects in one transaction. Those of a former account are gone.
create or replace function record_objects_of_accounts(items jsonb) returns table (item int, outcome text)
language plpgsql set lock_timeout = '2s' as $$
declare
  kept   jsonb;
  places int[];
begin
  -- The order is that in which the deletion of a user reaches the same: users, services, projects,
  -- objects, and then the lines of borrowers.
  perform from users u
  where u.id in (
    select (e.value ->> who.field)::uuid
    from jsonb_array_elements(items) e cross join (values ('maker'), ('borrower')) who (field))
  order by u.id
  for key share;
  -- A write that brings another account has locked the service, and waits for this or is waited for.
  perform from instances i
  where i.id in (
    select (e.value ->> 'service')::uuid from jsonb_array_elements(items) e)
  order by i.id
  for share;
  perform from projects p
  where p.id in (select (e.value ->> 'project')::uuid from jsonb_array_elements(items) e)
  order by p.id
  for share;
  select coalesce(jsonb_agg(e.value order by e.ordinality), '[]'),
    coalesce(array_agg(e.ordinality order by e.ordinality), '{}')
  into kept, places
  from jsonb_array_elements(items) with ordinality e
  join instances i on i.id = (e.value ->> 'service')::uuid
    and i.account = (e.value ->> 'account')::int;
  return query
    select places[r.item], r.outcome from record_objects(kept) r
    union all
    select e.place::int, 'gone'
    from generate_series(1, jsonb_array_length(items)) e (place)
    where e.place <> all (places);
end
$$;
