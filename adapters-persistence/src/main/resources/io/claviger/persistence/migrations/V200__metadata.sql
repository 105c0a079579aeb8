alter table projects
  add column metadata text not null default '{}',
  add constraint projects_metadata_size check (octet_length(metadata) between 2 and 16384),
  add constraint projects_metadata_object check (json_typeof(cast(metadata as json)) = 'object');
comment on column projects.metadata is
  'A JSON object of the owner''s own, as it was written, without white space. Claviger reads nothing of it.';

alter table instances
  add column metadata text not null default '{}',
  add constraint instances_metadata_size check (octet_length(metadata) between 2 and 16384),
  add constraint instances_metadata_object check (json_typeof(cast(metadata as json)) = 'object');
comment on column instances.metadata is
  'A JSON object of the owner''s own, as it was written, without white space. Claviger reads nothing of it.';

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
