-- One account stands behind all services of a group. If one of them is deleted or gets another
-- owner, what was learned of that account still holds for the others. If the last two go at the same
-- time and neither sees that the other does, nodes remove it when they remove what is old.
create or replace function forget_learned_limits() returns trigger language plpgsql as $$
declare
  former text collate "C" := case when old.capacity_group is null then 'service:' || old.id
    else 'group:' || old.owner_id || ':' || old.capacity_group end;
begin
  if old.capacity_group is not null and (tg_op = 'DELETE' or new.owner_id <> old.owner_id)
    and exists (
      select from instances i
      where i.owner_id = old.owner_id and i.capacity_group = old.capacity_group) then
    return null;
  end if;
  perform from capacity_accounts a where a.capacity = former order by a.model for update;
  delete from capacity_limits l where l.capacity = former;
  return null;
end
$$;

comment on column capacity_minutes.waited is
  'How many calls had waited, and went out in the minute.';
comment on column capacity_minutes.waited_ms is 'How long these had waited, all together.';

-- Borrowers read their own minutes alone, however many others there are.
create index capacity_minutes_of_borrower on capacity_minutes (capacity, borrower, minute);
