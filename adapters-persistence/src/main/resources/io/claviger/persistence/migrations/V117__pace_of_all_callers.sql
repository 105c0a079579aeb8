alter table instances
  add column requests_in_all integer,
  add column pace_in_all text[],
  add constraint instances_requests_in_all_bounds check (requests_in_all between 1 and 1000000),
  add constraint instances_pace_in_all_valid check (are_paces(pace_in_all));
comment on column instances.requests_in_all is
  'How many requests all callers together may make in any 60 seconds.';
comment on column instances.pace_in_all is
  'How fast all callers together may be; see is_pace.';

-- Names every column but those that rotation writes, so that the new ones are among them; otherwise
-- as before.
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
