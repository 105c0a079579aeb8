alter table instances
  add column given_credential text[],
  add constraint instances_given_credential_shape check (are_credential_settings(given_credential));
comment on column instances.given_credential is
  'The settings of the federation with which the service came to its owner. The provider trusts them with the account of the former owner, so the present one can''t confirm them.';

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
