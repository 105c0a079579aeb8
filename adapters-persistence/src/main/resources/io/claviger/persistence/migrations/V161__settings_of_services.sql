alter table instances
  add column settings text[] not null default '{}',
  add constraint instances_settings_size check (
    cardinality(settings) <= 32 and array_position(settings, null) is null
    and char_length(array_to_string(settings, ' ')) <= 9280);
comment on column instances.settings is
  'What was put into the template of the provider''s endpoint when the service was written, as name=value. Calls go by the endpoint alone.';

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
