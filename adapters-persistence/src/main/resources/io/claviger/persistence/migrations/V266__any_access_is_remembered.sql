-- Who only ever signed in had access too. It is remembered after the identity is unlinked and the
-- sessions have ended, so that an administrator then still gives access by a recovery.
create trigger sessions_are_remembered after insert on sessions
  for each row execute function users_remember_token();
create trigger identities_are_remembered after insert on identities
  for each row execute function users_remember_token();

-- Whoever stored a key of their own has acted, whatever they signed in with.
update users u set had_token = true
where not u.had_token
  and (u.made_by_sign_in
    or exists (select from identities i where i.user_id = u.id)
    or exists (select from sessions s where s.user_id = u.id)
    or exists (select from user_keys k where k.user_id = u.id));

comment on column users.had_token is
  'Whether the user ever had an access token, a session or an identity, be it gone by now. Any access that an administrator gives later is a recovery. Set by triggers and never unset.';
