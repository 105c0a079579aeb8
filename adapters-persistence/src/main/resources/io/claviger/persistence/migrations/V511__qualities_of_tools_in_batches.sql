alter table batch_files
  add column uses text[] collate "C" not null default '{}',
  add constraint batch_files_uses_count check (cardinality(uses) in (0, cardinality(models))) not valid;
comment on column batch_files.uses is
  'How often the requests for each model may use which tools of the provider, with the qualities that they state, such as code_interpreter/64g=1. Empty for files that were read before there was this column.';
alter table batch_reservations
  add column uses text[] collate "C" not null default '{}',
  add constraint batch_reservations_uses_count check (cardinality(uses) in (0, cardinality(models))) not valid;
comment on column batch_reservations.uses is
  'As in batch_files: how often the requests for each model may use which tools.';
