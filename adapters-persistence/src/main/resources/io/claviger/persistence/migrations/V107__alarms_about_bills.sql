create table bill_months (
  service_id  uuid                     not null,
  month       date                     not null,
  unexplained bigint                   not null,
  compared_at timestamp with time zone not null,
  told_at     timestamp with time zone,

  constraint bill_months_pkey primary key (service_id, month),
  constraint bill_months_service_fkey foreign key (service_id)
    references instances (id) on delete cascade,
  constraint bill_months_month_begins
    check (extract(day from month) = 1 and month between '2020-01-01' and '2199-12-01'),
  constraint bill_months_unexplained_not_negative check (unexplained >= 0)
);
comment on table bill_months is
  'What is unexplained of the bill of a service for a month, as it was when figures were last read.';
comment on column bill_months.month is 'The first day of the month.';
comment on column bill_months.unexplained is 'In nano-dollars.';
comment on column bill_months.told_at is
  'When the webhook of the owner was told. It is told once, also where there was no webhook or the owner changes.';

create index bill_months_largest on bill_months (month, unexplained desc);
create index bill_days_of_day on bill_days (day);
create index bill_invoices_of_month on bill_invoices (month);

alter table webhook_messages
  alter account drop not null,
  alter unit drop not null,
  alter "window" drop not null,
  alter zone drop not null,
  alter window_starts_at drop not null,
  alter threshold drop not null,
  alter amount drop not null,
  alter settled drop not null,
  add column service_id uuid,
  add column month date,
  add column theirs bigint,
  add column ours bigint,
  add column unexplained bigint,
  add constraint webhook_messages_bill_key unique (service_id, month),
  add constraint webhook_messages_service_fkey foreign key (service_id)
    references instances (id) on delete cascade,
  add constraint webhook_messages_whole check (
    (num_nulls(account, unit, "window", zone, window_starts_at, threshold, amount, settled) = 0
      and num_nonnulls(service_id, month, theirs, ours, unexplained) = 0)
    or (num_nonnulls(account, unit, "window", zone, window_starts_at, resets_at, threshold, amount,
        settled) = 0
      and num_nulls(service_id, month, theirs, ours, unexplained) = 0)),
  add constraint webhook_messages_unexplained_positive check (unexplained > 0);
comment on table webhook_messages is
  'The outbox of webhooks: thresholds of budgets that were reached and bills with much that is unexplained, of which nobody was told yet. Written in the transaction that charged the budget or stored the figures; deleted once it is delivered or a day old.';
comment on column webhook_messages.account is
  'Whose use was counted, as accounts of budgets are named. Empty in messages about bills.';
comment on column webhook_messages.service_id is
  'Whose bill it is; empty in messages about budgets.';
comment on column webhook_messages.theirs is
  'What the provider bills for the month, in nano-dollars; so are ours and unexplained.';
