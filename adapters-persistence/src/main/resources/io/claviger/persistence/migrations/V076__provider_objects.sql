create function object_subject(service_id uuid, kind text, object_id text) returns uuid
language sql immutable parallel safe
return md5(service_id::text || '/' || kind || '/' || object_id)::uuid;
comment on function object_subject is
  'Stands for an object in the table changes, in which nodes read what they have to forget.';

create table provider_objects (
  id                bigint generated always as identity,
  service_id        uuid                     not null,
  kind              text                     not null,
  object_id         text collate "C"         not null,
  holder_user_id    uuid,
  holder_project_id uuid,
  maker_id          uuid                     not null,
  borrower_id       uuid,
  made_with         uuid[]                   not null,
  share_holder_id   uuid,
  made_at           timestamp with time zone not null default clock_timestamp(),
  expires_at        timestamp with time zone,
  last_used_at      timestamp with time zone,
  ended_at          timestamp with time zone,
  bytes             bigint                   not null default 0,
  state             text                     not null,
  parent            text collate "C",
  purpose           text,
  retry_at          timestamp with time zone,
  retry_until       timestamp with time zone,
  subject           uuid generated always as (object_subject(service_id, kind, object_id)) stored,

  constraint provider_objects_pkey primary key (id),
  constraint provider_objects_service_fkey foreign key (service_id)
    references instances (id) on delete cascade,
  constraint provider_objects_holder_user_fkey foreign key (holder_user_id)
    references users (id) on delete set null,
  constraint provider_objects_holder_project_fkey foreign key (holder_project_id)
    references projects (id) on delete set null,
  constraint provider_objects_one_holder
    check (holder_user_id is null or holder_project_id is null),
  constraint provider_objects_kind_known check (kind in (
    'files', 'batches', 'responses', 'conversations', 'vector_stores', 'containers', 'caches')),
  constraint provider_objects_state_known check (state in (
    'live', 'deleting', 'orphan', 'deleted', 'expired')),
  constraint provider_objects_object_id_length check (char_length(object_id) between 1 and 512),
  constraint provider_objects_parent_length check (char_length(parent) between 1 and 512),
  constraint provider_objects_purpose_length check (char_length(purpose) between 1 and 100),
  constraint provider_objects_bytes_bounds check (bytes >= 0),
  constraint provider_objects_made_with_count check (cardinality(made_with) <= 10),
  constraint provider_objects_retried_until check ((retry_at is null) = (retry_until is null)),
  constraint provider_objects_retried_if_ended
    check (retry_at is null or state in ('deleting', 'orphan')),
  constraint provider_objects_ended_unless_live check ((state = 'live') = (ended_at is null))
);
comment on table provider_objects is
  'What calls with the key of a service left at its provider, and who holds it. Only live rows count: an ended one neither grants nor blocks anything.';
comment on column provider_objects.holder_user_id is
  'The user who holds it. If a project does not hold it either, nobody does, and it is left to the owner of the service.';
comment on column provider_objects.maker_id is
  'The user whose call made it, who may be gone.';
comment on column provider_objects.borrower_id is
  'Whose quota it counts for: the user whom the service is lent to, or who is responsible for that service account. Null once nobody holds it.';
comment on column provider_objects.made_with is
  'The access token that made it, and those from which that one was narrowed. They may have ended.';
comment on column provider_objects.share_holder_id is
  'The user or group with the share by which it was made; null if none was needed.';
comment on column provider_objects.retry_at is
  'When Claviger tries next to delete it at the provider; null when there is nothing to try.';

create unique index provider_objects_live on provider_objects (service_id, kind, object_id)
  where state = 'live';
create index provider_objects_of_user on provider_objects (holder_user_id, service_id, kind, id)
  where holder_user_id is not null;
create index provider_objects_of_project
  on provider_objects (holder_project_id, service_id, kind, id)
  where holder_project_id is not null;
create index provider_objects_of_borrower on provider_objects (service_id, borrower_id, id)
  where state = 'live';
create index provider_objects_of_service on provider_objects (service_id, id);
create index provider_objects_of_parent on provider_objects (service_id, parent)
  where state = 'live' and parent is not null;
create index provider_objects_to_delete on provider_objects (retry_at) where retry_at is not null;
create index provider_objects_expiring on provider_objects (expires_at)
  where state = 'live' and expires_at is not null;
create index provider_objects_responses on provider_objects (made_at)
  where state = 'live' and kind = 'responses';
create index provider_objects_ended on provider_objects (ended_at) where ended_at is not null;

create table object_holdings (
  service_id  uuid   not null,
  borrower_id uuid   not null,
  objects     bigint not null default 0,
  responses   bigint not null default 0,
  bytes       bigint not null default 0,

  constraint object_holdings_pkey primary key (service_id, borrower_id),
  constraint object_holdings_bounds check (objects >= 0 and responses >= 0 and bytes >= 0)
);
comment on table object_holdings is
  'How much each borrower of a service has stored: a trigger counts their live objects. Who adds one locks the row, so that nobody gets more than the quota. It refers to nothing: borrowers may be gone, and a trigger removes the rows of a service that is deleted.';
comment on column object_holdings.objects is 'All objects but responses.';

create function count_object() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' and old.state = 'live' and old.borrower_id is not null then
    update object_holdings h
    set objects = h.objects - (old.kind <> 'responses')::int,
      responses = h.responses - (old.kind = 'responses')::int,
      bytes = h.bytes - old.bytes
    where h.service_id = old.service_id and h.borrower_id = old.borrower_id;
  end if;
  if tg_op <> 'DELETE' and new.state = 'live' and new.borrower_id is not null then
    insert into object_holdings as h (service_id, borrower_id, objects, responses, bytes)
    values (new.service_id, new.borrower_id,
      (new.kind <> 'responses')::int, (new.kind = 'responses')::int, new.bytes)
    on conflict on constraint object_holdings_pkey do update
    set objects = h.objects + excluded.objects, responses = h.responses + excluded.responses,
      bytes = h.bytes + excluded.bytes;
  end if;
  return null;
end
$$;
create trigger provider_objects_count
  after insert or delete or update of state, holder_user_id, holder_project_id, borrower_id, bytes
  on provider_objects
  for each row execute function count_object();

create function remove_object_holdings() returns trigger language plpgsql as $$
begin
  delete from object_holdings where service_id = old.id;
  return null;
end
$$;
create trigger instances_remove_object_holdings after delete on instances
  for each row execute function remove_object_holdings();

create function leave_object() returns trigger language plpgsql as $$
begin
  new.borrower_id := null;
  return new;
end
$$;
comment on function leave_object is
  'What nobody holds any more counts for nobody.';
create trigger provider_objects_leave before update on provider_objects
  for each row when (new.holder_user_id is null and new.holder_project_id is null)
  execute function leave_object();

-- One line for the service, however many of its objects change their holder at once.
create constraint trigger provider_objects_note_end
  after update of state, expires_at on provider_objects
  deferrable initially deferred for each row
  when (old.state = 'live' and (old.state, old.expires_at) is distinct from (new.state, new.expires_at))
  execute function note_row('subject');
create constraint trigger provider_objects_note_holder
  after update of holder_user_id, holder_project_id on provider_objects
  deferrable initially deferred for each row
  when (old.state = 'live'
    and (old.holder_user_id, old.holder_project_id)
      is distinct from (new.holder_user_id, new.holder_project_id))
  execute function note_row('service_id');
create constraint trigger provider_objects_note_removal after delete on provider_objects
  deferrable initially deferred for each row when (old.state = 'live')
  execute function note_row('service_id');

create function leave_objects_of_project() returns trigger language plpgsql as $$
begin
  update provider_objects set holder_project_id = null where holder_project_id = old.id;
  return null;
end
$$;
comment on function leave_objects_of_project is
  'A project that is bound to another service leaves its objects to the owner of the former one.';
create trigger projects_leave_objects after update of instance_id on projects
  for each row when (old.instance_id is distinct from new.instance_id)
  execute function leave_objects_of_project();

create table shared_objects (
  service_id uuid                     not null,
  kind       text                     not null,
  object_id  text collate "C"         not null,
  access     text                     not null,
  for_all    boolean                  not null,
  by_id      uuid                     not null,
  shared_at  timestamp with time zone not null,
  subject    uuid generated always as (object_subject(service_id, kind, object_id)) stored,

  constraint shared_objects_pkey primary key (service_id, kind, object_id),
  constraint shared_objects_service_fkey foreign key (service_id)
    references instances (id) on delete cascade,
  constraint shared_objects_by_fkey foreign key (by_id) references users (id) on delete cascade,
  constraint shared_objects_kind_known
    check (kind in ('files', 'vector_stores', 'prompts', 'caches')),
  constraint shared_objects_access_known check (access in ('refer', 'read')),
  constraint shared_objects_object_id_length check (char_length(object_id) between 1 and 512)
);
comment on table shared_objects is
  'What the owner of a service lets its borrowers refer to in the account of its key: objects that nobody holds, or that the user by_id holds.';
create index shared_objects_by on shared_objects (by_id);

create table shared_object_borrowers (
  id         bigint generated always as identity,
  service_id uuid not null,
  kind       text not null,
  object_id  text collate "C" not null,
  user_id    uuid,
  group_id   uuid,

  constraint shared_object_borrowers_pkey primary key (id),
  constraint shared_object_borrowers_once
    unique nulls not distinct (service_id, kind, object_id, user_id, group_id),
  constraint shared_object_borrowers_object_fkey foreign key (service_id, kind, object_id)
    references shared_objects (service_id, kind, object_id) on delete cascade,
  constraint shared_object_borrowers_user_fkey foreign key (user_id)
    references users (id) on delete cascade,
  constraint shared_object_borrowers_group_fkey foreign key (group_id)
    references groups (id) on delete cascade,
  constraint shared_object_borrowers_one check ((user_id is null) <> (group_id is null))
);
comment on table shared_object_borrowers is
  'To whom an object is shared that is not for all borrowers.';
create index shared_object_borrowers_of_user on shared_object_borrowers (user_id)
  where user_id is not null;
create index shared_object_borrowers_of_group on shared_object_borrowers (group_id)
  where group_id is not null;

create constraint trigger shared_objects_note_change after insert or update or delete on shared_objects
  deferrable initially deferred for each row execute function note_row('subject');
create constraint trigger shared_object_borrowers_note_change
  after insert or update or delete on shared_object_borrowers
  deferrable initially deferred for each row execute function note_row('service_id');

create function note_shared_object() returns trigger language plpgsql as $$
begin
  if exists (
    select from shared_objects s
    where s.service_id = new.service_id and s.kind = new.kind and s.object_id = new.object_id) then
    perform note_change(new.subject);
  end if;
  return null;
end
$$;
comment on function note_shared_object is
  'Nodes remember of a new object at most that it is shared.';
create constraint trigger provider_objects_note_shared after insert on provider_objects
  deferrable initially deferred for each row execute function note_shared_object();

-- Records one object. Returns what came of it: recorded, held (somebody else holds a live one of
-- this id), full (the borrower has no room), or gone (the service or the user is).
create function record_object(item jsonb) returns text language plpgsql as $$
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
  select * into present from provider_objects o
  where o.service_id = service and o.kind = its_kind and o.object_id = name and o.state = 'live'
  for update;
  if present.id is not null then
    return case
      when its_state = 'live'
        and coalesce(present.holder_project_id, present.holder_user_id) = holds
      then 'recorded' else 'held' end;
  end if;

  if borrower is not null and its_state = 'live' then
    if its_kind = 'responses' then
      if holding.responses >= (item ->> 'most_responses')::bigint then
        update provider_objects o
        set state = 'deleting', ended_at = clock_timestamp(), retry_at = clock_timestamp(),
          retry_until = clock_timestamp() + interval '1 day'
        where o.id in (
          select old.id from provider_objects old
          where old.service_id = service and old.borrower_id = borrower and old.state = 'live'
            and old.kind = 'responses'
          order by old.id
          limit 1 + holding.responses - (item ->> 'most_responses')::bigint);
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

  -- An id that is used again is not deleted on behalf of the object that had it before.
  update provider_objects o
  set state = 'deleted', retry_at = null, retry_until = null
  where o.service_id = service and o.kind = its_kind and o.object_id = name
    and o.state in ('deleting', 'orphan');
  insert into provider_objects (
    service_id, kind, object_id, holder_user_id, holder_project_id, maker_id, borrower_id, made_with,
    share_holder_id, expires_at, bytes, state, parent, purpose, ended_at, retry_at, retry_until)
  values (
    service, its_kind, name,
    case when item ->> 'project' is null then maker end, project, maker, borrower, line,
    (item ->> 'share_holder')::uuid, (item ->> 'expires_at')::timestamptz, size, its_state,
    item ->> 'parent', item ->> 'purpose',
    case when its_state <> 'live' then clock_timestamp() end,
    case when its_state = 'orphan' then clock_timestamp() end,
    case when its_state = 'orphan' then clock_timestamp() + interval '1 day' end);
  return 'recorded';
exception when foreign_key_violation then
  return 'gone';
end
$$;

-- Records objects in one transaction, in the order of their borrowers.
create function record_objects(items jsonb) returns table (item int, outcome text)
language plpgsql as $$
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
