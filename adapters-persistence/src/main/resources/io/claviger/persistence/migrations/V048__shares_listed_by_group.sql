-- What a user sees by their groups is listed from a cursor on, one group after the other.
create index project_shares_listed_by_group
  on project_shares (group_id, owner_handle, project_handle) where group_id is not null;
create index definition_shares_listed_by_group
  on definition_shares (group_id, owner_handle, definition_handle) where group_id is not null;
