-- Since when somebody is an administrator, whatever changes the row.
alter table users add column administrator_since timestamp with time zone;
comment on column users.administrator_since is
  'Since when they are an administrator. Empty for others, and where nobody knows.';

create function note_administrator() returns trigger language plpgsql as $$
begin
  if not new.administrator then
    new.administrator_since := null;
  elsif tg_op = 'INSERT' or not old.administrator then
    new.administrator_since := clock_timestamp();
  end if;
  return new;
end
$$;

create trigger users_note_administrator before insert or update of administrator on users
  for each row execute function note_administrator();

update users u
set administrator_since = (
  select max(e.at) from audit_events e
  where e.target_id = u.id and e.target_type = 'user' and e.outcome = 'done'
    and e.action in ('user.create', 'user.update') and 'administrator' = any (e.fields))
where u.administrator;

-- Tokens that were exchanged end soon, and with them what they tell about their trusts.
create table trust_uses (
  trust_id     uuid                     not null,
  last_used_at timestamp with time zone not null,

  constraint trust_uses_pkey primary key (trust_id),
  constraint trust_uses_trust_fkey foreign key (trust_id) references trusts (id) on delete cascade
);
comment on table trust_uses is 'When a JWT was last exchanged by a trust, to a minute.';

create function note_trust_use() returns trigger language plpgsql as $$
begin
  insert into trust_uses as u (trust_id, last_used_at) values (new.trust_id, new.created_at)
  on conflict (trust_id) do update set last_used_at = excluded.last_used_at
  where u.last_used_at <= excluded.last_used_at - interval '1 minute';
  return null;
end
$$;

create trigger access_tokens_note_trust_use after insert on access_tokens
  for each row when (new.origin = 'exchanged') execute function note_trust_use();

insert into trust_uses (trust_id, last_used_at)
select trust_id, max(created_at) from access_tokens where origin = 'exchanged' group by trust_id;
