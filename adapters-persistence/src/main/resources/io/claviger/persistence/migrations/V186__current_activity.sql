-- Unlogged, because nodes write it anew within seconds if it is lost.
create unlogged table current_activity (
  id            uuid                     not null default gen_random_uuid(),
  node_id       uuid                     not null,
  instance_id   uuid                     not null,
  user_id       uuid                     not null,
  project_id    uuid,
  running       integer                  not null,
  calls         bigint                   not null,
  refused       bigint                   not null,
  input_tokens  bigint                   not null,
  output_tokens bigint                   not null,
  cost          bigint,
  seen_at       timestamp with time zone not null default clock_timestamp(),

  constraint current_activity_pkey primary key (id),
  constraint current_activity_instance_fkey
    foreign key (instance_id) references instances (id) on delete cascade,
  constraint current_activity_user_fkey
    foreign key (user_id) references users (id) on delete cascade,
  constraint current_activity_project_fkey
    foreign key (project_id) references projects (id) on delete cascade,
  constraint current_activity_counts_positive check (
    running >= 0 and calls >= 0 and refused >= 0 and input_tokens >= 0 and output_tokens >= 0
    and cost >= 0)
);
comment on table current_activity is
  'What runs on nodes and what ended there within the last minute. Each node replaces its rows every second while somebody looks.';
create index current_activity_of_node on current_activity (node_id);
create index current_activity_of_service on current_activity (instance_id);
create index current_activity_of_user on current_activity (user_id);
create index current_activity_of_project on current_activity (project_id)
  where project_id is not null;

create unlogged table activity_watch (
  one_row   boolean                  not null default true,
  since     timestamp with time zone not null,
  looked_at timestamp with time zone not null,

  constraint activity_watch_pkey primary key (one_row),
  constraint activity_watch_one_row check (one_row)
);
comment on table activity_watch is
  'When somebody looked last, and since when somebody has looked without a pause. Nodes tell what runs on them only meanwhile.';
