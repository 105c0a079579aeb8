create table bare_names (
  instance_id uuid                     not null,
  user_id     uuid                     not null,
  accepted_at timestamp with time zone not null,

  constraint bare_names_pkey primary key (user_id, instance_id),
  constraint bare_names_share_fkey foreign key (instance_id, user_id)
    references shares (instance_id, grantee_id) on delete cascade
);
comment on table bare_names is
  'Which users accepted that names of models without a service may lead to a service that is shared with them. It ends with the share, and so with the service and the user.';

create index bare_names_of_share on bare_names (instance_id, user_id);

create index instances_by_age on instances (owner_handle, created_at, id);

-- To which services a name leads also depends on what is new to a user, who has no entry that
-- names it yet. What is new to everybody is noted for _system.
create constraint trigger instances_note_creation after insert on instances
  deferrable initially deferred for each row execute function note_row('owner_id');
create constraint trigger shares_note_grantee after insert on shares
  deferrable initially deferred for each row execute function note_row('grantee_id');
create constraint trigger default_services_note_change
  after insert or update or delete on default_services
  deferrable initially deferred for each row execute function note_row('user_id');
create constraint trigger bare_names_note_change after insert or update or delete on bare_names
  deferrable initially deferred for each row execute function note_row('user_id');
