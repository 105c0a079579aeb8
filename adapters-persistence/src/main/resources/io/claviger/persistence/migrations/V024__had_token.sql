alter table users add column had_token boolean not null default false;
comment on column users.had_token is
  'Whether an access token was ever created for the user, be it deleted or expired by now. Any that an administrator creates later is a recovery. Set by a trigger and never unset.';

-- Deleted tokens left a line in the audit trail; so did the creation of a user with their first one.
update users u set had_token = true
where exists (select from access_tokens t where t.user_id = u.id)
  or exists (
    select from audit_events e
    where e.target_id = u.id and e.outcome = 'done'
      and (e.action = 'token.create'
        or (e.action = 'user.create' and 'access_token' = any (e.fields))));

create function users_remember_token() returns trigger language plpgsql as $$
begin
  update users set had_token = true where id = new.user_id and not had_token;
  return null;
end
$$;
create trigger access_tokens_are_remembered after insert on access_tokens
  for each row execute function users_remember_token();

create function users_keep_had_token() returns trigger language plpgsql as $$
begin
  raise exception 'that a user had an access token is not forgotten'
    using errcode = 'restrict_violation';
end
$$;
create trigger users_keep_had_token before update of had_token on users
  for each row when (old.had_token and not new.had_token)
  execute function users_keep_had_token();

-- Calls do not depend on had_token.
drop trigger users_note_change on users;
create constraint trigger users_note_change
  after delete or update of id, handle, display_name, email, administrator, version, created_at,
    updated_at on users
  deferrable initially deferred for each row execute function note_row('id');
