-- The ids of groups were compared as texts, which read all members of all groups. Now only the
-- members of the group are read, by the primary key.
create or replace function charged_since(
  of_subject text, unit text, since timestamp with time zone)
returns bigint
language sql stable as $$
  select least(
    coalesce(
      sum(case unit when 'requests' then c.requests when 'tokens' then c.tokens else c.cost end),
      0),
    1000000000000000000)::bigint
  from (
    select of_subject as account where of_subject not like 'group:%'
    union all
    select 'user:' || split_part(of_subject, ':', 3)
    where of_subject like 'group:%:%'
    union all
    select 'user:' || m.user_id
    from group_members m
    where m.group_id = case
      when of_subject ~ '^group:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
      then split_part(of_subject, ':', 2)::uuid end
  ) a
  join usage_charges c on c.account = a.account and c.quarter >= since $$;
