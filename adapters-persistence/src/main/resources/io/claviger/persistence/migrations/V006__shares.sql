create table shares (
  instance_id               uuid                     not null,
  owner_handle              text collate "C"         not null,
  instance_handle           text collate "C"         not null,
  grantee_id                uuid                     not null,
  grantee_handle            text collate "C"         not null,
  role                      text                     not null,
  may_reshare               boolean                  not null,
  expires_at                timestamp with time zone,
  limit_requests_per_minute integer,
  limit_models              text[],
  limit_operations          text[],
  given_by                  uuid,
  given_via                 uuid,
  version                   bigint                   not null,
  created_at                timestamp with time zone not null,

  constraint shares_pkey primary key (instance_id, grantee_id),
  constraint shares_instance_fkey foreign key (instance_id, owner_handle, instance_handle)
    references instances (id, owner_handle, handle) on delete cascade,
  constraint shares_grantee_fkey foreign key (grantee_id, grantee_handle)
    references users (id, handle) on delete cascade,
  constraint shares_given_via_fkey foreign key (instance_id, given_via)
    references shares (instance_id, grantee_id) on delete cascade,
  constraint shares_given_by_fkey foreign key (given_by) references users (id) on delete set null,
  constraint shares_nothing_of_system check (owner_handle <> '_system'),
  constraint shares_nothing_with_system check (grantee_handle <> '_system'),
  constraint shares_not_with_owner check (owner_handle <> grantee_handle),
  constraint shares_not_given_via_itself check (given_via <> grantee_id),
  constraint shares_ownership_not_via_co_owner check (given_via is null or role <> 'owner'),
  constraint shares_role_known check (role in ('reader', 'writer', 'owner')),
  constraint shares_limit_requests_per_minute_bounds
    check (limit_requests_per_minute between 1 and 1000000),
  constraint shares_limit_models_count check (cardinality(limit_models) between 1 and 100),
  constraint shares_limit_operations_count check (cardinality(limit_operations) between 1 and 100),
  constraint shares_version_positive check (version > 0)
);
comment on table shares is
  'A role that an instance gives one user. What a co-owner gives refers to their own share (given_via) and ends with it.';

create index shares_of_grantee on shares (grantee_id, owner_handle, instance_handle);
create index shares_by_grantee_handle on shares (instance_id, grantee_handle);
create index shares_given_via on shares (instance_id, given_via) where given_via is not null;
create index shares_given_by on shares (given_by) where given_by is not null;
