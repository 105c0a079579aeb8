-- Whoever asked for a change of a service sees the change after losing the service. Until now, this showed
-- where the service had gone after a transfer, and the new owner saw what the former owner had changed.
-- The columns are empty for changes that were asked for before, and on nodes that do not know them yet.
alter table approvals
  add column owner_id     uuid,
  add column asked_owner  text collate "C",
  add column asked_handle text collate "C";
comment on column approvals.owner_id is
  'Who owned the service when the change was asked for. After a transfer, only administrators and the asker see the change.';
comment on column approvals.asked_owner is
  'With asked_handle, the name of the service when the change was asked for. An asker who no longer sees the service sees this name.';
