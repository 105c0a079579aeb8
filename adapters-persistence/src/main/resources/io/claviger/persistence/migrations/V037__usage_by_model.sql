alter table usage_daily
  add column model text collate "C" not null default '',
  add column cached_input bigint not null default 0,
  add column cache_write_5m bigint not null default 0,
  add column cache_write_1h bigint not null default 0,
  add column reasoning bigint not null default 0,
  add column audio_input bigint not null default 0,
  add column audio_output bigint not null default 0,
  add column image_tokens bigint not null default 0,
  add column images bigint not null default 0,
  add column estimated_requests bigint not null default 0,
  add column estimated_input_tokens bigint not null default 0,
  add column estimated_output_tokens bigint not null default 0,
  add constraint usage_daily_model_length check (char_length(model) <= 256),
  add constraint usage_daily_cached_input_bounds check (cached_input >= 0),
  add constraint usage_daily_cache_write_5m_bounds check (cache_write_5m >= 0),
  add constraint usage_daily_cache_write_1h_bounds check (cache_write_1h >= 0),
  add constraint usage_daily_reasoning_bounds check (reasoning >= 0),
  add constraint usage_daily_audio_input_bounds check (audio_input >= 0),
  add constraint usage_daily_audio_output_bounds check (audio_output >= 0),
  add constraint usage_daily_image_tokens_bounds check (image_tokens >= 0),
  add constraint usage_daily_images_bounds check (images >= 0),
  add constraint usage_daily_estimated_requests_bounds
    check (estimated_requests between 0 and requests),
  add constraint usage_daily_estimated_input_bounds
    check (estimated_input_tokens between 0 and greatest(input_tokens, 0)),
  add constraint usage_daily_estimated_output_bounds
    check (estimated_output_tokens between 0 and greatest(output_tokens, 0)),
  drop constraint usage_daily_pkey;
alter table usage_daily
  add constraint usage_daily_pkey
    primary key (day, user_id, instance_id, project_id, key_source, model);
comment on column usage_daily.model is
  'The provider''s name of the model, as calls gave it; empty where it is not known.';

drop index usage_daily_of_user;
drop index usage_daily_of_owner;
drop index usage_daily_of_project_owner;
create index usage_daily_of_user
  on usage_daily (user_id, day, instance_id, project_id, key_source, model);
create index usage_daily_of_owner
  on usage_daily (owner_id, day, user_id, instance_id, project_id, key_source, model);
create index usage_daily_of_project_owner
  on usage_daily (project_owner_id, day, user_id, instance_id, project_id, key_source, model)
  where project_owner_id is not null;

create table usage_models (
  day         date             not null,
  instance_id uuid             not null,
  number      integer          not null,
  model       text collate "C" not null,
  seen_at     timestamp with time zone not null default clock_timestamp(),

  constraint usage_models_pkey primary key (day, instance_id, number),
  constraint usage_models_once unique (day, instance_id, model),
  constraint usage_models_number_bounds check (number between 1 and 200),
  constraint usage_models_model_length check (char_length(model) between 1 and 256)
);
comment on table usage_models is
  'The models of an instance that usage tells apart on a day. Callers choose their names, so they are numbered and bounded; the others count as other.';
