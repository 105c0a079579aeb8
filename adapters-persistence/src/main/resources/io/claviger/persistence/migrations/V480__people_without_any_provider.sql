-- People whom SCIM of a former identity provider made have to sign in, like people with an identity
-- there, unless an administrator lets them go on without an identity provider.
alter table scim_users add column released boolean not null default false;
comment on column scim_users.released is
  'Whether an administrator has unlinked the identity of the user, who then needs no identity provider.';
