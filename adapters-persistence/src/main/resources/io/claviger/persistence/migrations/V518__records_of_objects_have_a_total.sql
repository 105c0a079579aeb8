-- Each service bounds what a borrower stores, but nothing bounded the sum: an owner of many services, or of
-- a provider that states a new object in each answer, could add rows for ever. Now the live objects that a
-- user or group has made are bounded at all services together, and so are the rows that their calls add in
-- an hour, since a row is kept for an hour after its object has ended.
create table object_records (
  maker_id uuid                     not null,
  hour     timestamp with time zone not null,
  records  bigint                   not null,

  constraint object_records_pkey primary key (maker_id),
  constraint object_records_bounds check (records >= 0)
) with (fillfactor = 70);
comment on table object_records is
  'How many rows of stored objects the calls of a user or group have added in an hour. Service accounts count for whoever is responsible for them.';

-- Locks the lines of all makers in one order. Everybody locks these lines after those that count events,
-- and before those of borrowers.
create function hold_object_records(makers uuid[]) returns void language plpgsql as $$
declare
  maker uuid;
begin
  for maker in select distinct m.id from unnest(makers) m (id) where m.id is not null order by m.id loop
    loop
      perform from object_records r where r.maker_id = maker for update;
      exit when found;
      insert into object_records (maker_id, hour, records)
      values (maker, present_hour(), 0)
      on conflict on constraint object_records_pkey do nothing;
    end loop;
  end loop;
  update object_records r
  set hour = present_hour(), records = 0
  where r.maker_id = any (makers) and r.hour < present_hour();
end
$$;

-- As before, but an object is refused if its maker has too many. Returns `added` if it has a new row that is
-- counted for the hour.
create or replace function record_object(item jsonb) returns text language plpgsql as $$
declare
  service    uuid := (item ->> 'service')::uuid;
  project    uuid := (item ->> 'project')::uuid;
  maker      uuid := (item ->> 'maker')::uuid;
  name       text := item ->> 'id';
  its_kind   text := item ->> 'kind';
  its_state  text := item ->> 'state';
  size       bigint := (item ->> 'bytes')::bigint;
  borrower   uuid := (item ->> 'counts_for')::uuid;
  responsible uuid;
  line       uuid[];
  holds      uuid;
  bound_to   uuid;
  shares     uuid := (item ->> 'share_holder')::uuid;
  owned_by   uuid := case when item ->> 'project' is null then (item ->> 'maker')::uuid end;
  present    provider_objects;
  source     provider_objects;
begin
  if not item ? 'counts_for' then
    -- The call began before this migration.
    select coalesce(u.responsible_id, u.id) into borrower
    from users u
    where item ->> 'borrower' is not null and u.id = case
      when project is null then (item ->> 'borrower')::uuid
      else (select p.owner_id from projects p where p.id = project and p.instance_id = service) end;
  end if;
  if item ->> 'replaced' is not null then
    select * into source from provider_objects o
    where o.service_id = service and o.kind = its_kind and o.object_id = item ->> 'replaced'
      and o.state = 'live';
    update provider_objects o set state = 'deleted', ended_at = clock_timestamp()
    where o.state = 'live'
      and (o.id = source.id or (o.service_id = service and o.parent = source.object_id
        and is_part_of(o, source)));
  end if;
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
    responsible := source.responsible_id;
    project := source.holder_project_id;
    owned_by := source.holder_user_id;
    borrower := source.borrower_id;
    line := source.made_with;
    shares := source.share_holder_id;
  else
    if project is not null then
      -- A project that is bound elsewhere by now leaves the object to the owner of the service.
      select p.instance_id into bound_to from projects p where p.id = project;
      if bound_to is distinct from service then
        project := null;
      end if;
      holds := project;
    else
      holds := maker;
    end if;
    select u.responsible_id into responsible from users u where u.id = maker;
    with recursive made_by as (
      select (item ->> 'token')::uuid as id
      union
      select t.parent_id from access_tokens t join made_by m on m.id = t.id
      where t.parent_id is not null
    )
    select coalesce(array_agg(m.id), '{}') into line from made_by m where m.id is not null;
  end if;

  select * into present from provider_objects o
  where o.service_id = service and o.kind = its_kind and o.object_id = name
    and o.state in ('live', 'deleting', 'orphan');
  if present.state = 'live' and present.expires_at <= clock_timestamp() then
    update provider_objects o
    set state = 'expired', ended_at = clock_timestamp()
    where o.id in (
      select e.id from provider_objects e
      where e.id = present.id and e.state = 'live' and e.expires_at <= clock_timestamp()
      for no key update skip locked);
    -- Whoever ends an object locks its row before the line of its borrower, which is locked here. So
    -- nothing may wait for a row here. If one changes meanwhile, the unique index decides.
    select * into present from provider_objects o
    where o.service_id = service and o.kind = its_kind and o.object_id = name
      and o.state in ('live', 'deleting', 'orphan');
  end if;
  if present.state in ('deleting', 'orphan') then
    return case when its_state = 'orphan' then 'recorded' else 'ending' end;
  end if;
  if present.id is not null then
    return case
      when its_state = 'live'
        and coalesce(present.holder_project_id, present.holder_user_id) = holds
      then 'recorded' else 'held' end;
  end if;

  if not coalesce((item ->> 'is_within')::boolean, true) then
    return 'full';
  end if;

  -- What somebody who is not a member stores through a project belongs to that person.
  if borrower is not null and its_state = 'live' and not make_room_for_object(
    service, borrower, coalesce(responsible, maker),
    owned_by is not null and borrower <> coalesce(responsible, maker), item) then
    return 'full';
  end if;

  insert into provider_objects (
    service_id, kind, object_id, holder_user_id, holder_project_id, maker_id, borrower_id, made_with,
    share_holder_id, expires_at, bytes, state, parent, purpose, ended_at, retry_at, retry_until,
    end_reason, result_of, responsible_id)
  values (
    service, its_kind, name,
    owned_by, project, maker, borrower, line,
    shares, (item ->> 'expires_at')::timestamptz, size, its_state,
    item ->> 'parent', item ->> 'purpose',
    case when its_state <> 'live' then clock_timestamp() end,
    case when its_state = 'orphan' then clock_timestamp() end,
    case when its_state = 'orphan' then clock_timestamp() + interval '1 day' end,
    case when its_state = 'orphan' then 'unrecorded' end,
    case when item ->> 'whole_kind' = 'batches' then item ->> 'whole' end, responsible);
  -- Responses, and parts of other objects, are too many for an event each.
  if its_state = 'live' and item ->> 'event' is not null and its_kind <> 'responses'
    and not is_part(item ->> 'parent') then
    perform record_object_event(item, 'object.create');
  end if;
  return case when item ? 'is_within' then 'added' else 'recorded' end;
exception when foreign_key_violation then
  return 'gone';
end
$$;

-- As before, but the lines that count the rows of makers are locked too, and the rows are counted.
create or replace function record_objects(items jsonb) returns table (item int, outcome text)
language plpgsql as $$
declare
  made    record;
  counted record;
  ending  bigint[] := '{}';
  counts  jsonb;
  makers  uuid[];
  added   uuid[] := '{}';
begin
  -- Rows are locked before the line of any borrower: what is replaced, with its parts, and what has
  -- expired and leaves its id to another object.
  if items @? '$[*].replaced ? (@ != null)' then
    ending := array(
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
        and p.state = 'live' and is_part_of(p, r));
  end if;
  ending := ending || array(
    select x.id
    from jsonb_array_elements(items) e
    join provider_objects x on x.service_id = (e.value ->> 'service')::uuid
      and x.kind = e.value ->> 'kind' and x.state = 'live'
      and x.object_id = e.value ->> 'id' and x.expires_at <= clock_timestamp());
  if ending <> '{}' then
    perform from provider_objects o where o.id = any (ending) order by o.id for no key update;
  end if;

  perform hold_frequent_events(array(
    select (e.value ->> 'maker')::uuid
    from jsonb_array_elements(items) e
    where e.value ->> 'event' is not null and e.value ->> 'state' = 'live'
      and e.value ->> 'kind' <> 'responses' and not is_part(e.value ->> 'parent')));

  items := (
    select jsonb_agg(e.value || jsonb_build_object('place', e.ordinality, 'counts_for',
      case
        when e.value ->> 'whole' is not null then (
          select o.borrower_id from provider_objects o
          where o.service_id = (e.value ->> 'service')::uuid and o.kind = e.value ->> 'whole_kind'
            and o.object_id = e.value ->> 'whole' and o.state = 'live')
        else (
          select coalesce(u.responsible_id, u.id) from users u
          where e.value ->> 'borrower' is not null and u.id = case
            when e.value ->> 'project' is null then (e.value ->> 'borrower')::uuid
            else (
              select p.owner_id from projects p
              where p.id = (e.value ->> 'project')::uuid
                and p.instance_id = (e.value ->> 'service')::uuid) end)
      end,
      -- An object with a whole counts for the maker of the whole, but its row is one of those that the
      -- caller adds. Otherwise, whoever reads what somebody else has made could use up that person's rows.
      'recorder', coalesce(m.responsible_id, (e.value ->> 'maker')::uuid),
      'counted_maker', case
        when e.value ->> 'whole' is not null then (
          select coalesce(o.responsible_id, o.maker_id) from provider_objects o
          where o.service_id = (e.value ->> 'service')::uuid and o.kind = e.value ->> 'whole_kind'
            and o.object_id = e.value ->> 'whole' and o.state = 'live')
        else coalesce(m.responsible_id, (e.value ->> 'maker')::uuid)
      end))
    from jsonb_array_elements(items) with ordinality e
    left join users m on m.id = (e.value ->> 'maker')::uuid);
  if items @? '$[*].most_records' then
    select array_agg((e.value ->> who.field)::uuid) into makers
    from jsonb_array_elements(items) e
    cross join (values ('recorder'), ('counted_maker')) who (field)
    where e.value ? 'most_records';
    perform hold_object_records(makers);
    items := (
      select jsonb_agg(case
        when r.item ? 'most_records' then r.item || jsonb_build_object('is_within',
          (r.item ->> 'state' <> 'live'
            or r.live + r.place_of_maker <= (r.item ->> 'most_records')::bigint)
          and r.records + r.place_of_recorder <= (r.item ->> 'most_new_records')::bigint)
        else r.item end)
      from (
        select e.value as item, coalesce(l.live, 0) as live, coalesce(n.records, 0) as records,
          row_number() over (partition by e.value ->> 'counted_maker' order by e.ordinality)
            as place_of_maker,
          row_number() over (partition by e.value ->> 'recorder' order by e.ordinality)
            as place_of_recorder
        from jsonb_array_elements(items) with ordinality e
        left join (
          select m.maker_id, sum(m.objects + m.responses) as live from maker_holdings m
          where m.maker_id = any (makers) group by m.maker_id) l
          on l.maker_id = (e.value ->> 'counted_maker')::uuid
        left join object_records n on n.maker_id = (e.value ->> 'recorder')::uuid) r);
  end if;
  counts := items;
  if ending <> '{}' then
    counts := counts || (
      select jsonb_agg(jsonb_build_object(
        'service', o.service_id, 'counts_for', o.borrower_id, 'state', 'live'))
      from provider_objects o where o.id = any (ending));
  end if;
  for counted in
    select distinct (e.value ->> 'service')::uuid as service_id,
      (e.value ->> 'counts_for')::uuid as borrower_id
    from jsonb_array_elements(counts) e
    where e.value ->> 'counts_for' is not null and e.value ->> 'state' = 'live'
    order by service_id, borrower_id
  loop
    perform from object_holdings h
    where h.service_id = counted.service_id and h.borrower_id = counted.borrower_id for update;
    if not found then
      insert into object_holdings (service_id, borrower_id)
      values (counted.service_id, counted.borrower_id)
      on conflict on constraint object_holdings_pkey do nothing;
      perform from object_holdings h
      where h.service_id = counted.service_id and h.borrower_id = counted.borrower_id for update;
    end if;
  end loop;

  for made in
    select e.value from jsonb_array_elements(items) e
    order by e.value ->> 'service', e.value ->> 'borrower', (e.value ->> 'place')::int
  loop
    item := made.value ->> 'place';
    outcome := record_object(made.value);
    if outcome = 'added' then
      outcome := 'recorded';
      added := added || (made.value ->> 'recorder')::uuid;
    end if;
    return next;
  end loop;
  update object_records r
  set records = r.records + a.records
  from (select m.id, count(*) as records from unnest(added) m (id) group by m.id) a
  where r.maker_id = a.id;
end
$$;

