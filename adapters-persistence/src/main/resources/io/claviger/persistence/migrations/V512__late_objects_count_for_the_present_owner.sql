-- A call that was authorized before its project was transferred, and answered afterwards, stored for
-- the former owner of the project. As before, but what a call stores through a project counts for
-- whoever owns the project when it is recorded.
create or replace function record_object(item jsonb) returns text language plpgsql as $$
declare
  service    uuid := (item ->> 'service')::uuid;
  project    uuid := (item ->> 'project')::uuid;
  maker      uuid := (item ->> 'maker')::uuid;
  name       text := item ->> 'id';
  its_kind   text := item ->> 'kind';
  its_state  text := item ->> 'state';
  size       bigint := (item ->> 'bytes')::bigint;
  lent_to    uuid := (item ->> 'borrower')::uuid;
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
  if project is not null then
    -- A project that is bound elsewhere by now leaves the object to the owner of the service.
    select p.instance_id, case when lent_to is not null then p.owner_id end into bound_to, lent_to
    from projects p where p.id = project for share;
    if bound_to is distinct from service then
      project := null;
      lent_to := null;
    else
      holds := project;
    end if;
  else
    holds := maker;
  end if;
  select coalesce(u.responsible_user_id, u.responsible_group_id, u.id) into borrower
  from users u where u.id = lent_to;

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
    end_reason, result_of)
  values (
    service, its_kind, name,
    owned_by, project, maker, borrower, line,
    shares, (item ->> 'expires_at')::timestamptz, size, its_state,
    item ->> 'parent', item ->> 'purpose',
    case when its_state <> 'live' then clock_timestamp() end,
    case when its_state = 'orphan' then clock_timestamp() end,
    case when its_state = 'orphan' then clock_timestamp() + interval '1 day' end,
    case when its_state = 'orphan' then 'unrecorded' end,
    case when item ->> 'whole_kind' = 'batches' then item ->> 'whole' end);
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
