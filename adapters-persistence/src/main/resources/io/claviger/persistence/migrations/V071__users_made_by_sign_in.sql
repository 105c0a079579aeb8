-- How a user was made is recorded. It used to be concluded from the times of the identity, which are
-- others after it was unlinked and linked again. Of users who are there already, it is known from
-- the identity that their first sign-in linked, or from the audit trail, where a first sign-in is
-- the only way in which a user is made by themselves.
alter table users add column made_by_sign_in boolean not null default false;
comment on column users.made_by_sign_in is
  'Whether the user exists because of a first sign-in with the identity provider. Never changes.';

update users u
set made_by_sign_in = true
where exists (
    select from identities i where i.user_id = u.id and i.linked_at = u.created_at)
  or exists (
    select from audit_events e
    where e.target_id = u.id and e.action = 'user.create' and e.outcome = 'done'
      and e.actor_id = u.id);
