create table budget_openings (
  account_id    uuid                     not null,
  starts_at     timestamp with time zone not null,
  imported_from text collate "C"         not null,
  amount        bigint                   not null,
  created_at    timestamp with time zone not null,

  constraint budget_openings_pkey primary key (account_id, starts_at, imported_from),
  constraint budget_openings_window_fkey foreign key (account_id, starts_at)
    references budget_windows (account_id, starts_at) on delete cascade,
  constraint budget_openings_imported_from_length
    check (char_length(imported_from) between 1 and 100),
  constraint budget_openings_amount_bounds check (amount between 1 and 4000000000000000000)
);
comment on table budget_openings is
  'What was spent in a window of an account before the account came here from another system. It is part of what is settled in the window.';

create function open_budget(
  of_account uuid, of_subject text, of_unit text, of_period text, of_zone text,
  spent bigint, came_from text)
returns boolean
language plpgsql as $$
declare
  most constant bigint := 4000000000000000000;
  now_exactly timestamp with time zone := budget_clock();
  window_start timestamp with time zone;
begin
  window_start := open_budget_window(
    of_account, of_subject, of_unit, of_period, of_zone, now_exactly);
  -- The row of the window is locked before everything else that changes it.
  perform from budget_windows b
  where b.account_id = of_account and b.starts_at = window_start for update;
  insert into budget_openings (account_id, starts_at, imported_from, amount, created_at)
  values (of_account, window_start, came_from, spent, now_exactly)
  on conflict do nothing;
  if not found then
    return false;
  end if;
  update budget_windows b
  set settled = least(b.settled, most - spent) + spent, touched_at = now_exactly
  where b.account_id = of_account and b.starts_at = window_start;
  return true;
end
$$;
comment on function open_budget is
  'Charges the current window of an account with what was spent elsewhere, once for each system from which it came. Nobody gets a message about thresholds that it crosses.';
