create table usage_writers (
  writer     uuid                     not null,
  batch      bigint                   not null,
  written_at timestamp with time zone not null default clock_timestamp(),

  constraint usage_writers_pkey primary key (writer),
  constraint usage_writers_batch_positive check (batch > 0)
);
comment on table usage_writers is
  'Which batch of usage each node wrote last, so that one whose end nobody saw is not added twice.';
