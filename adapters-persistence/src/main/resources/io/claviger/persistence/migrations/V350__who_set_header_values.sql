alter table instances
  add column headers_set_by uuid,
  add constraint instances_headers_set_by_fkey foreign key (headers_set_by)
    references users (id) on delete set null;
comment on column instances.headers_set_by is
  'Who set the values in headers_sealed and so knows where they lead a key; null where there are none, it is not known, or they are gone.';
create index instances_headers_set_by on instances (headers_set_by)
  where headers_set_by is not null;

-- Names the new column as well; otherwise as before.
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

-- The audit trail says who last wrote the values: in the newest change of the headers that it
-- keeps or, if it keeps none since the service was made, when it was made. What it does not say
-- stays unknown.
update instances i set headers_set_by = u.id
from (
  select h.id, (
    select e.actor_id
    from audit_events e
    where e.target_id = h.id and e.target_type = 'service' and e.outcome = 'done'
      and (e.action = 'service.create'
        or (e.action = 'service.update' and 'custom_headers' = any (e.fields)))
    order by e.at desc, e.id desc
    limit 1) as actor_id
  from instances h
  where h.headers_sealed is not null) s
join users u on u.id = s.actor_id
where i.id = s.id;
