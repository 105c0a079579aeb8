create table former_users (
  handle      text collate "C"         not null,
  issuer      text collate "C",
  subject     text collate "C",
  scim_issuer text collate "C",
  external_id text collate "C",
  deleted_at  timestamp with time zone not null,

  constraint former_users_pkey primary key (handle),
  constraint former_users_identity_whole check ((issuer is null) = (subject is null)),
  constraint former_users_provisioned_whole check ((scim_issuer is null) = (external_id is null))
);
comment on table former_users is
  'Who had a handle last and was deleted. Files and settings of others may still name them, so no sign-in and no SCIM gives the handle to somebody else.';
comment on column former_users.subject is
  'With issuer the identity that was linked at the end, by which the same person is known again.';
comment on column former_users.external_id is
  'With scim_issuer how SCIM named the user, by which the same person is known again.';
