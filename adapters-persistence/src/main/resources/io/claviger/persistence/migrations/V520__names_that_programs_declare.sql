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

-- A column for the provider of a federation, with a reference, would rewrite the whole table while calls wait for it.
create function refuse_unknown_federation() returns trigger
  language plpgsql
as $$
begin
  if not exists (
    select from federation_providers where 'provider=' || name = any (new.credential_settings)) then
    raise exception 'the provider of the federation is not known'
      using errcode = 'foreign_key_violation', constraint = 'instances_credential_federation_known';
  end if;
  return new;
end
$$;
comment on function refuse_unknown_federation is
  'Refuses a federated credential whose settings name no row of federation_providers. These rows are never deleted.';

alter table instances
  drop constraint instances_credential_kind_known,
  drop constraint instances_credential_federation_known,
  add constraint instances_credential_kind_fkey
    foreign key (credential_kind) references credential_kinds (name) on delete restrict;
create trigger instances_know_federation before insert or update of credential_kind, credential_settings on instances
  for each row when (new.credential_kind = 'federated') execute function refuse_unknown_federation();

-- Later than the change of instances, which takes longer, because calls read both tables.
alter table api_standards
  drop constraint api_standards_format_known,
  add constraint api_standards_format_fkey
    foreign key (format) references wire_formats (name) on delete restrict;

-- A provider without a content is now one that a program declares. V140 made such rows also for names that were only
-- ever written with SQL. Programs read them as openai-compat. As administrators' providers, they refuse no program.
update providers set content = array['format openai', 'api_standard openai']
where content is null and handle not in ('anthropic', 'azure', 'bedrock', 'cohere', 'deepseek', 'google', 'groq',
  'mistral', 'ollama', 'openai', 'openai-compat', 'openrouter', 'together', 'vercel', 'vertex', 'vllm', 'xai');
comment on column providers.content is
  'What an administrator said of the provider, a property each; null if it is as the program knows it. Each start adds the providers that its program knows.';
