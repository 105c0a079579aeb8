-- A search among those whom somebody knows reads a bounded number of rows, however many know each
-- other. Handles never change, so they may stand beside the ids to which they belong.
alter table group_members add column user_handle text collate "C";
comment on column group_members.user_handle is
  'The handle of the member, by which an index finds those that begin with what somebody typed.';

-- Also for the nodes of the version before, which know nothing of the column.
create function note_handle_of_member() returns trigger
  language plpgsql as $$
begin
  new.user_handle := (select handle from users where id = new.user_id);
  return new;
end;
$$;
create trigger group_members_handle before insert or update of user_id on group_members
  for each row execute function note_handle_of_member();

update group_members m set user_handle = u.handle from users u where u.id = m.user_id;

create index group_members_by_handle on group_members (group_id, user_handle, user_id);
create index shares_of_owner on shares (owner_handle, grantee_handle, user_id)
  where user_id is not null;
create index shares_that_change on shares (grantee_id, instance_id)
  where role in ('writer', 'owner');
create index project_shares_of_owner on project_shares (owner_handle, grantee_handle, user_id)
  where user_id is not null;
create index project_shares_by_name on project_shares (grantee_id, project_handle, project_id);
create index model_configs_by_name on model_configs ((lower(name) collate "C"))
  where deleted_at is null;
create index model_configs_bound_by_name on model_configs
  (instance_id, (lower(name) collate "C")) where instance_id is not null and deleted_at is null;
create index model_configs_unbound_by_name on model_configs
  (provider, (lower(name) collate "C"))
  where instance_id is null and enabled and deleted_at is null;

-- An index of words is up to date at once. Otherwise each search would read up to 4 MiB of words
-- that wait to be sorted in.
alter index instances_by_words set (fastupdate = off);
alter index users_by_words set (fastupdate = off);
alter index groups_by_words set (fastupdate = off);
alter index projects_by_words set (fastupdate = off);
alter index model_configs_by_words set (fastupdate = off);
select gin_clean_pending_list(name::regclass)
from unnest(array[
  'instances_by_words', 'users_by_words', 'groups_by_words', 'projects_by_words',
  'model_configs_by_words']) name;

comment on column audit_events.terms is
  'The terms of a share or a membership, or the values that a change changed: of each its field, its text before the change and its text after it, which is empty where there is none.';
comment on table audit_events is
  'Who did or tried what, for good: a trigger refuses to change or remove a line. It refers to nothing, so that it outlives users and what they owned. It has the values that were changed, but no secrets and no e-mail addresses.';
