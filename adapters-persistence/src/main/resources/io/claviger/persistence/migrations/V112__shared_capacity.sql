create unlogged table capacity_accounts (
  capacity   text collate "C"         not null,
  model      text collate "C"         not null,
  state      bytea                    not null,
  changed_at timestamp with time zone not null,

  constraint capacity_accounts_pkey primary key (capacity, model),
  constraint capacity_accounts_capacity_length check (char_length(capacity) between 1 and 200),
  constraint capacity_accounts_model_length check (char_length(model) <= 300),
  constraint capacity_accounts_state_bounded check (octet_length(state) <= 4194304)
) with (fillfactor = 50);
alter table capacity_accounts alter column state set storage external;
create index capacity_accounts_changed on capacity_accounts (changed_at);
comment on table capacity_accounts is
  'What is left of what a provider allows in a minute and at a time, and what borrowers on all nodes want of it. A node that exchanges locks the row. Lost in a crash of the server: then nothing counts as left at first.';
comment on column capacity_accounts.capacity is
  'The service, or the owner and the name of the group of services, that share what is allowed.';
comment on column capacity_accounts.model is 'Empty where a limit is for all models together.';

create table capacity_limits (
  capacity   text collate "C"         not null,
  model      text collate "C"         not null,
  limit_name text                     not null,
  learned    bigint                   not null,
  learned_at timestamp with time zone not null,
  left_over  bigint,
  resets_at  timestamp with time zone,

  constraint capacity_limits_pkey primary key (capacity, model, limit_name),
  constraint capacity_limits_capacity_length check (char_length(capacity) between 1 and 200),
  constraint capacity_limits_model_length check (char_length(model) <= 300),
  constraint capacity_limits_limit_known check (limit_name in (
    'requests_per_minute', 'tokens_per_minute', 'input_tokens_per_minute',
    'output_tokens_per_minute', 'concurrent_calls')),
  constraint capacity_limits_learned_bounds check (learned between 1 and 1000000000),
  constraint capacity_limits_left_over_bounds check (left_over between 0 and 1000000000)
) with (fillfactor = 70);
create index capacity_limits_learned_at on capacity_limits (learned_at);
comment on table capacity_limits is
  'What answers of providers said of their limits; the newest answer counts.';
comment on column capacity_limits.left_over is 'How much of the limit the newest answer left.';
comment on column capacity_limits.resets_at is 'When all of it is free again.';

create table capacity_minutes (
  capacity      text collate "C"         not null,
  model         text collate "C"         not null,
  minute        timestamp with time zone not null,
  borrower      uuid                     not null,
  requests      bigint                   not null,
  input_tokens  bigint                   not null,
  output_tokens bigint                   not null,
  waited        bigint                   not null,
  waited_ms     bigint                   not null,
  refused       bigint                   not null,

  constraint capacity_minutes_pkey primary key (capacity, model, minute, borrower),
  constraint capacity_minutes_capacity_length check (char_length(capacity) between 1 and 200),
  constraint capacity_minutes_model_length check (char_length(model) <= 300),
  constraint capacity_minutes_whole check (
    minute = date_trunc('minute', minute, 'UTC')),
  constraint capacity_minutes_counts_positive check (
    least(requests, input_tokens, output_tokens, waited, waited_ms, refused) >= 0)
) with (fillfactor = 70);
create index capacity_minutes_ended on capacity_minutes (minute);
comment on table capacity_minutes is
  'What borrowers used of a shared capacity in each minute of the last hour, and how their calls waited.';
comment on column capacity_minutes.requests is 'Calls that went out in the minute.';
comment on column capacity_minutes.input_tokens is 'Of the calls that ended in the minute.';
comment on column capacity_minutes.waited is 'How many calls waited and ended their wait in the minute.';
comment on column capacity_minutes.refused is
  'How many calls were refused because nothing was left in time.';

create unlogged table capacity_nodes (
  capacity   text collate "C"         not null,
  model      text collate "C"         not null,
  node       uuid                     not null,
  waiting    integer                  not null,
  longest_ms bigint                   not null,
  concurrent integer                  not null,
  stated_at  timestamp with time zone not null,

  constraint capacity_nodes_pkey primary key (capacity, model, node),
  constraint capacity_nodes_capacity_length check (char_length(capacity) between 1 and 200),
  constraint capacity_nodes_model_length check (char_length(model) <= 300),
  constraint capacity_nodes_counts_positive check (least(waiting, longest_ms, concurrent) >= 0)
) with (fillfactor = 50);
create index capacity_nodes_stated on capacity_nodes (stated_at);
comment on table capacity_nodes is
  'How many calls wait on each node for a shared capacity, how long the first of them has waited, and how many are under way. Rows of silent nodes are removed.';
