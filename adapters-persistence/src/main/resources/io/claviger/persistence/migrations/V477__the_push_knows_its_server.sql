-- Restored files have the cursor of the push together with the trail, and the same name of the
-- database as before. Only the start of the server shows that the trail may have gone back.
alter table audit_push add column server text collate "C" not null default '';
comment on column audit_push.server is
  'When the server was started in which the cursor was moved, in seconds since 1970. Nodes of earlier versions leave it as it is. If the server is another one, the receiver is told after which number the trail continues.';
