-- At the end of a transaction, because nodes wait for these locks, and in the order of nodes, which
-- lock accounts before they write anything else.
create or replace function forget_learned_limits() returns trigger language plpgsql as $$
declare
  former text collate "C" := case when old.capacity_group is null then 'service:' || old.id
    else 'group:' || old.owner_id || ':' || old.capacity_group end;
begin
  perform from capacity_accounts a where a.capacity = former order by a.model for update;
  delete from capacity_limits l where l.capacity = former;
  return null;
end
$$;

drop trigger instances_forget_capacity_minutes on instances;
create constraint trigger instances_forget_capacity_minutes
  after update of owner_id on instances
  deferrable initially deferred
  for each row when (old.owner_id <> new.owner_id)
  execute function forget_capacity_minutes();

drop trigger instances_forget_learned_limits on instances;
create constraint trigger instances_forget_learned_limits
  after update of owner_id, api_standard, provider, endpoint, organization, api_key_set_at
    on instances
  deferrable initially deferred
  for each row
  when ((old.owner_id, old.api_standard, old.provider, old.endpoint, old.organization,
      old.api_key_set_at)
    is distinct from (new.owner_id, new.api_standard, new.provider, new.endpoint,
      new.organization, new.api_key_set_at))
  execute function forget_learned_limits();

drop trigger instances_forget_learned_limits_of_deleted on instances;
create constraint trigger instances_forget_learned_limits_of_deleted
  after delete on instances
  deferrable initially deferred
  for each row execute function forget_learned_limits();
