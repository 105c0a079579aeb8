create function is_handle(value text) returns boolean
  language sql immutable strict parallel safe
  return value ~ '^[a-z0-9][a-z0-9._-]{0,63}$' and value not in ('me', 'admin', 'public');
comment on function is_handle is
  'Whether a text may name what a user owns, and a user other than _system.';

create table users (
  id            uuid                     not null,
  handle        text collate "C"         not null,
  display_name  text                     not null,
  email         text,
  administrator boolean                  not null,
  version       bigint                   not null,
  created_at    timestamp with time zone not null,
  updated_at    timestamp with time zone not null,

  constraint users_pkey primary key (id),
  constraint users_handle_key unique (handle),
  constraint users_id_handle_key unique (id, handle),
  constraint users_handle_shape check (is_handle(handle) or handle = '_system'),
  constraint users_system_id
    check ((id = '01900000-0000-7000-8000-000000000001') = (handle = '_system')),
  constraint users_system_administers_nothing check (not (administrator and handle = '_system')),
  constraint users_display_name_length check (char_length(display_name) between 1 and 200),
  constraint users_email_length check (char_length(email) between 3 and 254),
  constraint users_version_positive check (version > 0)
);
comment on table users is
  'People and programs. What a user owns refers to (id, handle), so that a handle never changes while something bears it. _system owns what belongs to everyone.';

create index users_administrators on users (id) where administrator;

create function users_keep_system() returns trigger language plpgsql as $$
begin
  raise exception '_system is built in and stays' using errcode = 'restrict_violation';
end
$$;

create trigger users_keep_system before delete on users
  for each row when (old.handle = '_system') execute function users_keep_system();

insert into users (id, handle, display_name, administrator, version, created_at, updated_at)
values ('01900000-0000-7000-8000-000000000001', '_system', 'System', false, 1,
        '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z');

create table access_tokens (
  id                        uuid                     not null,
  user_id                   uuid                     not null,
  token_hash                bytea                    not null,
  name                      text                     not null,
  scope                     text                     not null,
  origin                    text                     not null,
  service_id                uuid,
  limit_requests_per_minute integer,
  limit_models              text[],
  limit_operations          text[],
  created_at                timestamp with time zone not null,
  expires_at                timestamp with time zone,
  last_used_at              timestamp with time zone,

  constraint access_tokens_pkey primary key (id),
  constraint access_tokens_token_hash_key unique (token_hash),
  constraint access_tokens_user_fkey foreign key (user_id) references users (id) on delete cascade,
  constraint access_tokens_not_of_system
    check (user_id <> '01900000-0000-7000-8000-000000000001'),
  constraint access_tokens_token_hash_length check (octet_length(token_hash) = 32),
  constraint access_tokens_name_length check (char_length(name) between 1 and 200),
  constraint access_tokens_scope_known check (scope in ('manage', 'use')),
  constraint access_tokens_origin_known
    check (origin in ('user', 'first', 'recovery', 'command', 'environment')),
  constraint access_tokens_restricted_is_use check (service_id is null or scope = 'use'),
  constraint access_tokens_limit_requests_per_minute_bounds
    check (limit_requests_per_minute between 1 and 1000000),
  constraint access_tokens_limit_models_count check (cardinality(limit_models) between 1 and 100),
  constraint access_tokens_limit_operations_count
    check (cardinality(limit_operations) between 1 and 100)
);
comment on table access_tokens is
  'What callers present, known by the SHA-256 of its text, which is stored nowhere. Ends with its user and with the service it is restricted to. _system has none.';

create index access_tokens_of_user on access_tokens (user_id, created_at, id);
create index access_tokens_for_service on access_tokens (service_id) where service_id is not null;
