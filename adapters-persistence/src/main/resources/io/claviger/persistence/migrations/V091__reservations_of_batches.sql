-- Files that were read before can't be bounded. Without a row, they have to be uploaded again.
delete from batch_files;
alter table batch_files
  drop column first_lines,
  drop column model_requests,
  drop column model_bytes,
  drop column outputs,
  drop column largest_outputs,
  drop column first_unbounded,
  add column quantities bigint[] not null,
  add constraint batch_files_quantities_count
    check (cardinality(quantities) = 13 * cardinality(models));
comment on column batch_files.models is 'The models that it names.';
comment on column batch_files.quantities is
  'What the requests for each model ask for: 13 numbers each, in the order in which the code declares them.';

create table batch_reservations (
  id               uuid                     not null,
  service_id       uuid                     not null,
  batch_id         text collate "C",
  input_id         text collate "C",
  state            text                     not null,
  user_id          uuid                     not null,
  user_handle      text                     not null,
  service_ref      text                     not null,
  owner_id         uuid                     not null,
  project_id       uuid,
  project_ref      text,
  project_owner_id uuid,
  key_source       text                     not null,
  provider         text                     not null,
  path             text collate "C"         not null,
  accounts         text[] collate "C"       not null,
  models           text[] collate "C"       not null,
  quantities       bigint[]                 not null,
  accepted_at      timestamp with time zone not null,
  ends_at          timestamp with time zone not null,
  due_at           timestamp with time zone,
  checks           integer                  not null,
  settled_at       timestamp with time zone,

  constraint batch_reservations_pkey primary key (id),
  constraint batch_reservations_state_known check (state in ('open', 'settled')),
  constraint batch_reservations_settled_once
    check ((state = 'open') = (settled_at is null) and (state = 'open') = (due_at is not null)),
  constraint batch_reservations_batch_id_length check (char_length(batch_id) between 1 and 512),
  constraint batch_reservations_input_id_length check (char_length(input_id) between 1 and 512),
  constraint batch_reservations_path_length check (char_length(path) between 1 and 300),
  constraint batch_reservations_project_whole check (
    (project_id is null) = (project_ref is null)
    and (project_id is null) = (project_owner_id is null)),
  constraint batch_reservations_models_count check (cardinality(models) between 1 and 100),
  constraint batch_reservations_quantities_count
    check (cardinality(quantities) = 7 * cardinality(models)),
  constraint batch_reservations_end_later check (ends_at > accepted_at)
);
comment on table batch_reservations is
  'Batches that were sent to providers, until their use is known and charged. They refer to nothing: the service, the user and the project may be gone by then.';
comment on column batch_reservations.batch_id is
  'The provider''s id; null until the provider has answered.';
comment on column batch_reservations.input_id is
  'The file with the requests, by which a batch is found whose creation was not answered; null if there is no file.';
comment on column batch_reservations.owner_id is 'Who owned the service when the batch was made.';
comment on column batch_reservations.accounts is
  'The accounts of services and users to which it is charged, whether or not there is a budget.';
comment on column batch_reservations.quantities is
  'What was expected of each model: 7 numbers each, in the order in which the code declares them.';
comment on column batch_reservations.ends_at is
  'When the provider gives the batch up. What is not known two days later counts as used.';
comment on column batch_reservations.due_at is
  'When a node may ask the provider next. A node that asks moves it first, so that no other asks too.';
create unique index batch_reservations_batch on batch_reservations (service_id, batch_id)
  where state = 'open' and batch_id is not null;
create index batch_reservations_due on batch_reservations (due_at) where due_at is not null;
create index batch_reservations_settled on batch_reservations (settled_at)
  where settled_at is not null;

create table batch_budgets (
  reservation_id uuid                     not null,
  account_id     uuid                     not null,
  starts_at      timestamp with time zone not null,
  reserved       bigint                   not null,
  budget         bigint                   not null,
  is_strict      boolean                  not null,

  constraint batch_budgets_pkey primary key (reservation_id, account_id),
  constraint batch_budgets_reservation_fkey foreign key (reservation_id)
    references batch_reservations (id) on delete cascade,
  constraint batch_budgets_window_fkey foreign key (account_id, starts_at)
    references budget_windows (account_id, starts_at) on delete cascade,
  constraint batch_budgets_reserved_bounds check (reserved between 0 and 1000000000000000000),
  constraint batch_budgets_budget_positive check (budget > 0)
);
comment on table batch_budgets is
  'What a batch has reserved of budgets. It is part of what their windows have reserved, and no part of what a node has leased.';
comment on column batch_budgets.starts_at is
  'The window in which the batch was accepted, to which it is charged.';
comment on column batch_budgets.budget is 'The amount of the budget when the batch was accepted.';
create index batch_budgets_window on batch_budgets (account_id, starts_at);

comment on column budget_windows.reserved is
  'The sum of what the leases of the window grant, and of what batches have reserved.';

create function reserve_for_batch(
  reservation uuid, accounts uuid[], subjects text[], units text[], periods text[], zones text[],
  amounts bigint[], budgets bigint[], stricts boolean[])
returns table (item bigint, now_left bigint, window_ends timestamp with time zone)
language plpgsql as $$
declare
  most constant bigint := 4000000000000000000;
  now_exactly timestamp with time zone := budget_clock();
  one record;
  w budget_windows;
  window_start timestamp with time zone;
  total bigint;
begin
  if current_setting('synchronous_commit') = 'off' then
    -- What a crash forgets could be spent twice.
    perform set_config('synchronous_commit', 'on', true);
  end if;
  -- Everybody locks in this order.
  for one in
    select e.* from unnest(
      accounts, subjects, units, periods, zones, amounts, budgets, stricts)
    with ordinality as e (account, subject, unit, period, zone, amount, budget, is_strict, n)
    order by e.account
  loop
    window_start := open_budget_window(
      one.account, one.subject, one.unit, one.period, one.zone, now_exactly);
    select * into w from budget_windows b
    where b.account_id = one.account and b.starts_at = window_start for update;
    select least(one.budget + coalesce(sum(r.amount), 0), most) into total
    from budget_raises r where r.account_id = one.account and r.until > budget_clock();
    if one.amount > total - least(w.settled, most - w.reserved) - w.reserved then
      item := one.n;
      now_left := total - least(w.settled, most - w.reserved) - w.reserved;
      window_ends := w.ends_at;
      -- Returns what was reserved of others. Their windows are locked, so nobody has seen it.
      update budget_windows b set reserved = b.reserved - p.reserved
      from batch_budgets p
      where p.reservation_id = reservation and b.account_id = p.account_id
        and b.starts_at = p.starts_at;
      delete from batch_budgets p where p.reservation_id = reservation;
      return next;
      return;
    end if;
    update budget_windows b set reserved = b.reserved + one.amount, touched_at = now_exactly
    where b.account_id = one.account and b.starts_at = window_start;
    insert into batch_budgets (reservation_id, account_id, starts_at, reserved, budget, is_strict)
    values (reservation, one.account, window_start, one.amount, one.budget, one.is_strict);
  end loop;
end
$$;
comment on function reserve_for_batch is
  'Reserves of all budgets or of none. Returns the first one that leaves too little, if there is one.';

create function charge_batch(reservation uuid, accounts uuid[], charges bigint[]) returns void
language plpgsql as $$
declare
  most constant bigint := 4000000000000000000;
  one record;
  w budget_windows;
  total bigint;
  percent integer;
  percent_before integer;
begin
  if current_setting('synchronous_commit') = 'off' then
    perform set_config('synchronous_commit', 'on', true);
  end if;
  for one in
    select p.*, coalesce(c.charge, 0) as charge
    from batch_budgets p
    left join unnest(accounts, charges) as c (account, charge) on c.account = p.account_id
    where p.reservation_id = reservation
    order by p.account_id
  loop
    select * into w from budget_windows b
    where b.account_id = one.account_id and b.starts_at = one.starts_at for update;
    update budget_windows b
    set reserved = b.reserved - one.reserved, settled = least(most - one.charge, b.settled) + one.charge,
      touched_at = budget_clock()
    where b.account_id = one.account_id and b.starts_at = one.starts_at;
    select least(one.budget + coalesce(sum(r.amount), 0), most) into total
    from budget_raises r where r.account_id = one.account_id and r.until > budget_clock();
    percent := least(trunc((w.settled + one.charge)::numeric * 100 / total), 1000);
    percent_before := least(trunc(w.settled::numeric * 100 / total), 1000);
    if percent > percent_before then
      perform budget_crossed(one.account_id, one.starts_at, percent_before, percent, total);
    end if;
  end loop;
  delete from batch_budgets p where p.reservation_id = reservation;
end
$$;
comment on function charge_batch is
  'Charges what a batch has used to the windows in which it was accepted, and returns the rest of what it had reserved.';
