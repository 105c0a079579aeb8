create table client_secrets (
  secret_hash bytea                    not null,
  token_hash  bytea                    not null,
  user_id     uuid                     not null,
  place       integer                  not null,
  instance_id uuid                     not null,
  project_id  uuid,
  session     bytea                    not null,
  expires_at  timestamp with time zone not null,

  constraint client_secrets_pkey primary key (secret_hash),
  constraint client_secrets_place_key unique (user_id, place),
  constraint client_secrets_token_fkey
    foreign key (token_hash) references access_tokens (token_hash) on delete cascade,
  constraint client_secrets_user_fkey
    foreign key (user_id) references users (id) on delete cascade,
  constraint client_secrets_instance_fkey
    foreign key (instance_id) references instances (id) on delete cascade,
  constraint client_secrets_project_fkey
    foreign key (project_id) references projects (id) on delete cascade,
  constraint client_secrets_secret_hash_length check (octet_length(secret_hash) = 32),
  constraint client_secrets_place_bounded check (place between 0 and 63),
  constraint client_secrets_session_length check (octet_length(session) between 1 and 20000)
);
comment on table client_secrets is
  'Secrets with which browsers open one WebSocket each. A row is deleted when its secret is used.';
comment on column client_secrets.place is
  'Which of the places of its user the secret has. So nobody has more than 64.';
comment on column client_secrets.session is
  'The settings of the session, encrypted under the key for links and tied to the secret.';
create index client_secrets_of_token on client_secrets (token_hash);
create index client_secrets_of_service on client_secrets (instance_id);
create index client_secrets_of_project on client_secrets (project_id) where project_id is not null;
create index client_secrets_expired on client_secrets (expires_at);
