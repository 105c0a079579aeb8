-- What was sealed under a key that is retired already can never be made.
update approvals
set state = 'lapsed', change = null, ended_at = now(),
  reason = 'It was sealed under a key that is gone.'
where change is not null
  and not exists (
    select from encryption_keys k where k.id = sealed_under(change) and k.state = 'live');

alter table approvals
  add column change_under text collate "C"
    generated always as (sealed_under(change)) stored,
  add column change_state text collate "C"
    generated always as (case when change is not null then 'live' end) stored,
  add constraint approvals_change_fkey
    foreign key (change_under, change_state) references encryption_keys (id, state);
create index approvals_change_under on approvals (change_under, id)
  where change_under is not null;
