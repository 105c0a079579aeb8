create table scim_tokens (
  id           uuid                     not null,
  name         text                     not null,
  issuer       text collate "C"         not null,
  token_hash   bytea                    not null,
  created_at   timestamp with time zone not null,
  last_used_at timestamp with time zone,

  constraint scim_tokens_pkey primary key (id),
  constraint scim_tokens_token_hash_key unique (token_hash),
  constraint scim_tokens_name_length check (char_length(name) between 1 and 200),
  constraint scim_tokens_issuer_length check (char_length(issuer) between 1 and 1024),
  constraint scim_tokens_token_hash_length check (octet_length(token_hash) = 32)
);
comment on table scim_tokens is
  'Tokens with which an identity provider calls /scim/v2. Only the SHA-256 of a token is stored. While an issuer has one, only people whom it has made by SCIM sign in with it.';

create index scim_tokens_of_issuer on scim_tokens (issuer);

create table scim_users (
  user_id     uuid                     not null,
  issuer      text collate "C"         not null,
  external_id text collate "C",
  user_name   text                     not null,
  user_key    text collate "C"         not null generated always as (lower(user_name)) stored,
  formatted   text,
  given_name  text,
  family_name text,
  active      boolean                  not null,
  deleted_at  timestamp with time zone,
  created_at  timestamp with time zone not null,
  updated_at  timestamp with time zone not null,

  constraint scim_users_pkey primary key (user_id),
  constraint scim_users_user_fkey foreign key (user_id) references users (id) on delete cascade,
  constraint scim_users_external_id_key unique (issuer, external_id),
  constraint scim_users_not_of_system
    check (user_id <> '01900000-0000-7000-8000-000000000001'),
  constraint scim_users_issuer_length check (char_length(issuer) between 1 and 1024),
  constraint scim_users_external_id_length check (char_length(external_id) between 1 and 255),
  constraint scim_users_user_name_length check (char_length(user_name) between 1 and 255),
  constraint scim_users_formatted_length check (char_length(formatted) between 1 and 255),
  constraint scim_users_given_name_length check (char_length(given_name) between 1 and 255),
  constraint scim_users_family_name_length check (char_length(family_name) between 1 and 255),
  constraint scim_users_deleted_inactive check (deleted_at is null or not active)
);
comment on table scim_users is
  'What an identity provider has said about users by SCIM. The id of a user is its id in SCIM.';
comment on column scim_users.user_key is
  'The userName, in which capital letters make no difference.';
comment on column scim_users.active is
  'Whether the user may act. If not, the user is suspended, and signing in does not end that.';
comment on column scim_users.deleted_at is
  'Since when the identity provider no longer knows the user, who does not exist for SCIM then.';

create unique index scim_users_user_name_key on scim_users (issuer, user_key)
  where deleted_at is null;
create index scim_users_of_issuer on scim_users (issuer, user_id);

create table scim_groups (
  group_id    uuid             not null,
  issuer      text collate "C" not null,
  external_id text collate "C",
  deleted_at  timestamp with time zone,

  constraint scim_groups_pkey primary key (group_id),
  constraint scim_groups_group_fkey foreign key (group_id) references groups (id)
    on delete cascade,
  constraint scim_groups_external_id_key unique (issuer, external_id),
  constraint scim_groups_issuer_length check (char_length(issuer) between 1 and 1024),
  constraint scim_groups_external_id_length check (char_length(external_id) between 1 and 255)
);
comment on table scim_groups is
  'Synced groups that an identity provider keeps by SCIM. The id of a group is its id in SCIM.';
comment on column scim_groups.deleted_at is
  'Since when the identity provider no longer knows the group, which does not exist for SCIM then. It has no members.';

create index scim_groups_of_issuer on scim_groups (issuer, group_id);

-- SCIM may name people by another claim than the subject. It is stored at each sign-in and refresh.
alter table identities
  add column object_id text collate "C",
  add constraint identities_object_id_length check (char_length(object_id) between 1 and 255);
comment on column identities.object_id is
  'The claim oid of the last sign-in, by which Microsoft Entra names a person to all clients.';

create index identities_of_issuer on identities (issuer, user_id);
create index identities_object_id on identities (issuer, object_id) where object_id is not null;
