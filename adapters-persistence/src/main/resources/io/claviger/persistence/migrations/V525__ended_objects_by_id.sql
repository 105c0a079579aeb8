-- A client that has deleted an object may name it as the cursor of a list. Without this index, a cursor
-- that names no object at all would be looked for among all objects of its holder.
create index provider_objects_ended_by_id on provider_objects (service_id, kind, object_id)
  where state in ('deleted', 'expired', 'left');
