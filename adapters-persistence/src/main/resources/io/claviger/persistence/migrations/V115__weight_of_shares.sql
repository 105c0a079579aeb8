alter table shares
  add column weight integer not null default 10,
  add constraint shares_weight_bounds check (weight between 1 and 100);
comment on column shares.weight is
  'How much of what the provider allows the grantee, or each member of the group, gets while others want it too, compared with them.';

-- Calls depend on who is responsible for a service account, with whose use its own counts.
drop trigger users_note_change on users;
create constraint trigger users_note_change
  after delete or update of id, handle, display_name, email, administrator, suspended_at,
    sign_in_due_at, responsible_id, responsible_handle, version, created_at, updated_at on users
  deferrable initially deferred for each row execute function note_row('id');
