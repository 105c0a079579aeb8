-- An object of a service account kept counting for the former responsible user or group, if the object
-- was changed or stored at the moment when somebody else became responsible. The statement that changes
-- the objects skipped rows that another transaction had just changed, because PostgreSQL checks such a
-- row again, and does not find it among the rows of the inner query. Now the ids are read first.
create or replace function count_objects_for_responsible() returns trigger language plpgsql as $$
declare
  concerned bigint[];
begin
  select array_agg(h.id) into concerned
  from (
    select o.id from provider_objects o
    where o.state = 'live' and o.holder_user_id = new.id
    union all
    select o.id from projects p join provider_objects o on o.holder_project_id = p.id
    where p.owner_id = new.id and o.state = 'live'
    union all
    select o.id from instances i join provider_objects o on o.service_id = i.id
    where o.maker_id = new.id and o.state = 'live') h;
  perform from provider_objects o where o.id = any(concerned) order by o.id for no key update;
  update provider_objects o
  set responsible_id = case when o.maker_id = new.id then new.responsible_id else o.responsible_id end,
    borrower_id = case
      when o.borrower_id = old.responsible_id and (o.holder_user_id = new.id
        or o.holder_project_id in (select p.id from projects p where p.owner_id = new.id))
      then new.responsible_id else o.borrower_id end
  where o.id = any(concerned) and o.state = 'live';
  return null;
end
$$;

-- As before, but nobody else becomes responsible for a service account before what it stores is counted.
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
  perform from users u
  where u.responsible_id is not null and u.id in (
    select (e.value ->> who.field)::uuid
    from jsonb_array_elements(items) e cross join (values ('maker'), ('borrower')) who (field))
  order by u.id
  for share;
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
