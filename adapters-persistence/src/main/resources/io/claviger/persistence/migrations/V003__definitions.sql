create table definitions (
  id            uuid                     not null,
  owner_id      uuid                     not null,
  owner_handle  text collate "C"         not null,
  handle        text collate "C"         not null,
  description   text                     not null,
  provider      text                     not null,
  api_standard  text collate "C"         not null,
  endpoint      text                     not null,
  model         text                     not null,
  dimensions    integer,
  context_limit integer,
  public        boolean                  not null,
  version       bigint                   not null,
  created_at    timestamp with time zone not null,
  updated_at    timestamp with time zone not null,

  constraint definitions_pkey primary key (id),
  constraint definitions_owner_fkey foreign key (owner_id, owner_handle)
    references users (id, handle) on delete cascade,
  constraint definitions_owner_id_handle_key unique (owner_id, handle),
  constraint definitions_owner_handle_handle_key unique (owner_handle, handle),
  constraint definitions_api_standard_fkey foreign key (api_standard)
    references api_standards (handle) on delete restrict,
  constraint definitions_handle_shape check (is_handle(handle)),
  constraint definitions_description_length check (char_length(description) <= 10000),
  constraint definitions_provider_shape check (provider ~ '^[a-z0-9-]{1,64}$'),
  constraint definitions_endpoint_shape
    check (endpoint ~ '^https?://[^/?#@[:space:]]+(/[^?#[:space:]]*[^/?#[:space:]])?$'),
  constraint definitions_endpoint_length check (char_length(endpoint) <= 2048),
  constraint definitions_model_length check (char_length(model) between 1 and 256),
  constraint definitions_dimensions_bounds check (dimensions between 1 and 65536),
  constraint definitions_context_limit_positive check (context_limit > 0),
  constraint definitions_system_not_public check (not (public and owner_handle = '_system')),
  constraint definitions_version_positive check (version > 0)
);
comment on table definitions is
  'Templates of instances, without keys. Those of _system are seen by everybody and so are never marked public.';

create index definitions_public on definitions (owner_handle, handle) where public;
create index definitions_of_standard on definitions (api_standard);

insert into definitions (
  id, owner_id, owner_handle, handle, description, provider, api_standard, endpoint, model,
  dimensions, context_limit, public, version, created_at, updated_at)
values
  ('01900000-0000-7000-8000-0000000000d1', '01900000-0000-7000-8000-000000000001', '_system',
   'openai-large', '', 'openai', 'openai', 'https://api.openai.com/v1', 'text-embedding-3-large',
   3072, 8192, false, 1, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'),
  ('01900000-0000-7000-8000-0000000000d2', '01900000-0000-7000-8000-000000000001', '_system',
   'openai-small', '', 'openai', 'openai', 'https://api.openai.com/v1', 'text-embedding-3-small',
   1536, 8192, false, 1, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'),
  ('01900000-0000-7000-8000-0000000000d3', '01900000-0000-7000-8000-000000000001', '_system',
   'cohere-multilingual-v3', '', 'cohere', 'cohere', 'https://api.cohere.com',
   'embed-multilingual-v3.0', 1024, 512, false, 1, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'),
  ('01900000-0000-7000-8000-0000000000d4', '01900000-0000-7000-8000-000000000001', '_system',
   'cohere-v4', '', 'cohere', 'cohere', 'https://api.cohere.com', 'embed-v4.0',
   1536, 128000, false, 1, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'),
  ('01900000-0000-7000-8000-0000000000d5', '01900000-0000-7000-8000-000000000001', '_system',
   'gemini-embedding-001', '', 'google', 'gemini', 'https://generativelanguage.googleapis.com',
   'gemini-embedding-001', 3072, 2048, false, 1, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z');
