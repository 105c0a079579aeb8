create function forget_capacity_minutes() returns trigger language plpgsql as $$
begin
  -- In the order of nodes, which lock accounts before they write minutes.
  perform from capacity_accounts a where a.capacity = 'service:' || new.id
  order by a.model for update;
  delete from capacity_minutes m where m.capacity = 'service:' || new.id;
  return null;
end
$$;
comment on function forget_capacity_minutes is
  'Removes who used a service in the last hour when it gets another owner, who must not learn to whom the former one lent it.';

create trigger instances_forget_capacity_minutes
  after update of owner_id on instances
  for each row when (old.owner_id <> new.owner_id)
  execute function forget_capacity_minutes();
