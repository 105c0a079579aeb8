-- A call on a URL that names no service looks for its objects by their names alone.
create index provider_objects_by_name on provider_objects (object_id, kind)
  where state = 'live';
create index shared_objects_by_name on shared_objects (object_id, kind);
