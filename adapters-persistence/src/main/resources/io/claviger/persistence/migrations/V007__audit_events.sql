create table audit_events (
  id              uuid                     not null,
  at              timestamp with time zone not null,
  actor_id        uuid,
  actor           text collate "C",
  token_id        uuid,
  address         text                     not null,
  request_id      text                     not null,
  action          text collate "C"         not null,
  target_type     text                     not null,
  target_id       uuid,
  target_ref      text                     not null,
  target_owner_id uuid,
  outcome         text                     not null,
  fields          text[]                   not null,

  constraint audit_events_pkey primary key (id),
  constraint audit_events_action_shape check (action ~ '^[a-z_]+\.[a-z_]+$'),
  constraint audit_events_outcome_known check (outcome in ('done', 'refused', 'failed'))
);
comment on table audit_events is
  'Who did or tried what, for good: a trigger refuses to change or remove a line. It refers to nothing, so that it outlives users and what they owned. Names of fields, never values.';

create index audit_events_newest_first on audit_events (at desc, id desc);
create index audit_events_by_target_owner on audit_events (target_owner_id, at desc, id desc);
create index audit_events_by_actor on audit_events (actor, at desc, id desc);

create function audit_events_stand() returns trigger language plpgsql as $$
begin
  raise exception 'audit events are neither changed nor removed'
    using errcode = 'insufficient_privilege';
end
$$;

create trigger audit_events_stand before update or delete or truncate on audit_events
  for each statement execute function audit_events_stand();
alter table audit_events enable always trigger audit_events_stand;
