alter table budget_windows
  add column dearest_call bigint,
  add constraint budget_windows_dearest_call_bounds
    check (dearest_call between 1 and 4000000000000000000);
comment on column budget_windows.dearest_call is
  'The most that one of the calls of this window could cost. That is how far one call can take a measured budget. Null before the first call.';

create function note_dearest_calls(
  accounts uuid[], windows timestamp with time zone[], amounts bigint[])
returns void
language plpgsql as $$
declare
  one record;
begin
  for one in
    select * from unnest(accounts, windows, amounts) as e (account, starts, amount)
    -- Everybody locks in this order.
    order by account, starts
  loop
    update budget_windows b
    set dearest_call = least(one.amount, 4000000000000000000)
    where b.account_id = one.account and b.starts_at = one.starts
      and coalesce(b.dearest_call, 0) < one.amount;
  end loop;
end
$$;
comment on function note_dearest_calls is
  'Notes the most that a call of each of these windows can cost, where it is more than is known.';
