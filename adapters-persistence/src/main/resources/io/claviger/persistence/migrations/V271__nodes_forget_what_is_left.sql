-- Nodes are told of each object that is left at the provider. Only the change of an account says so
-- with its one line for the service.
create function leave_objects_of_account(service uuid) returns int
language plpgsql as $$
declare
  ended int;
begin
  perform set_config('claviger.account_changes', 'yes', true);
  update provider_objects o
  set state = 'left', ended_at = coalesce(o.ended_at, clock_timestamp()),
    retry_at = null, retry_until = null
  where o.service_id = service and o.state in ('live', 'deleting', 'orphan');
  get diagnostics ended = row_count;
  perform set_config('claviger.account_changes', '', true);
  return ended;
end
$$;
comment on function leave_objects_of_account is
  'Ends all objects of a service whose key reaches another account from now on. Whoever calls it changes the service too, which tells the nodes.';

drop trigger provider_objects_note_end on provider_objects;
create constraint trigger provider_objects_note_end
  after update of state, expires_at on provider_objects
  deferrable initially deferred for each row
  when (old.state = 'live'
    and (old.state, old.expires_at) is distinct from (new.state, new.expires_at)
    and current_setting('claviger.account_changes', true) is distinct from 'yes')
  execute function note_row('subject');
