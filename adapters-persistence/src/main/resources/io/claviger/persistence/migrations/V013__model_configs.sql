alter table instances
  add constraint instances_id_owner_handle_provider_key unique (id, owner_handle, provider);

create index instances_oldest_enabled on instances (provider, created_at, id)
  where owner_handle = '_system' and enabled;

create table model_configs (
  id                    uuid                     not null,
  provider              text                     not null,
  model                 text                     not null,
  display_name          text                     not null,
  enabled               boolean                  not null,
  is_default            boolean                  not null,
  context_limit         integer,
  compression_threshold integer,
  instance_id           uuid,
  instance_owner        text collate "C" generated always as (
    case when instance_id is not null then '_system' end) stored,
  created_by            uuid,
  updated_by            uuid,
  deleted_by            uuid,
  version               bigint                   not null,
  created_at            timestamp with time zone not null,
  updated_at            timestamp with time zone not null,
  deleted_at            timestamp with time zone,

  constraint model_configs_pkey primary key (id),
  -- As long as a model is bound, its instance is there, of _system and of the model's provider.
  constraint model_configs_instance_fkey foreign key (instance_id, instance_owner, provider)
    references instances (id, owner_handle, provider) on delete no action,
  constraint model_configs_created_by_fkey foreign key (created_by)
    references users (id) on delete set null,
  constraint model_configs_updated_by_fkey foreign key (updated_by)
    references users (id) on delete set null,
  constraint model_configs_deleted_by_fkey foreign key (deleted_by)
    references users (id) on delete set null,
  constraint model_configs_provider_shape check (provider ~ '^[a-z0-9-]{1,64}$'),
  constraint model_configs_model_length check (char_length(model) between 1 and 256),
  constraint model_configs_display_name_length check (char_length(display_name) between 1 and 200),
  constraint model_configs_context_limit_positive check (context_limit > 0),
  constraint model_configs_compression_threshold_bounds
    check (compression_threshold between 0 and 100),
  constraint model_configs_deleted_by_has_time check (deleted_by is null or deleted_at is not null),
  constraint model_configs_deleted_is_unbound check (deleted_at is null or instance_id is null),
  constraint model_configs_deleted_is_no_default check (deleted_at is null or not is_default),
  constraint model_configs_version_positive check (version > 0)
);
comment on table model_configs is
  'The model catalogue. What is deleted stays, with when and by whom, unbound and no default.';

create unique index model_configs_one_default on model_configs (is_default) where is_default;
create index model_configs_live on model_configs (created_at, id) where deleted_at is null;
create index model_configs_of_instance on model_configs (instance_id) where instance_id is not null;
create index model_configs_unbound on model_configs (provider, created_at, id)
  where deleted_at is null and instance_id is null;
create index model_configs_created_by on model_configs (created_by) where created_by is not null;
create index model_configs_updated_by on model_configs (updated_by) where updated_by is not null;
create index model_configs_deleted_by on model_configs (deleted_by) where deleted_by is not null;

create table model_catalogue (
  single boolean not null default true,

  constraint model_catalogue_pkey primary key (single),
  constraint model_catalogue_is_single check (single)
);
comment on table model_catalogue is
  'One row, which every writer of model_configs locks first: what they keep true (one model is the default while any is live) is of no one row, and an empty catalogue has none. Locking the table itself would need another right and be in the way of readers or of vacuum.';

insert into model_catalogue default values;
