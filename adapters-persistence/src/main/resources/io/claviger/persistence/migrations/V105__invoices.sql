create table bill_invoices (
  service_id uuid                     not null,
  owner_id   uuid                     not null,
  month      date                     not null,
  currency   text collate "C"         not null,
  total      bigint                   not null,
  models     text[] collate "C"       not null,
  amounts    bigint[]                 not null,
  version    bigint                   not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,

  constraint bill_invoices_pkey primary key (service_id, owner_id, month),
  constraint bill_invoices_service_fkey foreign key (service_id)
    references instances (id) on delete cascade,
  constraint bill_invoices_owner_fkey foreign key (owner_id)
    references users (id) on delete cascade,
  constraint bill_invoices_month_begins
    check (extract(day from month) = 1 and month between '2020-01-01' and '2199-12-01'),
  constraint bill_invoices_currency_code check (currency ~ '^[A-Z]{3}$'),
  constraint bill_invoices_total_bounds check (total between 0 and 1000000000000000000),
  constraint bill_invoices_models_count
    check (cardinality(models) <= 200 and cardinality(models) = cardinality(amounts)),
  constraint bill_invoices_models_named
    check (array_position(models, null) is null and array_position(models, '') is null),
  constraint bill_invoices_amounts_not_negative
    check (array_position(amounts, null) is null and 0 <= all (amounts)),
  constraint bill_invoices_version_positive check (version > 0)
);
comment on table bill_invoices is
  'What providers billed for a month of a service, as its owner entered it. Another owner of the service does not see it.';
comment on column bill_invoices.month is 'The first day of the month.';
comment on column bill_invoices.total is 'In billionths of the currency; so are amounts.';
comment on column bill_invoices.amounts is
  'What of the total was billed for each of the models, in their order.';

create index bill_invoices_of_owner on bill_invoices (owner_id);
