-- The clock is read once, so that an index finds the raises in force. Otherwise each end of a
-- membership would read all raises of the last 35 days.
create or replace function end_raises_of_members() returns trigger language plpgsql as $$
declare
  at_present timestamp with time zone := budget_clock();
begin
  with raised as materialized (
    select r.id, r.created_by, split_part(a.subject, ':', 1) as kind,
      split_part(a.subject, ':', 2)::uuid as holder, split_part(a.subject, ':', 3)::uuid as member
    from budget_raises r
    join budget_accounts a on a.id = r.account_id
    where r.until > at_present and a.subject ~ '^(group|service):[^:]+:[^:]+$'
  ), ended as (
    select r.id from raised r
    join gone g on g.user_id = r.member
    where (r.kind = 'group' and r.holder = g.group_id)
      or (r.kind = 'service' and exists (
        select from shares s
        where s.instance_id = r.holder and s.group_id = g.group_id
          and s.given_via = r.created_by)))
  update budget_raises r set until = greatest(budget_clock(), r.created_at + interval '1 microsecond')
  from ended e
  where r.id = e.id;
  return null;
end
$$;
