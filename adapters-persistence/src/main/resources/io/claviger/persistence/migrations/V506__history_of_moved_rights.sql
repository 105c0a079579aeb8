-- The history of access did not have rights that a statement had moved to another service, project,
-- group or user. Claviger has no such statement, but others may run one with its role in the database.
create or replace trigger group_members_note_access
  after insert or delete or update of group_id, user_id, role on group_members
  for each row execute function note_access('group_member');
create or replace trigger shares_note_access
  after insert or delete
    or update of instance_id, grantee_id, grantee_handle, role, may_reshare, expires_at on shares
  for each row execute function note_access('share');
create or replace trigger project_shares_note_access
  after insert or delete or update of project_id, grantee_id, grantee_handle, role on project_shares
  for each row execute function note_access('project_member');
create or replace trigger open_projects_note_access
  after insert or delete or update of project_id on open_projects
  for each row execute function note_access('project_member');
