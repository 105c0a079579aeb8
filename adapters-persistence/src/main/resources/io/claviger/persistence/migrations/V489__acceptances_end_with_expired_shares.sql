-- A share that has expired stays as a row, so that it can be renewed. What its user accepted for it
-- has ended with it: who renews a share has no consent to that.
create function end_acceptances() returns trigger language plpgsql as $$
begin
  delete from bare_names
  where instance_id = new.instance_id and grantee_id = new.grantee_id;
  return null;
end
$$;
comment on function end_acceptances is
  'Ends what users accepted for a share that had expired before it was changed.';
create trigger shares_end_acceptances after update of expires_at on shares
  for each row
  when (old.expires_at <= now() and old.expires_at is distinct from new.expires_at)
  execute function end_acceptances();
