create table groups (
  id           uuid                     not null,
  handle       text collate "C"         not null,
  at_handle    text collate "C"         not null generated always as ('@' || handle) stored,
  display_name text                     not null,
  kind         text                     not null,
  issuer       text collate "C",
  claim_value  text collate "C",
  version      bigint                   not null,
  created_at   timestamp with time zone not null,
  updated_at   timestamp with time zone not null,

  constraint groups_pkey primary key (id),
  constraint groups_handle_key unique (handle),
  constraint groups_id_at_handle_key unique (id, at_handle),
  constraint groups_issuer_claim_value_key unique (issuer, claim_value),
  constraint groups_handle_shape check (is_handle(handle)),
  constraint groups_display_name_length check (char_length(display_name) between 1 and 200),
  constraint groups_kind_known check (kind in ('local', 'synced')),
  constraint groups_synced_has_claim
    check (num_nonnulls(issuer, claim_value) = case when kind = 'synced' then 2 else 0 end),
  constraint groups_issuer_length check (char_length(issuer) between 1 and 2048),
  constraint groups_claim_value_length check (char_length(claim_value) between 1 and 2048),
  constraint groups_version_positive check (version > 0)
);
comment on table groups is
  'Users under one handle, who can be given a share together. The members of a synced group follow the identity provider, those of a local one are kept here.';
comment on column groups.at_handle is
  'The handle as it is written where a user could stand too. Shares refer to it, so that a user and a group of one handle are told apart.';
comment on column groups.claim_value is
  'The exact value by which the issuer names the group. A group is never found by its handle instead.';

create table group_members (
  group_id   uuid                     not null,
  user_id    uuid                     not null,
  role       text                     not null,
  created_at timestamp with time zone not null,

  constraint group_members_pkey primary key (group_id, user_id),
  constraint group_members_group_fkey foreign key (group_id) references groups (id)
    on delete cascade,
  constraint group_members_user_fkey foreign key (user_id) references users (id)
    on delete cascade,
  constraint group_members_nobody_of_system
    check (user_id <> '01900000-0000-7000-8000-000000000001'),
  constraint group_members_role_known check (role in ('member', 'manager'))
);
comment on table group_members is
  'Who is in a group, as what. Managers change the display name and the members of a local group.';

create index group_members_of_user on group_members (user_id, group_id);

-- A grantee is a user or a group. The leading @ of the handle tells which, and a generated column
-- for each of them carries the foreign key, so that a node of the version before, which knows
-- nothing of groups, writes its rows as ever.
alter table shares
  drop constraint shares_grantee_fkey,
  add column user_id uuid
    generated always as (case when left(grantee_handle, 1) <> '@' then grantee_id end) stored,
  add column group_id uuid
    generated always as (case when left(grantee_handle, 1) = '@' then grantee_id end) stored,
  add column pooled_limit_requests_per_minute integer,
  add column pooled_limit_models text[],
  add column pooled_limit_operations text[],
  add constraint shares_user_fkey foreign key (user_id, grantee_handle)
    references users (id, handle) on delete cascade,
  add constraint shares_group_fkey foreign key (group_id, grantee_handle)
    references groups (id, at_handle) on delete cascade,
  -- Made anew behind the reference to the user: foreign keys act in the order of their making. A
  -- deleted user's own shares have to go, with what was given by them, before the giver's id does.
  drop constraint shares_given_by_fkey,
  add constraint shares_given_by_fkey foreign key (given_by)
    references users (id) on delete set null,
  add constraint shares_group_reads_or_writes
    check (group_id is null or (role in ('reader', 'writer') and not may_reshare)),
  add constraint shares_pooled_for_groups
    check (group_id is not null or num_nonnulls(
      pooled_limit_requests_per_minute, pooled_limit_models, pooled_limit_operations) = 0),
  add constraint shares_pooled_limit_requests_per_minute_bounds
    check (pooled_limit_requests_per_minute between 1 and 1000000),
  add constraint shares_pooled_limit_models_count
    check (cardinality(pooled_limit_models) between 1 and 100),
  add constraint shares_pooled_limit_operations_count
    check (cardinality(pooled_limit_operations) between 1 and 100);
comment on table shares is
  'A role that an instance gives one user or one group. What a co-owner gives refers to their own share (given_via) and ends with it.';
comment on column shares.pooled_limit_requests_per_minute is
  'For all members of the group together, where limit_requests_per_minute is for each of them.';

create index shares_of_user on shares (user_id, grantee_handle) where user_id is not null;
create index shares_of_group on shares (group_id, grantee_handle) where group_id is not null;

alter table definition_shares
  drop constraint definition_shares_grantee_fkey,
  add column user_id uuid
    generated always as (case when left(grantee_handle, 1) <> '@' then grantee_id end) stored,
  add column group_id uuid
    generated always as (case when left(grantee_handle, 1) = '@' then grantee_id end) stored,
  add constraint definition_shares_user_fkey foreign key (user_id, grantee_handle)
    references users (id, handle) on delete cascade,
  add constraint definition_shares_group_fkey foreign key (group_id, grantee_handle)
    references groups (id, at_handle) on delete cascade;
comment on table definition_shares is
  'The sight of a definition that one user or one group was given by name. It has no role, no bounds and no end of its own.';

create index definition_shares_of_user on definition_shares (user_id, grantee_handle)
  where user_id is not null;
create index definition_shares_of_group on definition_shares (group_id, grantee_handle)
  where group_id is not null;

alter table project_shares
  drop constraint project_shares_grantee_fkey,
  add column user_id uuid
    generated always as (case when left(grantee_handle, 1) <> '@' then grantee_id end) stored,
  add column group_id uuid
    generated always as (case when left(grantee_handle, 1) = '@' then grantee_id end) stored,
  add constraint project_shares_user_fkey foreign key (user_id, grantee_handle)
    references users (id, handle) on delete cascade,
  add constraint project_shares_group_fkey foreign key (group_id, grantee_handle)
    references groups (id, at_handle) on delete cascade;
comment on table project_shares is
  'Which users and groups are members of a project, as what. Membership gives nothing of the instance behind it.';

create index project_shares_of_user on project_shares (user_id, grantee_handle)
  where user_id is not null;
create index project_shares_of_group on project_shares (group_id, grantee_handle)
  where group_id is not null;

-- What a member reaches by a group depends on the membership, noted for the user, and on the
-- group's shares, noted for the group as well as for what is shared.
create constraint trigger group_members_note_change after insert or delete on group_members
  deferrable initially deferred for each row execute function note_row('user_id');
create constraint trigger shares_note_group after update on shares
  deferrable initially deferred for each row
  when (new.group_id is not null) execute function note_row('group_id');
create constraint trigger shares_note_group_end after delete on shares
  deferrable initially deferred for each row
  when (old.group_id is not null) execute function note_row('group_id');
create constraint trigger project_shares_note_group after insert or update on project_shares
  deferrable initially deferred for each row
  when (new.group_id is not null) execute function note_row('group_id');
create constraint trigger project_shares_note_group_end after delete on project_shares
  deferrable initially deferred for each row
  when (old.group_id is not null) execute function note_row('group_id');

create or replace function service_name_for(
  viewer uuid, instance uuid, owner uuid, instance_ref text, project_ref text)
  returns text language sql stable parallel safe
  return case
    when project_ref is null
      or owner = viewer
      or owner = '01900000-0000-7000-8000-000000000001'
      or exists (
        select from shares s
        where s.instance_id = instance and s.grantee_id = viewer
          and (s.expires_at is null or s.expires_at > now()))
      or exists (
        select from shares s
        join group_members m on m.group_id = s.group_id and m.user_id = viewer
        where s.instance_id = instance
          and (s.expires_at is null or s.expires_at > now()))
    then instance_ref
    else project_ref
  end;
