create table change_counter (
  only_one boolean not null default true,
  point    bigint  not null,

  constraint change_counter_pkey primary key (only_one),
  constraint change_counter_one check (only_one),
  constraint change_counter_positive check (point >= 0)
);
comment on table change_counter is
  'Counts the transactions that changed what calls through the gateway depend on. Its row is locked from the end of such a transaction until its commit, so that points become visible in their order and without gaps: who read up to one has missed nothing before it.';
insert into change_counter (point) values (0);

create table changes (
  point   bigint                   not null,
  subject uuid                     not null,
  at      timestamp with time zone not null default clock_timestamp(),

  constraint changes_pkey primary key (point, subject)
);
comment on table changes is
  'Which users, instances and projects a transaction changed, by its point; the nil UUID stands for all. Nodes read from where they were and forget what they remembered of these. Old lines are removed; a node that was away longer forgets everything.';
create index changes_at on changes (at);

create function note_change(changed uuid) returns void language plpgsql as $$
declare
  mine bigint := nullif(current_setting('claviger.change_point', true), '');
begin
  if mine is null then
    update change_counter set point = point + 1 returning point into mine;
    perform set_config('claviger.change_point', mine::text, true);
    -- Whoever comes here holds the counter, so nobody else is removing lines.
    delete from changes where at < clock_timestamp() - interval '10 minutes';
  end if;
  insert into changes (point, subject) values (mine, changed) on conflict do nothing;
end
$$;
comment on function note_change is
  'Puts a change on record at the point of this transaction. Called by deferred triggers, at its very end.';

create function note_row() returns trigger language plpgsql as $$
declare
  line jsonb := to_jsonb(case when tg_op = 'DELETE' then old else new end);
begin
  perform note_change((line ->> tg_argv[0])::uuid);
  return null;
end
$$;
comment on function note_row is 'Notes the change of what the named column of the row refers to.';

create function note_everything() returns trigger language plpgsql as $$
begin
  perform note_change('00000000-0000-0000-0000-000000000000');
  return null;
end
$$;

create constraint trigger users_note_change after update or delete on users
  deferrable initially deferred for each row execute function note_row('id');

create constraint trigger access_tokens_note_change
  after delete or update of user_id, token_hash, scope, origin, service_id, project_id,
    limit_requests_per_minute, limit_models, limit_operations, expires_at on access_tokens
  deferrable initially deferred for each row execute function note_row('user_id');

create constraint trigger api_standards_note_change after update on api_standards
  deferrable initially deferred for each row execute function note_everything();

create function is_resealed(before bytea, after bytea) returns boolean
  language sql immutable parallel safe
  return before is not distinct from after
    or coalesce(sealed_under(before) <> sealed_under(after), false);
comment on function is_resealed is
  'Whether a sealed value is what it was, or the same sealed under another encryption key, as it is taken to be: to seal anew is no change.';

create constraint trigger instances_note_change after update on instances
  deferrable initially deferred for each row
  when (to_jsonb(old)
      - array['api_key_sealed', 'api_key_sealed_under', 'headers_sealed', 'headers_sealed_under']
      <> to_jsonb(new)
      - array['api_key_sealed', 'api_key_sealed_under', 'headers_sealed', 'headers_sealed_under']
    or not is_resealed(old.api_key_sealed, new.api_key_sealed)
    or not is_resealed(old.headers_sealed, new.headers_sealed))
  execute function note_row('id');
create constraint trigger instances_note_deletion after delete on instances
  deferrable initially deferred for each row execute function note_row('id');

create constraint trigger shares_note_change after insert or update or delete on shares
  deferrable initially deferred for each row execute function note_row('instance_id');

create constraint trigger projects_note_change after update or delete on projects
  deferrable initially deferred for each row execute function note_row('id');

create constraint trigger project_shares_note_change after insert or update or delete on project_shares
  deferrable initially deferred for each row execute function note_row('project_id');

create constraint trigger user_keys_note_change after insert or delete on user_keys
  deferrable initially deferred for each row execute function note_row('user_id');
create constraint trigger user_keys_note_update after update on user_keys
  deferrable initially deferred for each row
  when (old.set_at is distinct from new.set_at
    or not is_resealed(old.api_key_sealed, new.api_key_sealed))
  execute function note_row('user_id');
