create table usage_daily (
  day             date             not null,
  user_id         uuid             not null,
  user_handle     text collate "C" not null,
  instance_id     uuid             not null,
  instance_ref    text collate "C" not null,
  owner_id        uuid             not null,
  project_id      uuid             not null,
  project_ref     text collate "C",
  project_owner_id uuid,
  key_source      text collate "C" not null,
  requests        bigint           not null,
  errors          bigint           not null,
  bytes_in        bigint           not null,
  bytes_out       bigint           not null,
  input_tokens    bigint           not null,
  output_tokens   bigint           not null,

  constraint usage_daily_pkey primary key (day, user_id, instance_id, project_id, key_source),
  constraint usage_daily_project_whole check (
    (project_id = '00000000-0000-0000-0000-000000000000') = (project_ref is null)
    and (project_ref is null) = (project_owner_id is null)),
  constraint usage_daily_key_source_known
    check (key_source in ('user', 'central', 'deployment', 'keyless')),
  constraint usage_daily_requests_positive check (requests > 0),
  constraint usage_daily_errors_bounds check (errors between 0 and requests),
  constraint usage_daily_bytes_in_bounds check (bytes_in >= 0),
  constraint usage_daily_bytes_out_bounds check (bytes_out >= 0),
  constraint usage_daily_input_tokens_bounds check (input_tokens >= 0),
  constraint usage_daily_output_tokens_bounds check (output_tokens >= 0)
);
comment on table usage_daily is
  'What was used, a line for each day (UTC), caller, service, project and source of keys; the nil UUID stands for no project. It refers to nothing, so that it outlives them; names are those at the time. Never what was said.';

create index usage_daily_of_user
  on usage_daily (user_id, day, instance_id, project_id, key_source);
create index usage_daily_of_owner
  on usage_daily (owner_id, day, user_id, instance_id, project_id, key_source);
create index usage_daily_of_project_owner
  on usage_daily (project_owner_id, day, user_id, instance_id, project_id, key_source)
  where project_owner_id is not null;

create function add_saturating(one bigint, other bigint) returns bigint
  language sql immutable strict parallel safe
  return least(one::numeric + other::numeric, 9223372036854775807)::bigint;
comment on function add_saturating is
  'The sum, or the largest number: a count never turns negative and never stops the counting.';
