-- A dump holds the cursor of the push together with the trail, so after a restore both fit each
-- other. Only a name of the database that no restore keeps shows that the trail went back.
alter table audit_push add column history text collate "C" not null default '';
comment on column audit_push.history is
  'The name of the database in which the cursor was moved, a space, and the signature of the cursor with this name, in base64. Nodes of earlier versions leave it as it is. If the name is another one, the database was restored, and all is pushed again.';
