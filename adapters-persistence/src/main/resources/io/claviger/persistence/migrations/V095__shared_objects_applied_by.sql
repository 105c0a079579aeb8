alter table shared_objects
  add column applied_by text,
  add constraint shared_objects_applied_by_length check (length(applied_by) between 1 and 100);
comment on column shared_objects.applied_by is
  'The name of the file from which the object was shared. Null where it was shared by hand; then no file ends that.';
