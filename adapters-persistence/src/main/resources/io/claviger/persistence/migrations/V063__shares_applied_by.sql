alter table shares
  add column applied_by text,
  add constraint shares_applied_by_length check (length(applied_by) between 1 and 100);
comment on column shares.applied_by is
  'The name of the file from which the share was given. Null where it was given by hand; then no file ends it.';

alter table project_shares
  add column applied_by text,
  add constraint project_shares_applied_by_length check (length(applied_by) between 1 and 100);
comment on column project_shares.applied_by is
  'The name of the file from which the share was given. Null where it was given by hand.';

alter table group_members
  add column applied_by text,
  add constraint group_members_applied_by_length check (length(applied_by) between 1 and 100);
comment on column group_members.applied_by is
  'The name of the file by which the user became a member. Null where that was done by hand.';
