-- Accounts that are first seen right after this row was made begin with nothing left, because a crash
-- may have lost them. In a new database nothing was lost, so the row is there before any account.
insert into capacity_accounts (capacity, model, state, changed_at)
values ('*', '', '', clock_timestamp() - interval '1 hour')
on conflict do nothing;
