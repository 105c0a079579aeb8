-- All who call through a project use up one quota. What one of them stored ended the oldest responses
-- of everybody, and one of them could take all the room for files. Now objects are also counted for
-- each maker. Service accounts count together with whoever is responsible for them.
--
-- Whatever changes the counts waits until the end. The order is that in which calls reach the tables.
lock table users, object_holdings, provider_objects in share row exclusive mode;

-- No count changes by this, so nothing has to be counted.
alter table provider_objects disable trigger provider_objects_count_changed;
update provider_objects o
set responsible_id = u.responsible_id
from users u
where u.id = o.maker_id and u.responsible_id is not null and o.state = 'live';
alter table provider_objects enable trigger provider_objects_count_changed;

create index provider_objects_of_borrower on provider_objects (
  service_id, borrower_id, coalesce(responsible_id, maker_id), kind, id)
  where state = 'live';

create table maker_holdings (
  service_id  uuid   not null,
  borrower_id uuid   not null,
  maker_id    uuid   not null,
  objects     bigint not null,
  responses   bigint not null,
  bytes       bigint not null,

  constraint maker_holdings_pkey primary key (service_id, borrower_id, maker_id),
  constraint maker_holdings_bounds check (objects >= 0 and responses >= 0 and bytes >= 0)
) with (fillfactor = 70);
comment on table maker_holdings is
  'How much each maker has stored of what counts for a borrower. Whoever changes a line has locked the line of the borrower in object_holdings.';
comment on column maker_holdings.maker_id is
  'The user who made the objects, or the user or group responsible for the service accounts that made them.';

insert into maker_holdings
select o.service_id, o.borrower_id, coalesce(o.responsible_id, o.maker_id),
  count(*) filter (where o.kind <> 'responses'), count(*) filter (where o.kind = 'responses'),
  sum(o.bytes)
from provider_objects o
where o.state = 'live' and o.borrower_id is not null
group by o.service_id, o.borrower_id, coalesce(o.responsible_id, o.maker_id);
-- Each borrower of live objects should have a line. If one is missing, the upgrade has to go on.
insert into object_holdings
select m.service_id, m.borrower_id, sum(m.objects), sum(m.responses), sum(m.bytes)
from maker_holdings m
group by m.service_id, m.borrower_id
on conflict on constraint object_holdings_pkey do nothing;
alter table maker_holdings
  add constraint maker_holdings_borrower_fkey foreign key (service_id, borrower_id)
    references object_holdings (service_id, borrower_id) on delete cascade;
-- There is no index by counts: each change of a count would write to all indexes, and as long as an
-- old transaction runs, such as a backup, each further change would pass all that was written since.
create index maker_holdings_of_maker on maker_holdings (maker_id, service_id);

-- As before, but objects are also counted for each maker.
create or replace function count_objects() returns trigger language plpgsql as $$
declare
  made  maker_holdings[];
  gone  maker_holdings[];
  delta maker_holdings[];
begin
  if tg_op <> 'INSERT' then
    -- Many statements look for rows to change and find none.
    perform from old_rows limit 1;
    if not found then
      return null;
    end if;
  end if;
  if tg_op <> 'DELETE' then
    select array_agg(row(s.*)::maker_holdings) into made
    from (
      select n.service_id, n.borrower_id, coalesce(n.responsible_id, n.maker_id),
        count(*) filter (where n.kind <> 'responses'), count(*) filter (where n.kind = 'responses'),
        sum(n.bytes)
      from new_rows n
      where n.state = 'live' and n.borrower_id is not null
      group by n.service_id, n.borrower_id, coalesce(n.responsible_id, n.maker_id)) s;
  end if;
  if tg_op <> 'INSERT' then
    select array_agg(row(s.*)::maker_holdings) into gone
    from (
      select o.service_id, o.borrower_id, coalesce(o.responsible_id, o.maker_id),
        -count(*) filter (where o.kind <> 'responses'),
        -count(*) filter (where o.kind = 'responses'), -sum(o.bytes)
      from old_rows o
      where o.state = 'live' and o.borrower_id is not null
      group by o.service_id, o.borrower_id, coalesce(o.responsible_id, o.maker_id)) s;
  end if;
  select array_agg(row(s.*)::maker_holdings) into delta
  from (
    select d.service_id, d.borrower_id, d.maker_id, sum(d.objects), sum(d.responses), sum(d.bytes)
    from unnest(made || gone) d
    group by d.service_id, d.borrower_id, d.maker_id
    having sum(d.objects) <> 0 or sum(d.responses) <> 0 or sum(d.bytes) <> 0) s;
  if delta is null then
    return null;
  end if;

  -- All lock the lines of borrowers in the same order. What is taken away needs no new line: it was
  -- counted before, or its service is being deleted and the lines are gone.
  insert into object_holdings (service_id, borrower_id)
  select distinct d.service_id, d.borrower_id
  from unnest(delta) d
  where d.objects > 0 or d.responses > 0 or d.bytes > 0
  order by d.service_id, d.borrower_id
  on conflict on constraint object_holdings_pkey do nothing;
  perform from object_holdings h
  where (h.service_id, h.borrower_id) in (select d.service_id, d.borrower_id from unnest(delta) d)
  order by h.service_id, h.borrower_id
  for update;
  update object_holdings h
  set objects = h.objects + s.objects, responses = h.responses + s.responses,
    bytes = h.bytes + s.bytes
  from (
    select d.service_id, d.borrower_id, sum(d.objects) as objects, sum(d.responses) as responses,
      sum(d.bytes) as bytes
    from unnest(delta) d
    group by d.service_id, d.borrower_id) s
  where h.service_id = s.service_id and h.borrower_id = s.borrower_id;
  merge into maker_holdings m
  using unnest(delta) d on m.service_id = d.service_id and m.borrower_id = d.borrower_id
    and m.maker_id = d.maker_id
  when matched and m.objects + d.objects = 0 and m.responses + d.responses = 0
    and m.bytes + d.bytes = 0 then delete
  when matched then update set objects = m.objects + d.objects,
    responses = m.responses + d.responses, bytes = m.bytes + d.bytes
  when not matched and d.objects >= 0 and d.responses >= 0 and d.bytes >= 0 then insert
    values (d.service_id, d.borrower_id, d.maker_id, d.objects, d.responses, d.bytes);
  return null;
end
$$;

create function make_room_for_object(
  service uuid, borrower uuid, maker uuid, through_open_project boolean, item jsonb)
returns boolean language plpgsql as $$
declare
  size    bigint := (item ->> 'bytes')::bigint;
  holding object_holdings;
  own     maker_holdings;
  excess  bigint;
  places  bigint;
  room    bigint;
begin
  loop
    select * into holding from object_holdings h
    where h.service_id = service and h.borrower_id = borrower;
    select * into own from maker_holdings m
    where m.service_id = service and m.borrower_id = borrower and m.maker_id = maker;

    if item ->> 'kind' = 'responses' then
      excess := 1 + holding.responses - (item ->> 'most_responses')::bigint;
      if excess > 0 then
        -- The oldest of a maker's n responses has the rank n, and the newest one has the rank 1.
        perform end_objects(array(
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
          limit excess), 'quota');
      end if;
      return true;
    end if;

    places := (item ->> 'most_objects')::bigint - holding.objects - 1;
    room := (item ->> 'most_bytes')::bigint - holding.bytes - size;
    if places >= 0 and room >= 0 and (not through_open_project
      or (coalesce(own.objects, 0) < places and coalesce(own.bytes, 0) + size <= room)) then
      return true;
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

-- As before, but room is made fairly for those who use up one quota.
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
  responsible uuid;
  line       uuid[];
  holds      uuid;
  bound_to   uuid;
  shares     uuid := (item ->> 'share_holder')::uuid;
  owned_by   uuid := case when item ->> 'project' is null then (item ->> 'maker')::uuid end;
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
  select u.responsible_id into responsible from users u where u.id = maker;

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
    responsible := source.responsible_id;
    project := source.holder_project_id;
    owned_by := source.holder_user_id;
    borrower := source.borrower_id;
    line := source.made_with;
    shares := source.share_holder_id;
  end if;

  if borrower is not null and its_state = 'live' then
    insert into object_holdings (service_id, borrower_id) values (service, borrower)
    on conflict on constraint object_holdings_pkey do nothing;
    perform from object_holdings h
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

-- Records objects in one transaction. Those of a former account are gone. As before, but nobody else
-- becomes responsible for a service account meanwhile.
create or replace function record_objects_of_accounts(items jsonb) returns table (item int, outcome text)
language plpgsql set lock_timeout = '2s' as $$
declare
  account record;
  kept    jsonb;
  places  int[];
begin
  -- The order is that in which the deletion of a user reaches the same: users, services, projects,
  -- objects, and then the lines of borrowers.
  for account in
    select u.id, u.responsible_id is not null as serves from users u
    where u.id in (
      select (e.value ->> who.field)::uuid
      from jsonb_array_elements(items) e cross join (values ('maker'), ('borrower')) who (field))
    order by u.id
  loop
    if account.serves then
      perform from users u where u.id = account.id for share;
    else
      perform from users u where u.id = account.id for key share;
    end if;
  end loop;
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

-- As before, but for the objects of makers too, and for all accounts of a statement together: rows of
-- objects are locked in the order of their ids, and before the line of any borrower.
create or replace function count_objects_for_responsible() returns trigger language plpgsql as $$
declare
  affected bigint[];
begin
  if not exists (
    select from old_rows f join new_rows n on n.id = f.id
    where n.responsible_id <> f.responsible_id) then
    return null;
  end if;
  -- The ids are read first: PostgreSQL checks a row again that another transaction has just changed,
  -- and would not find it among the rows of an inner query.
  affected := array(
    with accounts as (
      select n.id, f.responsible_id as former
      from old_rows f join new_rows n on n.id = f.id
      where n.responsible_id <> f.responsible_id)
    select o.id from accounts a join provider_objects o on o.holder_user_id = a.id
    where o.state = 'live'
    union
    select o.id
    from accounts a
    join projects p on p.owner_id = a.id
    join provider_objects o on o.holder_project_id = p.id
    where o.state = 'live'
    union
    select o.id
    from accounts a
    cross join lateral (
      select distinct m.service_id from maker_holdings m where m.maker_id = a.former) s
    join provider_objects o on o.service_id = s.service_id and o.maker_id = a.id
    where o.state = 'live');
  perform from provider_objects o where o.id = any (affected) order by o.id for no key update;
  with accounts as (
    select n.id, f.responsible_id as former, n.responsible_id as present
    from old_rows f join new_rows n on n.id = f.id
    where n.responsible_id <> f.responsible_id)
  update provider_objects o
  set responsible_id = coalesce(made.present, o.responsible_id),
    borrower_id = coalesce(held.present, o.borrower_id)
  from provider_objects e
  left join projects p on p.id = e.holder_project_id
  left join accounts made on made.id = e.maker_id
  left join accounts held on held.id = coalesce(e.holder_user_id, p.owner_id)
    and held.former = e.borrower_id
  where e.id = any (affected) and e.state = 'live' and o.id = e.id;
  return null;
end
$$;
comment on function count_objects_for_responsible is
  'What a service account makes, and what counts for it, counts for whoever is responsible for it.';
create or replace trigger users_count_objects after update on users
  referencing old table as old_rows new table as new_rows
  for each statement execute function count_objects_for_responsible();
