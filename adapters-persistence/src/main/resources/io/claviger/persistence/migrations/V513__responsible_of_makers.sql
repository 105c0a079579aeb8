-- Service accounts will count together with whoever is responsible for them. The next migration fills
-- this column and makes the index anew. That takes longer, but others can read the table meanwhile.
-- They can't while the table gets a column or loses an index, so this is done apart.
alter table provider_objects add column responsible_id uuid;
comment on column provider_objects.responsible_id is
  'The user or group responsible for the service account that made it. Null if a user made it.';
drop index provider_objects_of_borrower;
