create table transfers (
  id          uuid                     not null,
  from_id     uuid                     not null,
  from_handle text collate "C"         not null,
  to_id       uuid                     not null,
  to_handle   text collate "C"         not null,
  offered_by  uuid,
  state       text                     not null,
  open        boolean                  not null generated always as (state = 'offered') stored,
  offered_at  timestamp with time zone not null,
  expires_at  timestamp with time zone not null,
  ended_at    timestamp with time zone,

  constraint transfers_pkey primary key (id),
  constraint transfers_id_open_key unique (id, open),
  constraint transfers_from_fkey foreign key (from_id, from_handle)
    references users (id, handle) on delete cascade,
  constraint transfers_to_fkey foreign key (to_id, to_handle)
    references users (id, handle) on delete cascade,
  constraint transfers_offered_by_fkey foreign key (offered_by)
    references users (id) on delete set null,
  constraint transfers_to_another check (from_id <> to_id),
  constraint transfers_nothing_of_system check (from_handle <> '_system'),
  constraint transfers_nothing_to_system check (to_handle <> '_system'),
  constraint transfers_state_known
    check (state in ('offered', 'accepted', 'declined', 'withdrawn', 'expired')),
  constraint transfers_expire_later check (expires_at > offered_at),
  constraint transfers_ended_unless_offered check ((state = 'offered') = (ended_at is null))
);
comment on table transfers is
  'Offers of one user to give services and projects to another, who accepts or declines. They end with either of them; the audit trail keeps what happened.';
comment on column transfers.offered_by is
  'Who offered: the giver, or an administrator for a suspended giver; null when they are gone.';

create index transfers_of_giver on transfers (from_id, offered_at, id);
create index transfers_of_receiver on transfers (to_id, offered_at, id);
create index transfers_offered_by on transfers (offered_by) where offered_by is not null;
create index transfers_overdue on transfers (expires_at) where state = 'offered';
create index transfers_ended on transfers (ended_at) where ended_at is not null;

create table transfer_items (
  transfer_id uuid             not null,
  position    integer          not null,
  open        boolean          not null,
  kind        text             not null,
  handle      text collate "C" not null,
  new_handle  text collate "C",
  service_id  uuid,
  project_id  uuid,

  constraint transfer_items_pkey primary key (transfer_id, position),
  -- Whether the transfer is open is repeated here, so that an index can allow each thing in only
  -- one open transfer.
  constraint transfer_items_transfer_fkey foreign key (transfer_id, open)
    references transfers (id, open) on update cascade on delete cascade,
  constraint transfer_items_service_fkey foreign key (service_id)
    references instances (id) on delete set null,
  constraint transfer_items_project_fkey foreign key (project_id)
    references projects (id) on delete set null,
  constraint transfer_items_position_bounds check (position between 1 and 100),
  constraint transfer_items_kind_known check (kind in ('service', 'project')),
  constraint transfer_items_of_their_kind check (
    case kind when 'service' then project_id is null else service_id is null end),
  constraint transfer_items_handle_shape check (is_handle(handle)),
  constraint transfer_items_new_handle_shape check (is_handle(new_handle))
);
comment on table transfer_items is
  'What a transfer offers, by the handle at that time, and the handle that it got with the receiver. The id is null once the thing was deleted.';

create unique index transfer_items_service_open on transfer_items (service_id) where open;
create unique index transfer_items_project_open on transfer_items (project_id) where open;
create index transfer_items_of_service on transfer_items (service_id)
  where service_id is not null;
create index transfer_items_of_project on transfer_items (project_id)
  where project_id is not null;
