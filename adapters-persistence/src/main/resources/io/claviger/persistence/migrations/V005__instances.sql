create table instances (
  id                        uuid                     not null,
  owner_id                  uuid                     not null,
  owner_handle              text collate "C"         not null,
  handle                    text collate "C"         not null,
  display_name              text                     not null,
  description               text                     not null,
  definition_id             uuid,
  provider                  text                     not null,
  api_standard              text collate "C"         not null,
  endpoint                  text                     not null,
  endpoint_set_by           uuid,
  model                     text                     not null,
  dimensions                integer,
  context_limit             integer,
  timeout_ms                integer                  not null,
  organization              text,
  enabled                   boolean                  not null,
  central_key               boolean                  not null,
  user_keys                 boolean                  not null,
  fallback_to_central       boolean                  not null,
  limit_requests_per_minute integer,
  limit_models              text[],
  limit_operations          text[],
  custom_header_names       text[]                   not null default '{}',
  headers_sealed            bytea,
  headers_sealed_under      text collate "C" generated always as (sealed_under(headers_sealed)) stored,
  headers_sealed_state      text collate "C" generated always as (
    case when headers_sealed is not null then 'live' end) stored,
  api_key_sealed            bytea,
  api_key_sealed_under      text collate "C" generated always as (sealed_under(api_key_sealed)) stored,
  api_key_sealed_state      text collate "C" generated always as (
    case when api_key_sealed is not null then 'live' end) stored,
  api_key_set_at            timestamp with time zone,
  version                   bigint                   not null,
  created_at                timestamp with time zone not null,
  updated_at                timestamp with time zone not null,

  constraint instances_pkey primary key (id),
  constraint instances_owner_fkey foreign key (owner_id, owner_handle)
    references users (id, handle) on delete cascade,
  constraint instances_owner_id_handle_key unique (owner_id, handle),
  constraint instances_owner_handle_handle_key unique (owner_handle, handle),
  constraint instances_id_owner_handle_handle_key unique (id, owner_handle, handle),
  constraint instances_definition_fkey foreign key (definition_id)
    references definitions (id) on delete set null,
  constraint instances_api_standard_fkey foreign key (api_standard)
    references api_standards (handle) on delete restrict,
  constraint instances_endpoint_set_by_fkey foreign key (endpoint_set_by)
    references users (id) on delete set null,
  constraint instances_headers_sealed_fkey
    foreign key (headers_sealed_under, headers_sealed_state) references encryption_keys (id, state),
  constraint instances_api_key_sealed_fkey
    foreign key (api_key_sealed_under, api_key_sealed_state) references encryption_keys (id, state),
  constraint instances_handle_shape check (is_handle(handle)),
  constraint instances_display_name_length check (char_length(display_name) between 1 and 200),
  constraint instances_description_length check (char_length(description) <= 10000),
  constraint instances_provider_shape check (provider ~ '^[a-z0-9-]{1,64}$'),
  constraint instances_endpoint_shape
    check (endpoint ~ '^https?://[^/?#@[:space:]]+(/[^?#[:space:]]*[^/?#[:space:]])?$'),
  constraint instances_endpoint_length check (char_length(endpoint) <= 2048),
  constraint instances_model_length check (char_length(model) between 1 and 256),
  constraint instances_dimensions_bounds check (dimensions between 1 and 65536),
  constraint instances_context_limit_positive check (context_limit > 0),
  constraint instances_timeout_ms_bounds check (timeout_ms between 1 and 600000),
  constraint instances_organization_length check (char_length(organization) between 1 and 256),
  constraint instances_key_policy_valid check (
    (central_key or user_keys) and (not fallback_to_central or (central_key and user_keys))),
  constraint instances_limit_requests_per_minute_bounds
    check (limit_requests_per_minute between 1 and 1000000),
  constraint instances_limit_models_count check (cardinality(limit_models) between 1 and 100),
  constraint instances_limit_operations_count
    check (cardinality(limit_operations) between 1 and 100),
  constraint instances_custom_header_names_count
    check (cardinality(custom_header_names) <= 32
      and array_position(custom_header_names, null) is null),
  constraint instances_headers_look_sealed check (looks_sealed(headers_sealed)),
  constraint instances_headers_have_names
    check ((headers_sealed is null) = (custom_header_names = '{}')),
  constraint instances_api_key_looks_sealed check (looks_sealed(api_key_sealed)),
  constraint instances_api_key_has_time
    check ((api_key_sealed is null) = (api_key_set_at is null)),
  constraint instances_version_positive check (version > 0)
);
comment on table instances is
  'Configured services, each with perhaps an API key and header values, sealed to this row and its destination. Ends with its owner.';
comment on column instances.endpoint_set_by is
  'Who last named the endpoint and so knows where a key goes; null when nobody did or they are gone.';
comment on column instances.custom_header_names is
  'The names of the header values in headers_sealed, in the order given.';

create index instances_of_definition on instances (definition_id) where definition_id is not null;
create index instances_of_standard on instances (api_standard);
create index instances_endpoint_set_by on instances (endpoint_set_by)
  where endpoint_set_by is not null;
create index instances_headers_sealed_under on instances (headers_sealed_under, id)
  where headers_sealed_under is not null;
create index instances_api_key_sealed_under on instances (api_key_sealed_under, id)
  where api_key_sealed_under is not null;

alter table access_tokens add constraint access_tokens_service_fkey
  foreign key (service_id) references instances (id) on delete cascade;
