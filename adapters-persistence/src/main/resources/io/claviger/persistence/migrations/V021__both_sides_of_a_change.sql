create or replace function note_row() returns trigger language plpgsql as $$
declare
  before uuid;
  after uuid;
begin
  if tg_op <> 'INSERT' then
    before := (to_jsonb(old) ->> tg_argv[0])::uuid;
  end if;
  if tg_op <> 'DELETE' then
    after := (to_jsonb(new) ->> tg_argv[0])::uuid;
  end if;
  if before is not null then
    perform note_change(before);
  end if;
  if after is distinct from before and after is not null then
    perform note_change(after);
  end if;
  return null;
end
$$;
comment on function note_row is
  'Notes the change of what the named column of the row refers to, and of what it referred to before: somebody may edit it by SQL.';

drop trigger user_keys_note_update on user_keys;
create constraint trigger user_keys_note_update after update on user_keys
  deferrable initially deferred for each row
  when (old.instance_id <> new.instance_id
    or old.user_id <> new.user_id
    or old.set_at is distinct from new.set_at
    or not is_resealed(old.api_key_sealed, new.api_key_sealed))
  execute function note_row('user_id');
