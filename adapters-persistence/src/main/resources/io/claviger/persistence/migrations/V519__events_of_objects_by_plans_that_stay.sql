-- An event of a stored object cost more than the object: PostgreSQL plans the statements of a function in
-- SQL anew for each call, and so does it with statements whose plans depend on the length of an array.
create or replace function record_object_event(item jsonb, action text) returns uuid
language plpgsql as $$
begin
  return (
    select record_frequent_event(jsonb_populate_record(null::audit_events, jsonb_build_object(
      'id', item ->> 'event', 'at', item ->> 'event_at', 'actor_id', item ->> 'maker',
      'actor', u.handle, 'token_id', item ->> 'token', 'presented_subject', t.presented_subject,
      'address', item ->> 'address', 'request_id', item ->> 'request',
      'action', record_object_event.action, 'target_type', 'service', 'target_id', i.id,
      'target_ref', i.owner_handle || '/' || i.handle, 'target_owner_id', i.owner_id,
      'outcome', 'done', 'fields', jsonb_build_array(item ->> 'kind', item ->> 'id'))))
    from instances i
    left join users u on u.id = (item ->> 'maker')::uuid
    left join access_tokens t on t.id = (item ->> 'token')::uuid
    where i.id = (item ->> 'service')::uuid);
end
$$;

create or replace function hold_frequent_events(users uuid[]) returns void language plpgsql as $$
declare
  maker   uuid;
  person  uuid;
  persons uuid[] := '{}';
begin
  for maker in select distinct m.id from unnest(hold_frequent_events.users) m (id) loop
    select coalesce(u.responsible_id, u.id) into person from users u where u.id = maker;
    if found then
      persons := persons || person;
    end if;
  end loop;
  for person in select distinct p.id from unnest(persons) p (id) order by p.id loop
    perform from frequent_events f where f.person_id = person for update;
    if not found then
      insert into frequent_events (person_id, hour, events)
      values (person, date_trunc('hour', statement_timestamp()), 0)
      on conflict on constraint frequent_events_pkey do nothing;
      perform from frequent_events f where f.person_id = person for update;
    end if;
  end loop;
end
$$;
