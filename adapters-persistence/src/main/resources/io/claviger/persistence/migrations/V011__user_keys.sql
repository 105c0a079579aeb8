create table user_keys (
  instance_id          uuid                     not null,
  user_id              uuid                     not null,
  api_key_sealed       bytea                    not null,
  api_key_sealed_under text collate "C"         not null
    generated always as (sealed_under(api_key_sealed)) stored,
  api_key_sealed_state text collate "C"         not null generated always as ('live') stored,
  set_at               timestamp with time zone not null,

  constraint user_keys_pkey primary key (instance_id, user_id),
  constraint user_keys_instance_fkey foreign key (instance_id)
    references instances (id) on delete cascade,
  constraint user_keys_user_fkey foreign key (user_id) references users (id) on delete cascade,
  constraint user_keys_api_key_sealed_fkey
    foreign key (api_key_sealed_under, api_key_sealed_state) references encryption_keys (id, state),
  constraint user_keys_not_of_system check (user_id <> '01900000-0000-7000-8000-000000000001'),
  constraint user_keys_api_key_looks_sealed check (looks_sealed(api_key_sealed))
);
comment on table user_keys is
  'Users'' own API keys, at most one for each instance, sealed to this row and the instance''s destination. Ends with its user and with the instance. _system has none.';

create index user_keys_of_user on user_keys (user_id, instance_id);
create index user_keys_api_key_sealed_under
  on user_keys (api_key_sealed_under, instance_id, user_id);
