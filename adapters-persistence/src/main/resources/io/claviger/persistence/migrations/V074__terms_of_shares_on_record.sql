alter table audit_events
  add column terms text[] not null default '{}',
  add constraint audit_events_terms_whole check (cardinality(terms) % 3 = 0);
comment on column audit_events.terms is
  'The terms of a share or a membership: of each its field, its text before the change and its text after it, which is empty where there is none.';
comment on table audit_events is
  'Who did or tried what, for good: a trigger refuses to change or remove a line. It refers to nothing, so that it outlives users and what they owned. It has the values of roles and limits that somebody gave, and of nothing else.';

create index audit_events_by_outcome on audit_events (outcome, at desc, id desc)
  where outcome <> 'done';
