alter table identities
  add column unanswered_since timestamp with time zone;
comment on column identities.unanswered_since is
  'While refresh_uncertain: when the first of the questions was due whose answers are not on record. Null where an older version asked.';

create index identities_unanswered on identities (unanswered_since)
  where refresh_uncertain and refresh_due_at is not null and unanswered_since is not null;
