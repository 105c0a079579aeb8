-- A raise of what a group allows its member ends when the member leaves, so that it does not hold
-- for somebody who is let in again. So does what a co-owner added to what the group's share of a
-- service allows the member. Starts from the raises in force, which are few, because thousands of
-- members may leave at once.
create function end_raises_of_members() returns trigger language plpgsql as $$
begin
  with raised as materialized (
    select r.id, r.created_by, split_part(a.subject, ':', 1) as kind,
      split_part(a.subject, ':', 2)::uuid as holder, split_part(a.subject, ':', 3)::uuid as member
    from budget_raises r
    join budget_accounts a on a.id = r.account_id
    where r.until > budget_clock() and a.subject ~ '^(group|service):[^:]+:[^:]+$'
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
comment on function end_raises_of_members is
  'Ends the raises of budgets that users had as members of a group.';

create trigger group_members_end_raises after delete on group_members
  referencing old table as gone
  for each statement execute function end_raises_of_members();

-- Those who left before this migration.
update budget_raises r set until = greatest(budget_clock(), r.created_at + interval '1 microsecond')
from budget_accounts a
where a.id = r.account_id and r.until > budget_clock() and a.subject like 'group:%:%'
  and not exists (
    select from group_members m
    where a.subject = 'group:' || m.group_id || ':' || m.user_id);
