create table default_services (
  user_id         uuid             not null,
  instance_id     uuid             not null,
  owner_handle    text collate "C" not null,
  instance_handle text collate "C" not null,

  constraint default_services_pkey primary key (user_id),
  constraint default_services_user_fkey foreign key (user_id)
    references users (id) on delete cascade,
  constraint default_services_instance_fkey
    foreign key (instance_id, owner_handle, instance_handle)
    references instances (id, owner_handle, handle) on delete cascade,
  constraint default_services_of_system_is_system_level
    check (user_id <> '01900000-0000-7000-8000-000000000001' or owner_handle = '_system')
);
comment on table default_services is
  'Which instance each user chose as their default, and _system as everybody''s, at most one each. A choice stays while the instance is disabled or out of reach, and ends with it and with the user.';

create index default_services_of_instance on default_services (instance_id);
