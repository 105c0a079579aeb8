-- Without statistics of the tables, a stored object cost two to three times as much as before its maker
-- was counted too. PostgreSQL expects an array to have ten elements if it does not know the array, so it
-- planned the statements of each count anew. It makes plans for single rows only once.
--
-- As before, but each line of a borrower is changed by itself, right before those of its makers.
-- Borrowers come in the order in which everybody locks their lines.
create or replace function count_objects() returns trigger language plpgsql as $$
declare
  changes maker_holdings[];
  d       maker_holdings;
begin
  if tg_op = 'INSERT' then
    select array_agg(row(s.*)::maker_holdings order by s.service_id, s.borrower_id, s.maker_id)
    into changes
    from (
      select n.service_id, n.borrower_id, coalesce(n.responsible_id, n.maker_id) as maker_id,
        count(*) filter (where n.kind <> 'responses'), count(*) filter (where n.kind = 'responses'),
        sum(n.bytes)::bigint
      from new_rows n
      where n.state = 'live' and n.borrower_id is not null
      group by n.service_id, n.borrower_id, coalesce(n.responsible_id, n.maker_id)) s;
  elsif tg_op = 'DELETE' then
    select array_agg(row(s.*)::maker_holdings order by s.service_id, s.borrower_id, s.maker_id)
    into changes
    from (
      select o.service_id, o.borrower_id, coalesce(o.responsible_id, o.maker_id) as maker_id,
        -count(*) filter (where o.kind <> 'responses'),
        -count(*) filter (where o.kind = 'responses'), -sum(o.bytes)::bigint
      from old_rows o
      where o.state = 'live' and o.borrower_id is not null
      group by o.service_id, o.borrower_id, coalesce(o.responsible_id, o.maker_id)) s;
  else
    -- Many statements look for rows to change and find none.
    perform from old_rows limit 1;
    if not found then
      return null;
    end if;
    select array_agg(row(s.*)::maker_holdings order by s.service_id, s.borrower_id, s.maker_id)
    into changes
    from (
      select e.service_id, e.borrower_id, e.maker_id,
        sum(e.one) filter (where e.kind <> 'responses') as objects,
        sum(e.one) filter (where e.kind = 'responses') as responses,
        sum(e.one * e.bytes)::bigint as bytes
      from (
        select n.service_id, n.borrower_id, coalesce(n.responsible_id, n.maker_id) as maker_id,
          n.kind, n.bytes, 1 as one
        from new_rows n
        where n.state = 'live' and n.borrower_id is not null
        union all
        select o.service_id, o.borrower_id, coalesce(o.responsible_id, o.maker_id), o.kind, o.bytes,
          -1
        from old_rows o
        where o.state = 'live' and o.borrower_id is not null) e
      group by e.service_id, e.borrower_id, e.maker_id) s
    where s.objects <> 0 or s.responses <> 0 or s.bytes <> 0;
  end if;
  if changes is null then
    return null;
  end if;

  foreach d in array changes loop
    d.objects := coalesce(d.objects, 0);
    d.responses := coalesce(d.responses, 0);
    update object_holdings h
    set objects = h.objects + d.objects, responses = h.responses + d.responses,
      bytes = h.bytes + d.bytes
    where h.service_id = d.service_id and h.borrower_id = d.borrower_id;
    if not found then
      -- What is taken away needs no new line: it was counted before, or its service is being deleted
      -- and the lines are gone.
      continue when d.objects < 0 or d.responses < 0 or d.bytes < 0;
      insert into object_holdings as h (service_id, borrower_id, objects, responses, bytes)
      values (d.service_id, d.borrower_id, d.objects, d.responses, d.bytes)
      on conflict on constraint object_holdings_pkey do update
      set objects = h.objects + excluded.objects, responses = h.responses + excluded.responses,
        bytes = h.bytes + excluded.bytes;
    end if;
    update maker_holdings m
    set objects = m.objects + d.objects, responses = m.responses + d.responses,
      bytes = m.bytes + d.bytes
    where m.service_id = d.service_id and m.borrower_id = d.borrower_id and m.maker_id = d.maker_id;
    if not found then
      continue when d.objects < 0 or d.responses < 0 or d.bytes < 0;
      insert into maker_holdings (service_id, borrower_id, maker_id, objects, responses, bytes)
      values (d.service_id, d.borrower_id, d.maker_id, d.objects, d.responses, d.bytes);
    elsif d.objects < 0 or d.responses < 0 or d.bytes < 0 then
      delete from maker_holdings m
      where m.service_id = d.service_id and m.borrower_id = d.borrower_id
        and m.maker_id = d.maker_id and m.objects = 0 and m.responses = 0 and m.bytes = 0;
    end if;
  end loop;
  return null;
end
$$;

-- As before, but a transfer also finds an object that another transaction has just changed:
-- PostgreSQL checks such a row again, and does not find it among the rows of an inner query. Nobody
-- becomes responsible for the new owner meanwhile.
create or replace function count_objects_for_owner() returns trigger language plpgsql as $$
declare
  borrower uuid;
  affected bigint[];
begin
  select coalesce(u.responsible_id, u.id) into borrower
  from users u where u.id = new.owner_id for share;
  affected := array(
    select o.id from provider_objects o
    where o.holder_project_id = new.id and o.state = 'live' and o.borrower_id is not null);
  perform from provider_objects o where o.id = any (affected) order by o.id for no key update;
  update provider_objects o set borrower_id = borrower
  where o.id = any (affected) and o.state = 'live' and o.borrower_id is not null;
  return null;
end
$$;

-- As before, but a response stays if somebody is changing one of its parts. The lines of borrowers
-- are locked here, so nothing may wait for a row.
create or replace function make_room_for_object(
  service uuid, borrower uuid, maker uuid, through_open_project boolean, item jsonb)
returns boolean language plpgsql as $$
declare
  size    bigint := (item ->> 'bytes')::bigint;
  holding object_holdings;
  own     maker_holdings;
  excess  bigint;
  places  bigint;
  room    bigint;
  oldest  bigint[];
  parts   bigint[];
begin
  loop
    select * into holding from object_holdings h
    where h.service_id = service and h.borrower_id = borrower;

    if item ->> 'kind' = 'responses' then
      excess := 1 + holding.responses - (item ->> 'most_responses')::bigint;
      if excess > 0 then
        select * into own from maker_holdings m
        where m.service_id = service and m.borrower_id = borrower and m.maker_id = maker;
        -- The oldest of a maker's n responses has the rank n, and the newest one has the rank 1.
        oldest := array(
          select old.id
          from (
            (select m.maker_id, m.responses from maker_holdings m
            where m.service_id = service and m.borrower_id = borrower
            order by m.responses desc
            limit excess)
            union
            select own.maker_id, own.responses) makers
          cross join lateral (
            select free.id, makers.responses + 1 - row_number() over (order by free.id) as rank
            from (
              select o.id from provider_objects o
              where o.service_id = service and o.borrower_id = borrower
                and coalesce(o.responsible_id, o.maker_id) = makers.maker_id
                and o.kind = 'responses' and o.state = 'live'
              order by o.id
              limit excess
              for update skip locked) free) old
          order by old.rank desc, makers.maker_id = maker desc
          limit excess);
        parts := array(
          select p.id
          from provider_objects o
          join provider_objects p on p.service_id = o.service_id and p.parent = o.object_id
            and p.state = 'live' and is_part_of(p, o)
          where o.id = any (oldest)
          for no key update of p skip locked);
        perform end_objects(array(
          select old.id from unnest(oldest) old (id)
          where not exists (
            select from provider_objects o
            join provider_objects p on p.service_id = o.service_id and p.parent = o.object_id
              and p.state = 'live' and is_part_of(p, o)
            where o.id = old.id and p.id <> all (parts))), 'quota');
      end if;
      return true;
    end if;

    places := (item ->> 'most_objects')::bigint - holding.objects - 1;
    room := (item ->> 'most_bytes')::bigint - holding.bytes - size;
    if places >= 0 and room >= 0 then
      if not through_open_project then
        return true;
      end if;
      select * into own from maker_holdings m
      where m.service_id = service and m.borrower_id = borrower and m.maker_id = maker;
      if coalesce(own.objects, 0) < places and coalesce(own.bytes, 0) + size <= room then
        return true;
      end if;
    end if;
    update provider_objects o
    set state = 'expired', ended_at = clock_timestamp()
    where o.id in (
      select e.id from provider_objects e
      where e.service_id = service and e.borrower_id = borrower and e.state = 'live'
        and e.expires_at <= statement_timestamp()
      order by e.id
      for no key update skip locked);
    if not found then
      return false;
    end if;
  end loop;
end
$$;

-- As before, but the line of the borrower is locked already.
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
  return 'recorded';
exception when foreign_key_violation then
  return 'gone';
end
$$;

-- As before, but all lines are locked in one order, which everybody uses, before any object is recorded:
-- first those that count the events, and then those of the borrowers for whom the objects will count, or
-- for whom a row counts that makes way for one of them.
create or replace function record_objects(items jsonb) returns table (item int, outcome text)
language plpgsql as $$
declare
  made    record;
  counted record;
  ending  bigint[] := '{}';
  counts  jsonb;
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
      end))
    from jsonb_array_elements(items) with ordinality e);
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
    return next;
  end loop;
end
$$;

-- Records objects in one transaction. Those of a former account are gone. As before, but nobody else
-- becomes the owner of a project, or responsible for a service account, for which an object will
-- count: also if it will count like another one, with which it came. Projects are locked before services,
-- as in a transfer, and services before users, as in most other changes.
create or replace function record_objects_of_accounts(items jsonb) returns table (item int, outcome text)
language plpgsql set lock_timeout = '2s' as $$
declare
  account  uuid;
  service  uuid;
  passed   uuid;
  serves   boolean;
  accounts uuid[];
  through  uuid[];
  kept     jsonb;
  places   int[];
begin
  accounts := array(
    select (e.value ->> who.field)::uuid
    from jsonb_array_elements(items) e cross join (values ('maker'), ('borrower')) who (field)
    where e.value ->> who.field is not null);
  through := array(
    select (e.value ->> 'project')::uuid from jsonb_array_elements(items) e
    where e.value ->> 'project' is not null);
  if items @? '$[*].whole ? (@ != null)' then
    select accounts || coalesce(array_agg(o.maker_id), '{}')
        || coalesce(array_agg(o.holder_user_id) filter (where o.holder_user_id is not null), '{}'),
      through
        || coalesce(array_agg(o.holder_project_id) filter (where o.holder_project_id is not null), '{}')
    into accounts, through
    from jsonb_array_elements(items) e
    join provider_objects o on o.service_id = (e.value ->> 'service')::uuid
      and o.kind = e.value ->> 'whole_kind' and o.object_id = e.value ->> 'whole'
      and o.state = 'live';
  end if;
  if through <> '{}' then
    accounts := accounts || array(select p.owner_id from projects p where p.id = any (through));
  end if;
  -- Everybody locks projects, services, users, objects, and then the lines of borrowers.
  if through <> '{}' then
    for passed in select distinct t.id from unnest(through) t (id) order by t.id loop
      perform from projects p where p.id = passed for share;
    end loop;
    if exists (
      select from projects p where p.id = any (through) and p.owner_id <> all (accounts)) then
      raise exception 'the project was transferred meanwhile' using errcode = 'serialization_failure';
    end if;
  end if;
  -- A write that brings another account has locked the service, and waits for this or is waited for.
  for service in
    select distinct (e.value ->> 'service')::uuid as id from jsonb_array_elements(items) e order by id
  loop
    perform from instances i where i.id = service for share;
  end loop;
  for account in select distinct a.id from unnest(accounts) a (id) order by a.id loop
    select u.responsible_id is not null into serves from users u where u.id = account for key share;
    if serves then
      perform from users u where u.id = account for share;
    end if;
  end loop;
  select coalesce(jsonb_agg(e.value order by e.ordinality), '[]'),
    coalesce(array_agg(e.ordinality order by e.ordinality), '{}')
  into kept, places
  from jsonb_array_elements(items) with ordinality e
  join instances i on i.id = (e.value ->> 'service')::uuid
    and i.account = (e.value ->> 'account')::int;
  return query select places[r.item], r.outcome from record_objects(kept) r;
  if cardinality(places) < jsonb_array_length(items) then
    return query
      select e.place, 'gone' from generate_series(1, jsonb_array_length(items)) e (place)
      where e.place <> all (places);
  end if;
end
$$;
