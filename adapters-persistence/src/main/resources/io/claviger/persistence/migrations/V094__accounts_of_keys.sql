alter table instances
  add column account int not null default 1,
  add constraint instances_account_bounds check (account >= 1);
comment on column instances.account is
  'Counts the accounts at the provider that its keys reached. What a call makes is recorded only in the account that the call reached.';

-- Names every column but those that rotation writes, so that the new one is among them; otherwise as
-- before.
drop trigger instances_note_change on instances;
do $$
begin
  execute format(
    $trigger$
    create constraint trigger instances_note_change after update of %s on instances
      deferrable initially deferred for each row
      when (to_jsonb(old)
          - array['api_key_sealed', 'api_key_sealed_under', 'headers_sealed', 'headers_sealed_under']
          <> to_jsonb(new)
          - array['api_key_sealed', 'api_key_sealed_under', 'headers_sealed', 'headers_sealed_under'])
      execute function note_row('id')
    $trigger$,
    (select string_agg(quote_ident(attname), ', ' order by attnum)
    from pg_attribute
    where attrelid = 'instances'::regclass and attnum > 0 and not attisdropped
      and attgenerated = '' and attname not in ('api_key_sealed', 'headers_sealed')));
end
$$;

-- Records objects in one transaction. Those of a former account are gone.
create function record_objects_of_accounts(items jsonb) returns table (item int, outcome text)
language plpgsql set lock_timeout = '2s' as $$
declare
  kept   jsonb;
  places int[];
begin
  -- A write that brings another account has locked the service, and waits for this or is waited for.
  perform from instances i
  where i.id in (
    select (e.value ->> 'service')::uuid from jsonb_array_elements(items) e)
  order by i.id
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
