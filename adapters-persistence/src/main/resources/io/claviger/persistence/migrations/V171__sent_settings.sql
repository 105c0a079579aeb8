alter table instances
  add column sent_settings text[] not null default '{}',
  add constraint instances_sent_settings_size check (
    cardinality(sent_settings) <= 32 and array_position(sent_settings, null) is null
    and char_length(array_to_string(sent_settings, ' ')) <= 12000);
comment on column instances.sent_settings is
  'The settings that are sent with each call, each as place, name and value: query api-version=2024-10-21. Made when the service was written. What is sealed is bound to them.';

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
