-- What was learned is about the account that the former key belongs to.
create function forget_learned_limits() returns trigger language plpgsql as $$
begin
  delete from capacity_limits
  where capacity = case when old.capacity_group is null then 'service:' || old.id
    else 'group:' || old.owner_id || ':' || old.capacity_group end;
  return null;
end
$$;
comment on function forget_learned_limits is
  'Forgets what answers said of the limits of a service, or of the group that it was in.';

create trigger instances_forget_learned_limits
  after update of owner_id, api_standard, provider, endpoint, organization, api_key_set_at
    on instances
  for each row
  when ((old.owner_id, old.api_standard, old.provider, old.endpoint, old.organization,
      old.api_key_set_at)
    is distinct from (new.owner_id, new.api_standard, new.provider, new.endpoint,
      new.organization, new.api_key_set_at))
  execute function forget_learned_limits();
create trigger instances_forget_learned_limits_of_deleted
  after delete on instances
  for each row execute function forget_learned_limits();
