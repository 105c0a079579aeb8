-- A call that was authorized before its project was transferred, and answered afterwards, stored for
-- the former owner of the project.
create function count_new_object_for_owner() returns trigger language plpgsql as $$
begin
  -- Waits for a transfer under way.
  perform from projects where id = new.holder_project_id for share;
  select coalesce(u.responsible_user_id, u.responsible_group_id, u.id) into new.borrower_id
  from projects p join users u on u.id = p.owner_id
  where p.id = new.holder_project_id;
  return new;
end
$$;
comment on function count_new_object_for_owner is
  'What a call stores through a project counts for whoever owns the project when it is recorded.';
create trigger provider_objects_count_for_owner before insert on provider_objects
  for each row when (new.holder_project_id is not null and new.borrower_id is not null)
  execute function count_new_object_for_owner();
