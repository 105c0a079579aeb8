create table billing_credentials (
  instance_id             uuid                     not null,
  id                      uuid                     not null,
  api                     text collate "C"         not null,
  endpoint                text collate "C"         not null,
  follows_service         boolean                  not null,
  scope                   text collate "C",
  lent_key                text collate "C",
  model_access            text collate "C"         not null,
  credential_sealed       bytea                    not null,
  credential_sealed_under text collate "C"
    generated always as (sealed_under(credential_sealed)) stored,
  credential_sealed_state text collate "C" generated always as ('live') stored,
  set_at                  timestamp with time zone not null,

  constraint billing_credentials_pkey primary key (instance_id),
  constraint billing_credentials_id_key unique (id),
  constraint billing_credentials_instance_fkey foreign key (instance_id)
    references instances (id) on delete cascade,
  constraint billing_credentials_credential_sealed_fkey
    foreign key (credential_sealed_under, credential_sealed_state)
    references encryption_keys (id, state),
  constraint billing_credentials_credential_looks_sealed check (looks_sealed(credential_sealed)),
  constraint billing_credentials_api_known check (api in ('openai', 'anthropic')),
  constraint billing_credentials_endpoint_length check (char_length(endpoint) between 1 and 2048),
  constraint billing_credentials_scope_length check (char_length(scope) between 1 and 128),
  constraint billing_credentials_lent_key_length check (char_length(lent_key) between 1 and 128),
  constraint billing_credentials_model_access_known
    check (model_access in ('yes', 'no', 'unknown'))
);
comment on table billing_credentials is
  'The key with which the provider of a service is asked what it bills; at most one for each service. It is used for nothing else.';
comment on column billing_credentials.follows_service is
  'Whether the endpoint is the service''s own. Then the credential ends when that changes.';
comment on column billing_credentials.scope is
  'The project or workspace to which the figures are confined.';
comment on column billing_credentials.lent_key is
  'The provider''s id of the key that the service lends, if the owner states it.';
comment on column billing_credentials.credential_sealed is
  'Sealed to the id, the service, the API and the endpoint.';

-- The one who entered the credential meant it for what the service was. Whoever gets the service
-- gets no credential with it.
create function end_billing_credential() returns trigger
language plpgsql as $$
begin
  delete from billing_credentials
  where instance_id = new.id
    and (old.owner_id <> new.owner_id
      or old.api_standard <> new.api_standard
      or old.provider <> new.provider
      or (follows_service and old.endpoint <> new.endpoint));
  return null;
end
$$;
create trigger instances_end_billing_credential
  after update of owner_id, api_standard, provider, endpoint on instances
  for each row
  when (old.owner_id <> new.owner_id or old.api_standard <> new.api_standard
    or old.provider <> new.provider or old.endpoint <> new.endpoint)
  execute function end_billing_credential();
