-- Which groups of the identity provider somebody is not in here, so that they can always see it.
-- Nodes of earlier versions do not write it; the next sign-in or refresh at a node of this one does.
alter table identities
  add column too_many_groups boolean not null default false,
  add column left_out_groups text[] not null default '{}',
  add column left_out_group_count integer not null default 0,
  add constraint identities_left_out_groups_bounds
    check (cardinality(left_out_groups) <= 10 and left_out_group_count >= cardinality(left_out_groups)),
  add constraint identities_left_out_groups_complete
    check (array_position(left_out_groups, null) is null);
comment on column identities.too_many_groups is
  'Whether the identity provider listed more groups than are followed, so that the user is in none of them here.';
comment on column identities.left_out_groups is
  'The first of the groups that were left out because their names can''t be used here or are taken, cut to 200 characters.';
comment on column identities.left_out_group_count is
  'How many groups were left out because of their names.';
