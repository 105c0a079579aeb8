alter table nodes
  add column version text,
  add column revocation_micros bigint,
  add constraint nodes_version_length check (char_length(version) between 1 and 100),
  add constraint nodes_revocation_not_negative check (revocation_micros >= 0);
comment on column nodes.version is
  'Which version of Claviger the node runs; null until it says so. Older versions never do.';
comment on column nodes.revocation_micros is
  'The longest time in microseconds, in the last minutes, from a change in the database until the node knew of it; null where it was not measured.';
