create table projects (
  id           uuid                     not null,
  owner_id     uuid                     not null,
  owner_handle text collate "C"         not null,
  handle       text collate "C"         not null,
  description  text                     not null,
  instance_id  uuid,
  version      bigint                   not null,
  created_at   timestamp with time zone not null,
  updated_at   timestamp with time zone not null,

  constraint projects_pkey primary key (id),
  constraint projects_owner_fkey foreign key (owner_id, owner_handle)
    references users (id, handle) on delete cascade,
  constraint projects_owner_id_handle_key unique (owner_id, handle),
  constraint projects_owner_handle_handle_key unique (owner_handle, handle),
  constraint projects_id_owner_handle_handle_key unique (id, owner_handle, handle),
  -- No action and not restrict: it is judged when the statement ends, and so lets a user go with
  -- their own instances and projects at once.
  constraint projects_instance_fkey foreign key (instance_id)
    references instances (id) on delete no action,
  constraint projects_handle_shape check (is_handle(handle)),
  constraint projects_description_length check (char_length(description) <= 10000),
  constraint projects_version_positive check (version > 0)
);
comment on table projects is
  'Named uses of one instance each, or of none yet. An instance stays as long as one of them uses it.';

create index projects_of_instance on projects (instance_id) where instance_id is not null;

create table project_shares (
  project_id     uuid                     not null,
  owner_handle   text collate "C"         not null,
  project_handle text collate "C"         not null,
  grantee_id     uuid                     not null,
  grantee_handle text collate "C"         not null,
  role           text                     not null,
  given_by       uuid,
  version        bigint                   not null,
  created_at     timestamp with time zone not null,

  constraint project_shares_pkey primary key (project_id, grantee_id),
  constraint project_shares_project_fkey foreign key (project_id, owner_handle, project_handle)
    references projects (id, owner_handle, handle) on delete cascade,
  constraint project_shares_grantee_fkey foreign key (grantee_id, grantee_handle)
    references users (id, handle) on delete cascade,
  constraint project_shares_given_by_fkey foreign key (given_by)
    references users (id) on delete set null,
  constraint project_shares_nothing_with_system check (grantee_handle <> '_system'),
  constraint project_shares_not_with_owner check (owner_handle <> grantee_handle),
  constraint project_shares_role_known check (role in ('reader', 'writer')),
  constraint project_shares_version_positive check (version > 0)
);
comment on table project_shares is
  'Who is a member of a project, as what. Membership gives nothing of the instance behind it.';

create index project_shares_of_grantee on project_shares (grantee_id, owner_handle, project_handle);
create index project_shares_by_grantee_handle on project_shares (project_id, grantee_handle);
create index project_shares_given_by on project_shares (given_by) where given_by is not null;

alter table access_tokens
  add column project_id uuid,
  drop constraint access_tokens_restricted_is_use,
  add constraint access_tokens_restricted_is_use
    check (num_nonnulls(service_id, project_id) = 0 or scope = 'use'),
  add constraint access_tokens_restricted_to_one check (num_nonnulls(service_id, project_id) <= 1),
  add constraint access_tokens_project_fkey foreign key (project_id)
    references projects (id) on delete cascade;
comment on table access_tokens is
  'What callers present, known by the SHA-256 of its text, which is stored nowhere. Ends with its user and with the service or project it is restricted to. _system has none.';

create index access_tokens_for_project on access_tokens (project_id) where project_id is not null;
