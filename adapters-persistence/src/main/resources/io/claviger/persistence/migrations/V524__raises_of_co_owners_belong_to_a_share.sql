-- A raise that a co-owner gives belongs to the share that the co-owner gave, and ends with this
-- share. The raise now states its share, because the rows that lead from one to the other may be
-- deleted in the same statement: a deleted user is no longer the author of raises when the shares
-- that they gave end, and a deleted group has no members when its shares end. There are no foreign
-- keys, because the triggers below need these columns after the share has gone.
alter table budget_raises
  add column share_instance_id uuid,
  add column share_grantee_id uuid,
  add column share_given_via uuid,
  add constraint budget_raises_share_whole check (
    num_nonnulls(share_instance_id, share_grantee_id, share_given_via) in (0, 3));
comment on column budget_raises.share_instance_id is
  'The service of the share to which a co-owner''s raise belongs; null for raises of others.';
comment on column budget_raises.share_grantee_id is
  'The user or the group that had the share when the raise was given.';
comment on column budget_raises.share_given_via is 'The co-owner who gave the share and the raise.';
create index budget_raises_of_share on budget_raises (share_instance_id, share_grantee_id)
  where share_instance_id is not null;

create or replace function end_raises_of_share() returns trigger language plpgsql as $$
declare
  at_present timestamp with time zone := budget_clock();
begin
  update budget_raises r set until = greatest(at_present, r.created_at + interval '1 microsecond')
  where r.share_instance_id = old.instance_id and r.share_grantee_id = old.grantee_id
    and r.share_given_via = old.given_via and r.until > at_present;
  return null;
end
$$;

create function shorten_raises_of_share() returns trigger language plpgsql as $$
declare
  ends timestamp with time zone := greatest(new.expires_at, budget_clock());
begin
  update budget_raises r set until = greatest(ends, r.created_at + interval '1 microsecond')
  where r.share_instance_id = new.instance_id and r.share_grantee_id = new.grantee_id
    and r.share_given_via = new.given_via and r.until > ends;
  return null;
end
$$;
comment on function shorten_raises_of_share is
  'Lets no raise of a co-owner last longer than its share, which now expires earlier.';
create trigger shares_shorten_raises after update of expires_at on shares
  for each row
  when (new.given_via is not null and new.expires_at < coalesce(old.expires_at, 'infinity'))
  execute function shorten_raises_of_share();

-- A user's own share replaces the share of the user's group, but the account of the budget stays
-- the same. What a co-owner added to the budget of the group's share must not add to the new one.
create function end_raises_of_replaced_shares() returns trigger language plpgsql as $$
declare
  at_present timestamp with time zone := budget_clock();
begin
  update budget_raises r set until = greatest(at_present, r.created_at + interval '1 microsecond')
  from budget_accounts a
  where r.share_instance_id = new.instance_id and r.share_grantee_id <> new.grantee_id
    and r.until > at_present and a.id = r.account_id
    and a.subject = 'service:' || new.instance_id || ':' || new.grantee_id;
  return null;
end
$$;
comment on function end_raises_of_replaced_shares is
  'Ends what co-owners added to the budget that a user had by a group''s share, when the user gets a share.';
create trigger shares_end_raises_of_replaced after insert or update of expires_at on shares
  for each row
  when (new.user_id is not null and (new.expires_at is null or new.expires_at > now()))
  execute function end_raises_of_replaced_shares();

create or replace function end_raises_of_members() returns trigger language plpgsql as $$
declare
  at_present timestamp with time zone := budget_clock();
begin
  with raised as materialized (
    select r.id, r.share_grantee_id, split_part(a.subject, ':', 1) as kind,
      split_part(a.subject, ':', 2)::uuid as holder, split_part(a.subject, ':', 3)::uuid as member
    from budget_raises r
    join budget_accounts a on a.id = r.account_id
    where r.until > at_present and a.subject ~ '^(group|service):[^:]+:[^:]+$'
  ), ended as (
    select r.id from raised r
    join gone g on g.user_id = r.member
    where (r.kind = 'group' and r.holder = g.group_id)
      or (r.kind = 'service' and r.share_grantee_id = g.group_id)
  )
  update budget_raises r set until = greatest(budget_clock(), r.created_at + interval '1 microsecond')
  from ended e
  where r.id = e.id;
  return null;
end
$$;

-- Raises from before this migration. Those on services that were not given by the owner (or by an
-- administrator, if the service belongs to the system) were given by co-owners. Each belongs to the
-- share that its user has through the author. If there is no such share, or the share has expired,
-- the raise has outlived it. The same is assumed if the author has been deleted.
with raised as (
  select r.id, i.id as instance_id, r.created_by, s.grantee_id, s.expires_at
  from budget_raises r
  join budget_accounts a on a.id = r.account_id
  join instances i on i.id::text = split_part(a.subject, ':', 2)
  left join lateral (
    select s.grantee_id, s.expires_at
    from shares s
    where s.instance_id = i.id and s.given_via = r.created_by
      and (a.subject = 'service:' || i.id || ':' || s.user_id
        or a.subject = 'service:' || i.id || ':group:' || s.group_id
        or exists (
          select from group_members m
          where m.group_id = s.group_id and a.subject = 'service:' || i.id || ':' || m.user_id
            and not exists (
              select from shares own
              where own.instance_id = i.id and own.user_id = m.user_id
                and (own.expires_at is null or own.expires_at > budget_clock()))))
    order by s.expires_at <= budget_clock() nulls first, s.user_id is null,
      s.role desc, s.created_at, s.grantee_id
    limit 1) s on true
  where a.subject ~ '^service:[^:]+:' and r.until > budget_clock()
    and r.created_by is distinct from i.owner_id
    and (s.grantee_id is not null or r.created_by is null
      or i.owner_id <> '01900000-0000-7000-8000-000000000001')
)
update budget_raises r
set share_instance_id = case when o.grantee_id is not null then o.instance_id end,
  share_grantee_id = o.grantee_id,
  share_given_via = case when o.grantee_id is not null then o.created_by end,
  until = case
    when o.grantee_id is null
    then greatest(budget_clock(), r.created_at + interval '1 microsecond')
    when o.expires_at < r.until
    then greatest(o.expires_at, budget_clock(), r.created_at + interval '1 microsecond')
    else r.until end
from raised o
where o.id = r.id;
