create function are_credential_settings(settings text[]) returns boolean
  language sql immutable parallel safe
as $$
  select cardinality(settings) <= 20
    and not exists (
      select from unnest(settings) s
      where s is null or s !~ '^[a-z_]{1,40}=' or char_length(s) > 2100)
$$;
comment on function are_credential_settings is
  'Whether each is a setting of a credential with its value: token_url=https://…';

alter table instances
  add column credential_kind text collate "C" not null default 'api_key',
  add column credential_settings text[] not null default '{}',
  add constraint instances_credential_kind_known check (credential_kind in (
    'api_key', 'none', 'oauth_client', 'google_service_account', 'aws', 'federated', 'ambient')),
  add constraint instances_credential_settings_shape
    check (are_credential_settings(credential_settings)),
  add constraint instances_credential_none_stored
    check (credential_kind <> 'none' or api_key_sealed is null),
  add constraint instances_credential_federation_known check (
    credential_kind <> 'federated' or credential_settings && array[
      'provider=openai', 'provider=anthropic', 'provider=aws', 'provider=google',
      'provider=azure', 'provider=rfc8693']),
  add constraint instances_credential_ambient_of_system check (
    credential_kind <> 'ambient' or (owner_handle = '_system'
      and credential_settings && array['cloud=aws', 'cloud=google', 'cloud=azure']));
comment on column instances.credential_kind is
  'How the provider knows the service. What is stored of it is in api_key_sealed: the key, the secret from which tokens are minted, or for federated and ambient, which store no secret, the confirmation of the owner.';
comment on column instances.credential_settings is
  'What of the credential is no secret, each as name=value. What is sealed is bound to all of it.';
comment on column instances.api_key_sealed is
  'The API key, or what is stored of a credential of another kind. Sealed to the service, its destination, and the settings of its credential.';

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
