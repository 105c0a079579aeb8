-- Of two that make the same account at the same moment, one could find neither row nor conflict by
-- the id, but a conflict by the key, which broke off its transaction. It looks again now.
create or replace function open_budget_window(
  of_account uuid, of_subject text, of_unit text, of_period text, of_zone text,
  at timestamp with time zone)
returns timestamp with time zone
language plpgsql as $$
declare
  most_attempts constant int := 3;
  bounds record;
  since timestamp with time zone;
  is_new boolean;
begin
  select w.starts_at into since from budget_windows w
  where w.account_id = of_account and w.starts_at <= at and (w.ends_at > at or w.ends_at is null)
  order by w.starts_at desc limit 1;
  if found then
    return since;
  end if;
  bounds := budget_window(of_period, of_zone, at);
  since := greatest(bounds.starts_at, at - interval '35 days');
  for attempt in 1..most_attempts loop
    begin
      -- Changes the row even if it is there, which waits for whoever removes the account.
      insert into budget_accounts (id, subject, unit, period, zone, counted_from)
      values (of_account, of_subject, of_unit, of_period, of_zone, since)
      on conflict (id) do update set subject = excluded.subject
      returning xmax = 0 into is_new;
      exit;
    exception when unique_violation then
      if attempt = most_attempts then
        raise;
      end if;
    end;
  end loop;
  insert into budget_windows (account_id, starts_at, ends_at, settled, reserved, touched_at)
  values (
    of_account, bounds.starts_at, bounds.ends_at,
    case when is_new then charged_since(of_subject, of_unit, since) else 0 end, 0, at)
  on conflict do nothing;
  return bounds.starts_at;
end
$$;
