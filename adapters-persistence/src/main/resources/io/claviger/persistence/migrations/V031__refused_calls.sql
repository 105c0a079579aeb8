-- Calls that were refused for their rate, operation or model.
alter table usage_daily
  add column refused bigint not null default 0,
  add constraint usage_daily_refused_bounds check (refused >= 0),
  drop constraint usage_daily_requests_positive,
  add constraint usage_daily_counts_something check (requests > 0 or refused > 0);
