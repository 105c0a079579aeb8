alter table definitions
  add constraint definitions_id_owner_handle_handle_key unique (id, owner_handle, handle);

create table definition_shares (
  definition_id     uuid                     not null,
  owner_handle      text collate "C"         not null,
  definition_handle text collate "C"         not null,
  grantee_id        uuid                     not null,
  grantee_handle    text collate "C"         not null,
  given_by          uuid,
  version           bigint                   not null,
  created_at        timestamp with time zone not null,

  constraint definition_shares_pkey primary key (definition_id, grantee_id),
  constraint definition_shares_definition_fkey
    foreign key (definition_id, owner_handle, definition_handle)
    references definitions (id, owner_handle, handle) on delete cascade,
  constraint definition_shares_grantee_fkey foreign key (grantee_id, grantee_handle)
    references users (id, handle) on delete cascade,
  constraint definition_shares_given_by_fkey foreign key (given_by)
    references users (id) on delete set null,
  constraint definition_shares_nothing_of_system check (owner_handle <> '_system'),
  constraint definition_shares_nothing_with_system check (grantee_handle <> '_system'),
  constraint definition_shares_not_with_owner check (owner_handle <> grantee_handle),
  constraint definition_shares_version_positive check (version > 0)
);
comment on table definition_shares is
  'The sight of a definition that one user was given by name. It has no role, no bounds and no end of its own.';

create index definition_shares_of_grantee
  on definition_shares (grantee_id, owner_handle, definition_handle);
create index definition_shares_by_grantee_handle on definition_shares (definition_id, grantee_handle);
create index definition_shares_given_by on definition_shares (given_by) where given_by is not null;
