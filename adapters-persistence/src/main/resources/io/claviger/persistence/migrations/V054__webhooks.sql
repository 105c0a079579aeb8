create table webhooks (
  id                  uuid                     not null,
  user_id             uuid                     not null,
  url                 text collate "C"         not null,
  thresholds          smallint[]               not null,
  secret_sealed       bytea                    not null,
  secret_sealed_under text collate "C"
    generated always as (sealed_under(secret_sealed)) stored,
  secret_sealed_state text collate "C" generated always as ('live') stored,
  version             bigint                   not null,
  created_at          timestamp with time zone not null,
  updated_at          timestamp with time zone not null,
  next_attempt_at     timestamp with time zone not null,
  failures            integer                  not null default 0,
  failed_at           timestamp with time zone,
  failure             text collate "C",
  delivered_at        timestamp with time zone,

  constraint webhooks_pkey primary key (id),
  constraint webhooks_user_id_key unique (user_id),
  constraint webhooks_user_fkey foreign key (user_id) references users (id) on delete cascade,
  constraint webhooks_secret_sealed_fkey
    foreign key (secret_sealed_under, secret_sealed_state) references encryption_keys (id, state),
  constraint webhooks_secret_looks_sealed check (looks_sealed(secret_sealed)),
  constraint webhooks_url_length check (char_length(url) between 1 and 2048),
  constraint webhooks_url_secure check (url like 'https://%'),
  constraint webhooks_thresholds_count check (cardinality(thresholds) between 1 and 10),
  constraint webhooks_thresholds_percent
    check (1 <= all (thresholds) and 100 >= all (thresholds)),
  constraint webhooks_version_positive check (version > 0),
  constraint webhooks_failures_not_negative check (failures >= 0),
  constraint webhooks_failure_whole check (num_nonnulls(failed_at, failure) in (0, 2)),
  constraint webhooks_failure_known
    check (failure in
      ('address_not_allowed', 'unreachable', 'timed_out', 'rejected', 'secret_unusable'))
);
comment on table webhooks is
  'Where a user is told that budgets have been used up to a threshold; at most one for each. Ends with its user.';
comment on column webhooks.thresholds is
  'Percent of a budget, ascending.';
comment on column webhooks.secret_sealed is
  'What messages are signed with. Sealed to id and URL.';
comment on column webhooks.next_attempt_at is
  'Until then no node posts a message. Whoever posts one moves it ahead first, so that one node posts at a time.';
comment on column webhooks.failures is
  'How many attempts in a row have failed.';

create table webhook_messages (
  id               uuid                     not null,
  webhook_id       uuid                     not null,
  account          text collate "C"         not null,
  unit             text collate "C"         not null,
  "window"         text collate "C"         not null,
  zone             text collate "C"         not null,
  window_starts_at timestamp with time zone not null,
  resets_at        timestamp with time zone,
  threshold        smallint                 not null,
  amount           bigint                   not null,
  settled          bigint                   not null,
  created_at       timestamp with time zone not null,

  constraint webhook_messages_pkey primary key (id),
  constraint webhook_messages_threshold_key
    unique (webhook_id, account, unit, "window", zone, window_starts_at, threshold),
  constraint webhook_messages_webhook_fkey foreign key (webhook_id)
    references webhooks (id) on delete cascade,
  constraint webhook_messages_account_length check (char_length(account) between 1 and 200),
  constraint webhook_messages_unit_known check (unit in ('usd', 'tokens', 'requests')),
  constraint webhook_messages_window_known check ("window" in ('day', 'week', 'month', 'total')),
  constraint webhook_messages_zone_length check (char_length(zone) between 1 and 64),
  constraint webhook_messages_resets_by_window
    check (("window" = 'total') = (resets_at is null)),
  constraint webhook_messages_threshold_percent check (threshold between 1 and 100),
  constraint webhook_messages_amount_positive check (amount > 0),
  constraint webhook_messages_settled_not_negative check (settled >= 0)
);
comment on table webhook_messages is
  'The outbox of webhooks: thresholds that were reached and that nobody was told about yet. Written in the transaction that charged the budget; deleted once it is delivered or a day old.';
comment on column webhook_messages.account is
  'Whose use was counted, as accounts of budgets are named.';
comment on column webhook_messages.amount is
  'With raises, in nano-dollars, tokens or requests; so is settled.';

create index webhook_messages_oldest on webhook_messages (webhook_id, created_at, threshold);
create index webhook_messages_created_at on webhook_messages (created_at);
