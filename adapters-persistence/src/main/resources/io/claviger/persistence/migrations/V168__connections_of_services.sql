alter table instances
  add column max_connection_minutes integer not null default 60,
  add column allowed_origins text[] not null default '{}',
  add constraint instances_max_connection_minutes_bounds
    check (max_connection_minutes between 1 and 1440),
  add constraint instances_allowed_origins_size check (
    cardinality(allowed_origins) <= 16 and array_position(allowed_origins, null) is null
    and char_length(array_to_string(allowed_origins, ' ')) <= 4496);
comment on column instances.max_connection_minutes is
  'How long a WebSocket of the service may stay open.';
comment on column instances.allowed_origins is
  'The origins of the web pages that may open a WebSocket; any if there are none.';

-- Names the new columns as well; otherwise as before.
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
