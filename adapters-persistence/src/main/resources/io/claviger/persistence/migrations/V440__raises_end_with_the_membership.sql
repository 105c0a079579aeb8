-- A raise of what a group allows its member, or of what the group's share of a service allows them,
-- ends when the member leaves, so that it does not hold for somebody who is let in again. Where the
-- member has another way to the service, only raises by the co-owner who gave the group's share end.
create function end_raises_of_member() returns trigger language plpgsql as $$
begin
  with left_behind as (
    select 'group:' || old.group_id || ':' || old.user_id as subject,
      null::uuid as given_via, false as has_other_way
    union all
    select 'service:' || s.instance_id || ':' || old.user_id, s.given_via,
      exists (
        select from instances i where i.id = s.instance_id and i.owner_id = old.user_id)
      or exists (
        select from shares o
        where o.instance_id = s.instance_id
          and (o.expires_at is null or o.expires_at > budget_clock())
          and (o.user_id = old.user_id
            or o.group_id in (
              select m.group_id from group_members m where m.user_id = old.user_id)))
    from shares s
    where s.group_id = old.group_id)
  update budget_raises r set until = greatest(budget_clock(), r.created_at + interval '1 microsecond')
  from left_behind l
  join budget_accounts a on a.subject = l.subject
  where r.account_id = a.id and r.until > budget_clock()
    and (r.created_by = l.given_via or not l.has_other_way);
  return null;
end
$$;
comment on function end_raises_of_member is
  'Ends the raises of budgets that somebody had as a member of a group.';

create trigger group_members_end_raises after delete on group_members
  for each row execute function end_raises_of_member();

-- Those who left before this migration.
update budget_raises r set until = greatest(budget_clock(), r.created_at + interval '1 microsecond')
from budget_accounts a
where a.id = r.account_id and r.until > budget_clock() and a.subject like 'group:%:%'
  and not exists (
    select from group_members m
    where a.subject = 'group:' || m.group_id || ':' || m.user_id);
