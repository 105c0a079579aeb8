-- Unlogged, because nodes write it anew within seconds if it is lost.
create unlogged table open_connections (
  id          uuid                     not null,
  node_id     uuid                     not null,
  node        text                     not null,
  instance_id uuid                     not null,
  user_id     uuid                     not null,
  project_id  uuid,
  opened_at   timestamp with time zone not null,
  messages    bigint                   not null,
  responses   bigint                   not null,
  end_asked   boolean                  not null default false,
  seen_at     timestamp with time zone not null default clock_timestamp(),

  constraint open_connections_pkey primary key (id),
  constraint open_connections_instance_fkey
    foreign key (instance_id) references instances (id) on delete cascade,
  constraint open_connections_user_fkey
    foreign key (user_id) references users (id) on delete cascade,
  constraint open_connections_project_fkey
    foreign key (project_id) references projects (id) on delete cascade,
  constraint open_connections_node_length check (char_length(node) between 1 and 300),
  constraint open_connections_counts_positive check (messages >= 0 and responses >= 0)
);
comment on table open_connections is
  'The WebSockets that nodes hold open. Each node renews its rows every few seconds; those that are not renewed are of a node that is gone.';
comment on column open_connections.end_asked is
  'Whether somebody wants the connection to end. Its node reads this several times a second.';
create index open_connections_of_service on open_connections (instance_id, opened_at, id);
create index open_connections_of_user on open_connections (user_id, opened_at, id);
create index open_connections_of_project on open_connections (project_id)
  where project_id is not null;
create index open_connections_of_node on open_connections (node_id);
