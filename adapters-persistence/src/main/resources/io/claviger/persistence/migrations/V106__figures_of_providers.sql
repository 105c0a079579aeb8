create table bill_days (
  service_id      uuid                     not null,
  owner_id        uuid                     not null,
  day             date                     not null,
  read_at         timestamp with time zone not null,
  usage_models    text[] collate "C"       not null,
  usage_keys      text[] collate "C"       not null,
  usage_tiers     text[] collate "C"       not null,
  quantities      bigint[]                 not null,
  fee_places      integer[]                not null,
  fee_names       text[] collate "C"       not null,
  fee_counts      bigint[]                 not null,
  cost_lines      text[] collate "C"       not null,
  cost_models     text[] collate "C"       not null,
  cost_currencies text[] collate "C"       not null,
  cost_amounts    bigint[]                 not null,

  constraint bill_days_pkey primary key (service_id, owner_id, day),
  constraint bill_days_service_fkey foreign key (service_id)
    references instances (id) on delete cascade,
  constraint bill_days_owner_fkey foreign key (owner_id)
    references users (id) on delete cascade,
  constraint bill_days_usage_count check (cardinality(usage_models) <= 1000),
  constraint bill_days_usage_whole check (
    cardinality(usage_keys) = cardinality(usage_models)
    and cardinality(usage_tiers) = cardinality(usage_models)
    and cardinality(quantities) = 6 * cardinality(usage_models)),
  constraint bill_days_quantities_not_negative
    check (array_position(quantities, null) is null and 0 <= all (quantities)),
  constraint bill_days_fees_count check (cardinality(fee_places) <= 16000),
  constraint bill_days_fees_whole check (
    cardinality(fee_names) = cardinality(fee_places)
    and cardinality(fee_counts) = cardinality(fee_places)),
  constraint bill_days_fees_of_usage check (
    0 <= all (fee_places) and cardinality(usage_models) > all (fee_places)),
  constraint bill_days_fee_counts_not_negative
    check (array_position(fee_counts, null) is null and 0 <= all (fee_counts)),
  constraint bill_days_costs_count check (cardinality(cost_lines) <= 1000),
  constraint bill_days_costs_whole check (
    cardinality(cost_models) = cardinality(cost_lines)
    and cardinality(cost_currencies) = cardinality(cost_lines)
    and cardinality(cost_amounts) = cardinality(cost_lines)),
  constraint bill_days_cost_amounts_not_negative
    check (array_position(cost_amounts, null) is null and 0 <= all (cost_amounts))
);
comment on table bill_days is
  'What the provider of a service stated about a day (UTC): what was used, and what it costs. Read again until the provider changes it no more. Another owner of the service does not see it.';
comment on column bill_days.usage_models is
  'The usage, a row for each place in the arrays: its model, key and tier, empty where the provider names none.';
comment on column bill_days.quantities is
  'For each row of usage: requests, fresh and cached input, input written to a cache for 5 minutes and for an hour, and output.';
comment on column bill_days.fee_places is
  'What was used besides tokens: the place of the row of usage, from 0, a name and how often.';
comment on column bill_days.cost_lines is
  'The lines of the bill: their names and models, empty where the provider gives none, currencies, and amounts in billionths.';

create index bill_days_of_owner on bill_days (owner_id);

create table bill_runs (
  service_id uuid                     not null,
  due_at     timestamp with time zone not null,
  asked_at   timestamp with time zone,
  read_at    timestamp with time zone,
  failures   integer                  not null default 0,
  failed_at  timestamp with time zone,
  failure    text collate "C",

  constraint bill_runs_pkey primary key (service_id),
  constraint bill_runs_service_fkey foreign key (service_id)
    references instances (id) on delete cascade,
  constraint bill_runs_failures_not_negative check (failures >= 0),
  constraint bill_runs_failure_whole
    check (num_nonnulls(failed_at, failure) in (0, 2) and (failed_at is null) = (failures = 0)),
  constraint bill_runs_failure_length check (char_length(failure) between 1 and 64)
);
comment on table bill_runs is
  'When the figures of a service are read from its provider. Whoever reads them moves due_at ahead first, so that one node does.';
comment on column bill_runs.asked_at is
  'When somebody last asked for a reading; the next minute refuses another one.';
comment on column bill_runs.failures is
  'How many readings in a row have failed.';

create index bill_runs_due on bill_runs (due_at);
