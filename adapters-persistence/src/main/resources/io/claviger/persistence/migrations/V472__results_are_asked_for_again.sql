-- The files with the results of a batch are recorded after its charge. If the node died in between, or
-- had no answer, nobody did it. Batches that are settled already are asked for once more, too.
alter table batch_reservations
  add column results_due_at timestamp with time zone,
  add column results_checks integer not null default 0,
  add constraint batch_reservations_results_of_settled
    check (results_due_at is null or (state = 'settled' and batch_id is not null));
comment on column batch_reservations.results_due_at is
  'When a node may ask the provider for the files with the results; null before the charge, and after they were recorded.';
comment on column batch_reservations.results_checks is
  'How often the provider was asked for these files.';
update batch_reservations set results_due_at = clock_timestamp()
where state = 'settled' and batch_id is not null;
create index batch_reservations_results on batch_reservations (owner_id, results_due_at)
  where results_due_at is not null;
