-- Each object that a call stored or deleted, and each exchange of a JWT, was an event of the audit trail, so
-- that one caller could add hundreds of events a second, for good. Now only so many of a person's events in
-- an hour stand alone. Further ones are counted, and stand as one event for each of their kinds.
create function present_hour() returns timestamp with time zone language sql stable as $$
  select date_trunc('hour', statement_timestamp(), 'UTC')
$$;
comment on function present_hour is 'The hour of the database''s clock, whatever the time zone of the session.';

create table frequent_events (
  counted_for uuid                     not null,
  hour        timestamp with time zone not null,
  events      bigint                   not null,

  constraint frequent_events_pkey primary key (counted_for)
) with (fillfactor = 70);
comment on table frequent_events is
  'How many events there were in an hour about the objects that a user or group stores, and about the exchanges of JWTs. Service accounts count for whoever is responsible for them, and what nobody asked for counts for the service that it is about.';

create table frequent_event_sums (
  id              bigint                   generated always as identity,
  counted_for     uuid                     not null,
  hour            timestamp with time zone not null,
  action          text                     not null,
  target_type     text                     not null,
  target_id       uuid,
  target_ref      text collate "C"         not null,
  target_owner_id uuid,
  actor_id        uuid,
  actor           text collate "C",
  address         text                     not null,
  request_id      text                     not null,
  outcome         text                     not null,
  fields          text[]                   not null default '{}',
  events          bigint                   not null default 0,

  constraint frequent_event_sums_pkey primary key (id),
  constraint frequent_event_sums_kind
    unique nulls not distinct (counted_for, hour, action, target_id, actor_id, outcome)
);
comment on table frequent_event_sums is
  'Events of an hour that do not stand alone. The first of each kind stands alone and is not counted here. When the hour is over, each line becomes an event, with the data of the last one that was counted.';
comment on column frequent_event_sums.fields is
  'The first field of the events: for stored objects, their kinds.';

-- An event about an object counts for whoever made the object. So nobody can hide the deletion of somebody
-- else's object among deletions of many own ones.
create function record_frequent_event(event audit_events, made_by uuid) returns uuid
language plpgsql as $$
declare
  whose   uuid := coalesce(made_by, event.actor_id, event.target_id, event.target_owner_id);
  its     timestamp with time zone;
  earlier bigint;
  others  bigint;
begin
  whose := coalesce((select u.responsible_id from users u where u.id = whose), whose);
  insert into frequent_events as f (counted_for, hour, events)
  values (whose, present_hour(), 1)
  on conflict on constraint frequent_events_pkey do update
  set events = case when f.hour < excluded.hour then 0 else f.events end + 1,
    hour = greatest(f.hour, excluded.hour)
  returning f.events - 1, f.hour into earlier, its;
  if earlier >= 2000 then
    insert into frequent_event_sums as s (
      counted_for, hour, action, target_type, target_id, target_ref, target_owner_id, actor_id,
      actor, address, request_id, outcome)
    values (
      whose, its, event.action, event.target_type, event.target_id, event.target_ref,
      event.target_owner_id, event.actor_id, event.actor, event.address, event.request_id,
      event.outcome)
    on conflict on constraint frequent_event_sums_kind do update
    set target_ref = excluded.target_ref, target_owner_id = excluded.target_owner_id,
      actor = excluded.actor, address = excluded.address, request_id = excluded.request_id,
      fields = case when s.fields @> event.fields[1:1] then s.fields
        else s.fields || event.fields[1:1] end,
      events = s.events + 1
    returning s.events into others;
    if others > 0 then
      return null;
    end if;
  end if;
  insert into audit_events (
    id, at, actor_id, actor, token_id, session_id, presented_subject, address, request_id, action,
    target_type, target_id, target_ref, target_owner_id, outcome, fields, terms, count)
  values (
    event.id, event.at, event.actor_id, event.actor, event.token_id, event.session_id,
    event.presented_subject, event.address, event.request_id, event.action, event.target_type,
    event.target_id, event.target_ref, event.target_owner_id, event.outcome, event.fields,
    coalesce(event.terms, '{}'), 1);
  return event.id;
end
$$;
comment on function record_frequent_event is
  'Records an event that callers can cause as often as they like, or counts it. Returns the id of the event, or null if it was counted.';

-- As before, but not every event stands alone. PostgreSQL would plan the statement of a function in SQL anew
-- for each call.
create or replace function record_object_event(item jsonb, action text) returns uuid
language plpgsql as $$
begin
  return (
    select record_frequent_event(
      jsonb_populate_record(null::audit_events, jsonb_build_object(
        'id', item ->> 'event', 'at', item ->> 'event_at', 'actor_id', item ->> 'maker',
        'actor', u.handle, 'token_id', item ->> 'token', 'presented_subject', t.presented_subject,
        'address', item ->> 'address', 'request_id', item ->> 'request',
        'action', record_object_event.action, 'target_type', 'service', 'target_id', i.id,
        'target_ref', i.owner_handle || '/' || i.handle, 'target_owner_id', i.owner_id,
        'outcome', 'done', 'fields', jsonb_build_array(item ->> 'kind', item ->> 'id'))),
      (item ->> 'made_by')::uuid)
    from instances i
    left join users u on u.id = (item ->> 'maker')::uuid
    left join access_tokens t on t.id = (item ->> 'token')::uuid
    where i.id = (item ->> 'service')::uuid);
end
$$;

-- Whoever records events about objects of several makers locks their lines first, in the order of the ids
-- for which they count, and before the line of any borrower.
create function hold_frequent_events(makers uuid[]) returns void language plpgsql as $$
declare
  maker uuid;
  whose uuid[] := '{}';
begin
  foreach maker in array makers loop
    whose := whose || coalesce((select u.responsible_id from users u where u.id = maker), maker);
  end loop;
  for maker in select distinct w.id from unnest(whose) w (id) order by w.id loop
    perform from frequent_events f where f.counted_for = maker for update;
    if not found then
      insert into frequent_events (counted_for, hour, events)
      values (maker, present_hour(), 0)
      on conflict on constraint frequent_events_pkey do nothing;
      perform from frequent_events f where f.counted_for = maker for update;
    end if;
  end loop;
end
$$;

create function record_object_events(items jsonb, action text) returns bigint language plpgsql as $$
declare
  recorded bigint;
begin
  perform hold_frequent_events(
    array(select (e.value ->> 'made_by')::uuid from jsonb_array_elements(items) e));
  select count(record_object_event(e.value, record_object_events.action)) into recorded
  from jsonb_array_elements(items) e;
  return recorded;
end
$$;
