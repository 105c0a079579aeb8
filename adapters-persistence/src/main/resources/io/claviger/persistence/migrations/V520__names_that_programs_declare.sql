-- Each new kind of credential, format and provider needed a migration, although the program alone decides what
-- there is. From now on, each start adds the names that its program declares, and a program refuses a database
-- with a name that it does not know (DeclaredNames).
create table credential_kinds (
  name text collate "C" not null,

  constraint credential_kinds_pkey primary key (name)
);
comment on table credential_kinds is
  'The kinds of credentials that the program declares. Older programs refuse a database with kinds that they do not know.';
insert into credential_kinds (name)
values ('api_key'), ('none'), ('oauth_client'), ('google_service_account'), ('aws'), ('federated'), ('ambient');

create table federation_providers (
  name text collate "C" not null,

  constraint federation_providers_pkey primary key (name)
);
comment on table federation_providers is
  'The providers that exchange signed statements for tokens, as the program declares them. Older programs refuse a database with names that they do not know.';
insert into federation_providers (name)
values ('openai'), ('anthropic'), ('aws'), ('google'), ('azure'), ('rfc8693');

create table wire_formats (
  name text collate "C" not null,

  constraint wire_formats_pkey primary key (name)
);
comment on table wire_formats is
  'The wire formats that the program declares. Older programs refuse a database with formats that they do not know.';
insert into wire_formats (name)
values ('openai'), ('cohere'), ('gemini'), ('anthropic'), ('ollama'), ('bedrock'), ('vertex');

alter table api_standards
  drop constraint api_standards_format_known,
  add constraint api_standards_format_fkey
    foreign key (format) references wire_formats (name) on delete restrict;

create function federation_provider(settings text[]) returns text
  language sql immutable parallel safe
as $$
  select substr(s, 10) from unnest(settings) s where s like 'provider=%' limit 1
$$;
comment on function federation_provider is
  'Who exchanges the statements, as the settings of a federated credential name it; otherwise null.';

alter table instances
  drop constraint instances_credential_kind_known,
  drop constraint instances_credential_federation_known,
  add column credential_federation text collate "C" generated always as (
    case when credential_kind = 'federated' then federation_provider(credential_settings) end) stored,
  add constraint instances_credential_kind_fkey
    foreign key (credential_kind) references credential_kinds (name) on delete restrict,
  add constraint instances_credential_federation_fkey
    foreign key (credential_federation) references federation_providers (name) on delete restrict,
  add constraint instances_credential_federation_stated
    check (credential_kind <> 'federated' or credential_federation is not null);
comment on column instances.credential_federation is
  'Who exchanges the statements of a federated credential. Null for credentials of other kinds.';
comment on column providers.content is
  'What an administrator said of the provider, a property each; null if it is as the program knows it. Each start adds the providers that its program knows.';
