create table providers (
  handle     text collate "C"         not null,
  content    text[],
  version    bigint                   not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,

  constraint providers_pkey primary key (handle),
  constraint providers_handle_shape
    check (handle ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and char_length(handle) <= 64),
  constraint providers_content_size check (
    cardinality(content) between 1 and 100 and array_position(content, null) is null
    and char_length(array_to_string(content, ' ')) <= 16384),
  constraint providers_version_positive check (version > 0)
);
comment on table providers is
  'The providers that services can be of. Services keep what they were made with, so nothing here moves a key.';
comment on column providers.content is
  'What an administrator said of the provider, a property each; null if it is as the program knows it.';

insert into providers (handle, version, created_at, updated_at)
select handle, 1, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'
from unnest(array['anthropic', 'azure', 'bedrock', 'cohere', 'deepseek', 'google', 'groq',
  'mistral', 'ollama', 'openai', 'openai-compat', 'openrouter', 'together', 'vercel', 'vertex',
  'vllm', 'xai']) as handle;

-- Only these names were ever allowed; the statement keeps a database alive that has another one.
insert into providers (handle, version, created_at, updated_at)
select provider, 1, now(), now()
from (select provider from instances union select provider from definitions) as used
on conflict (handle) do nothing;

alter table instances add constraint instances_provider_fkey
  foreign key (provider) references providers (handle) on delete restrict;
alter table definitions add constraint definitions_provider_fkey
  foreign key (provider) references providers (handle) on delete restrict;

create constraint trigger providers_note_change after update on providers
  deferrable initially deferred for each row execute function note_everything();
