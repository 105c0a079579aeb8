-- If the last user or group with whom an object was shared was deleted, the object stayed shared with
-- nobody. The console showed such an object as shared with all borrowers, and saving its form then
-- shared it with all of them. From now on, the sharing ends together with the last borrower.
create function end_sharing_with_nobody() returns trigger language plpgsql as $$
begin
  -- Two transactions can delete the last two borrowers of an object. The later one waits here, and
  -- then sees that the other borrower is gone. All lock the objects in the same order.
  perform from shared_objects s
  where not s.for_all
    and (s.service_id, s.kind, s.object_id) in (select g.service_id, g.kind, g.object_id from gone g)
  order by s.service_id, s.kind, s.object_id
  for update;
  delete from shared_objects s
  where not s.for_all
    and (s.service_id, s.kind, s.object_id) in (select g.service_id, g.kind, g.object_id from gone g)
    and not exists (
      select from shared_object_borrowers b
      where b.service_id = s.service_id and b.kind = s.kind and b.object_id = s.object_id);
  return null;
end
$$;
comment on function end_sharing_with_nobody is
  'Ends the sharing of an object with the last of those with whom it was shared.';
create trigger shared_object_borrowers_end_sharing after delete on shared_object_borrowers
  referencing old table as gone
  for each statement execute function end_sharing_with_nobody();

delete from shared_objects s
where not s.for_all
  and not exists (
    select from shared_object_borrowers b
    where b.service_id = s.service_id and b.kind = s.kind and b.object_id = s.object_id);
