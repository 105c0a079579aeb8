-- Each service bounds what a borrower stores, but nothing bounded the sum: an owner of many services, or of
-- a provider that states a new object in each answer, could add rows for ever. Now the live objects that a
-- user or group has made are bounded at all services together, and so are the rows that their calls add in
-- an hour, since a row is kept for an hour after its object has ended.
create table object_records (
  recorder_id uuid                     not null,
  hour        timestamp with time zone not null,
  records     bigint                   not null,

  constraint object_records_pkey primary key (recorder_id),
  constraint object_records_bounds check (records >= 0)
) with (fillfactor = 70);
comment on table object_records is
  'How many rows of stored objects the calls of a user or group have added in an hour. Service accounts count for whoever is responsible for them.';

-- Locks lines in one order. Everybody locks these lines after those that count events, and before those of
-- borrowers. While somebody holds a maker's line, nobody else adds objects of this maker.
create function hold_object_records(holders uuid[]) returns void language plpgsql as $$
declare
  holder  uuid;
  counted timestamp with time zone;
begin
  for holder in select distinct h.id from unnest(holders) h (id) where h.id is not null order by h.id loop
    loop
      select r.hour into counted from object_records r where r.recorder_id = holder for update;
      exit when found;
      insert into object_records (recorder_id, hour, records)
      values (holder, present_hour(), 0)
      on conflict on constraint object_records_pkey do nothing;
    end loop;
    if counted < present_hour() then
      update object_records r set hour = present_hour(), records = 0 where r.recorder_id = holder;
    end if;
  end loop;
end
$$;

-- Ends one response that a maker has made and that counts for a borrower, together with its parts: the oldest
-- that nobody is changing. Says whether there was one. At most 1,000 rows and their parts are read, because
-- everybody else who has the same borrower or maker waits meanwhile. The lines of borrowers are locked here,
-- so nothing may wait for a row.
create function end_oldest_response(service uuid, borrower uuid, maker uuid, spared text)
returns boolean language plpgsql as $$
declare
  old   record;
  whole provider_objects;
begin
  for old in
    select o.id, o.object_id, o.parent from provider_objects o
    where o.service_id = service and o.borrower_id = borrower
      and coalesce(o.responsible_id, o.maker_id) = maker
      and o.kind = 'responses' and o.state = 'live'
    order by o.id
    limit 1000
  loop
    continue when is_part(old.parent) or old.object_id = spared;
    select * into whole from provider_objects o
    where o.id = old.id and o.state = 'live'
    for update skip locked;
    continue when not found;
    continue when (
      select count(*) from provider_objects p
      where p.service_id = service and p.parent = whole.object_id and p.state = 'live'
        and is_part_of(p, whole)) > (
      select count(*) from (
        select from provider_objects p
        where p.service_id = service and p.parent = whole.object_id and p.state = 'live'
          and is_part_of(p, whole)
        for no key update skip locked) free);
    return end_objects(array[whole.id], 'quota') > 0;
  end loop;
  return false;
end
$$;

-- As before, but an object is refused if its maker has too many, or if the recorder has added too many rows
-- in this hour. An orphan still finds room then, because nobody else would delete it. Returns `added` if the
-- object has a new row that is counted for the hour.
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
  -- Nobody holds an object that only has to be deleted, so it is recorded even if its maker is gone.
  owned_by   uuid := case
    when item ->> 'project' is null and item ->> 'state' = 'live' then (item ->> 'maker')::uuid end;
  present    provider_objects;
  source     provider_objects;
  live       bigint;
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

  if (item ->> 'records')::bigint
    >= (item ->> 'most_new_records')::bigint * (case its_state when 'live' then 1 else 2 end) then
    return 'full';
  end if;
  if its_state = 'live' and (item ->> 'live')::bigint >= (item ->> 'most_records')::bigint then
    -- Close to the limit, what has ended meanwhile counts.
    select sum(m.objects + m.responses) into live
    from maker_holdings m where m.maker_id = coalesce(responsible, maker);
    -- An old response makes way for a new one, but nobody ends one by reading what others have made.
    if live >= (item ->> 'most_records')::bigint and not (
      its_kind = 'responses' and item ->> 'whole' is null
      and end_oldest_response(service, borrower, coalesce(responsible, maker), item ->> 'parent')) then
      return 'full';
    end if;
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
    owned_by, project, maker, case when its_state = 'live' then borrower end, line,
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
  return case when item ? 'most_records' then 'added' else 'recorded' end;
exception when foreign_key_violation then
  return 'gone';
end
$$;

-- As before, but the lines that count new rows are locked too, and the rows are counted.
create or replace function record_objects(items jsonb) returns table (item int, outcome text)
language plpgsql as $$
declare
  made    record;
  counted record;
  ending  bigint[] := '{}';
  counts  jsonb;
  holders uuid[];
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
        else coalesce((
          select coalesce(u.responsible_id, u.id) from users u
          where e.value ->> 'borrower' is not null and u.id = case
            when e.value ->> 'project' is null then (e.value ->> 'borrower')::uuid
            else (
              select p.owner_id from projects p
              where p.id = (e.value ->> 'project')::uuid
                and p.instance_id = (e.value ->> 'service')::uuid) end),
          -- The owner of an open project is gone. What its caller holds still counts for the owner. If the
          -- owner was a service account, nobody knows any longer who was responsible for it, and for whom
          -- earlier objects count.
          case when e.value ->> 'project' is null then (e.value ->> 'borrower')::uuid end)
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
      end) order by e.ordinality)
    from jsonb_array_elements(items) with ordinality e
    left join users m on m.id = (e.value ->> 'maker')::uuid);
  if items @? '$[*].most_records' then
    select array_agg((e.value ->> who.field)::uuid) into holders
    from jsonb_array_elements(items) e
    cross join (values ('recorder'), ('counted_maker')) who (field)
    where e.value ? 'most_records';
    perform hold_object_records(holders);
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
    select e.value, (e.value ->> 'recorder')::uuid as recorder, coalesce(l.live, 0) as live,
      coalesce(n.records, 0) as records
    from jsonb_array_elements(items) e
    left join (
      select m.maker_id, sum(m.objects + m.responses) as live from maker_holdings m
      where m.maker_id = any (holders) group by m.maker_id) l
      on l.maker_id = (e.value ->> 'counted_maker')::uuid
    left join object_records n on n.recorder_id = (e.value ->> 'recorder')::uuid
    order by e.value ->> 'service', e.value ->> 'borrower', (e.value ->> 'place')::int
  loop
    item := made.value ->> 'place';
    outcome := record_object(made.value || jsonb_build_object(
      'live', made.live + cardinality(added),
      'records', made.records + cardinality(array_positions(added, made.recorder))));
    if outcome = 'added' then
      outcome := 'recorded';
      added := added || made.recorder;
    end if;
    return next;
  end loop;
  -- Line by line, because PostgreSQL would plan a statement for an array anew in each transaction.
  for counted in select a.id, count(*) as records from unnest(added) a (id) group by a.id loop
    update object_records r set records = r.records + counted.records
    where r.recorder_id = counted.id;
  end loop;
end
$$;
