-- What the groups of a user are given is read in the order of a list, for one group at a time, and
-- what one service is shared with, for all groups of a user at once. The second index begins with
-- the handle of the service, so that it does not offer itself for the order of a list.
create index shares_listed_by_group on shares (group_id, owner_handle, instance_handle)
  include (instance_id, role, created_at, expires_at) where group_id is not null;
create index shares_by_group on shares (instance_handle, owner_handle, group_id)
  include (instance_id, role, created_at, expires_at) where group_id is not null;
create index project_shares_by_group on project_shares (project_handle, owner_handle, group_id)
  include (role) where group_id is not null;

alter table bare_names
  drop constraint bare_names_share_fkey,
  add column group_id uuid,
  add column grantee_id uuid not null generated always as (coalesce(group_id, user_id)) stored,
  add constraint bare_names_share_fkey foreign key (instance_id, grantee_id)
    references shares (instance_id, grantee_id) on delete cascade,
  add constraint bare_names_membership_fkey foreign key (group_id, user_id)
    references group_members (group_id, user_id) on delete cascade;
comment on table bare_names is
  'Which users accepted that names of models without a service may lead to a service that is shared with them or with a group of theirs. It ends with the share and with the membership, and so with the service and the user.';
comment on column bare_names.group_id is
  'The group by whose share the user called the service when they accepted; null when it was their own share.';

drop index bare_names_of_share;
create index bare_names_of_share on bare_names (instance_id, grantee_id);
create index bare_names_of_membership on bare_names (group_id, user_id)
  where group_id is not null;
