create table rejected_keys (
  id          bigint generated always as identity,
  instance_id uuid                     not null,
  user_id     uuid,
  key_set_at  timestamp with time zone not null,
  since       timestamp with time zone not null,
  last_at     timestamp with time zone not null,
  status      integer                  not null,

  constraint rejected_keys_pkey primary key (id),
  constraint rejected_keys_once unique nulls not distinct (instance_id, user_id),
  constraint rejected_keys_instance_fkey foreign key (instance_id)
    references instances (id) on delete cascade,
  constraint rejected_keys_user_fkey foreign key (user_id) references users (id) on delete cascade,
  constraint rejected_keys_not_of_system
    check (user_id <> '01900000-0000-7000-8000-000000000001'),
  constraint rejected_keys_last_after_since check (last_at >= since),
  constraint rejected_keys_status_bounds check (status between 400 and 499)
);
comment on table rejected_keys is
  'The stored keys that providers rejected, until a call or check with the same key succeeds. A row is about the key that was set at key_set_at; once another one is stored it means nothing and is removed.';
comment on column rejected_keys.user_id is
  'Whose own key for the service it is; null for the key of the service.';
comment on column rejected_keys.last_at is
  'When a call or check last failed, to the minute.';

create index rejected_keys_of_user on rejected_keys (user_id) where user_id is not null;
