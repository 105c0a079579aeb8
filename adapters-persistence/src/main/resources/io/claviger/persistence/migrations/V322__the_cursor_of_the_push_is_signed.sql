-- Whoever moves the cursor past an event keeps it from the receiver, so nodes sign the cursor.
alter table audit_push
  add column signature text collate "C" not null default '',
  add column from_before boolean not null default true;
alter table audit_push alter column from_before set default false;
comment on column audit_push.signature is
  'The signature of number, hash and head_number by a key of audit_keys, in base64. Without it, all is pushed again.';
comment on column audit_push.from_before is
  'Whether no node has signed the cursor since there are signatures: then it counts without one, so that an upgrade pushes nothing again.';

create function audit_push_is_signed() returns trigger language plpgsql as $$
begin
  new.from_before := tg_op = 'UPDATE' and new.from_before and old.from_before;
  return new;
end
$$;
create trigger audit_push_is_signed before insert or update on audit_push
  for each row execute function audit_push_is_signed();
alter table audit_push enable always trigger audit_push_is_signed;
