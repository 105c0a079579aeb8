alter table users
  add column kind text not null default 'person',
  add column responsible_id uuid,
  add column responsible_handle text collate "C",
  add column responsible_user_id uuid
    generated always as (case when responsible_handle not like '@%' then responsible_id end) stored,
  add column responsible_group_id uuid
    generated always as (case when responsible_handle like '@%' then responsible_id end) stored,
  add column responsible_kind text
    generated always as (case when responsible_handle not like '@%' then 'person' end) stored,
  add column suspended_at timestamp with time zone,

  add constraint users_id_kind_key unique (id, kind),
  add constraint users_kind_known check (kind in ('person', 'service')),
  add constraint users_built_in_are_persons
    check (kind = 'person' or handle not in ('_system', 'root')),
  add constraint users_service_administers_nothing check (not (administrator and kind = 'service')),
  add constraint users_service_has_responsible
    check ((kind = 'service') = (responsible_id is not null)),
  add constraint users_responsible_whole
    check ((responsible_id is null) = (responsible_handle is null)),
  add constraint users_system_is_not_responsible check (responsible_handle <> '_system'),
  add constraint users_system_is_not_suspended check (suspended_at is null or handle <> '_system'),
  add constraint users_responsible_user_fkey foreign key (responsible_user_id, responsible_handle)
    references users (id, handle),
  add constraint users_responsible_kind_fkey foreign key (responsible_user_id, responsible_kind)
    references users (id, kind);

comment on column users.kind is
  'A service account is a program. It cannot sign in, is never an administrator, and is never responsible for another one. The kind of a user never changes.';
comment on column users.responsible_handle is
  'Who is responsible for a service account: a handle, or @ and the handle of a group whose managers are. They cannot be deleted while they are.';
comment on column users.suspended_at is
  'Since when the access tokens and sessions of the user are refused. What the user owns goes on for others.';

create index users_responsible_user on users (responsible_user_id)
  where responsible_user_id is not null;
create index users_responsible_group on users (responsible_group_id)
  where responsible_group_id is not null;
