-- What was stored through a project counted for its former owner after a transfer, and what a service
-- account stored for whoever was responsible for it before. They could not delete it, and their own
-- new responses ended it when they were too many.
create function count_objects_for_owner() returns trigger language plpgsql as $$
declare
  borrower uuid;
begin
  select coalesce(u.responsible_user_id, u.responsible_group_id, u.id) into borrower
  from users u where u.id = new.owner_id;
  update provider_objects o set borrower_id = borrower
  where o.id in (
    select e.id from provider_objects e
    where e.holder_project_id = new.id and e.state = 'live' and e.borrower_id is not null
    order by e.id
    for no key update);
  return null;
end
$$;
comment on function count_objects_for_owner is
  'What members of a project store through it counts for whoever owns the project.';
create trigger projects_count_objects after update of owner_id on projects
  for each row when (old.owner_id <> new.owner_id) execute function count_objects_for_owner();

create function count_objects_for_responsible() returns trigger language plpgsql as $$
begin
  update provider_objects o set borrower_id = new.responsible_id
  where o.id in (
    select e.id from provider_objects e
    where e.id in (
      select h.id from provider_objects h
      where h.state = 'live' and h.holder_user_id = new.id and h.borrower_id = old.responsible_id
      union all
      select h.id from projects p join provider_objects h on h.holder_project_id = p.id
      where p.owner_id = new.id and h.state = 'live' and h.borrower_id = old.responsible_id)
    order by e.id
    for no key update);
  return null;
end
$$;
comment on function count_objects_for_responsible is
  'What a service account stores counts for whoever is responsible for it.';
create trigger users_count_objects after update of responsible_id on users
  for each row when (old.responsible_id <> new.responsible_id)
  execute function count_objects_for_responsible();

-- What was stored through projects that have been transferred before.
update provider_objects o set borrower_id = w.borrower
from (
  select p.id, coalesce(u.responsible_user_id, u.responsible_group_id, u.id) as borrower
  from projects p join users u on u.id = p.owner_id) w
where o.holder_project_id = w.id and o.state = 'live' and o.borrower_id is not null
  and o.borrower_id <> w.borrower;
