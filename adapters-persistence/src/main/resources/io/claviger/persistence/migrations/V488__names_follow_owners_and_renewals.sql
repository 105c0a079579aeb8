-- To which services a name leads also depends on a service that a user gets by a transfer, and on
-- one whose share had expired and lasts longer now. No entry of theirs names such a service yet.
create constraint trigger instances_note_owner after update of owner_id on instances
  deferrable initially deferred for each row
  when (old.owner_id <> new.owner_id) execute function note_row('owner_id');
create constraint trigger shares_note_new_end after update of expires_at on shares
  deferrable initially deferred for each row
  when (old.expires_at is distinct from new.expires_at) execute function note_row('grantee_id');
