alter table instances
  add column prompt_cache text collate "C" not null default 'per_caller',
  add column attribution text collate "C" not null default 'on',
  add constraint instances_prompt_cache_known check (prompt_cache in ('per_caller', 'shared')),
  add constraint instances_attribution_known check (attribution in ('on', 'off'));
comment on column instances.prompt_cache is
  'Whether each caller has a name of their own for the prompt cache of the provider.';
comment on column instances.attribution is
  'Whether the provider is given an identifier for each caller.';

-- Names every column but those that rotation writes, so that the new ones are among them; otherwise
-- as before.
drop trigger instances_note_change on instances;
do $$
begin
  execute format(
    $trigger$
    create constraint trigger instances_note_change after update of %s on instances
      deferrable initially deferred for each row
      when (to_jsonb(old)
          - array['api_key_sealed', 'api_key_sealed_under', 'headers_sealed', 'headers_sealed_under']
          <> to_jsonb(new)
          - array['api_key_sealed', 'api_key_sealed_under', 'headers_sealed', 'headers_sealed_under'])
      execute function note_row('id')
    $trigger$,
    (select string_agg(quote_ident(attname), ', ' order by attnum)
    from pg_attribute
    where attrelid = 'instances'::regclass and attnum > 0 and not attisdropped
      and attgenerated = '' and attname not in ('api_key_sealed', 'headers_sealed')));
end
$$;

create table naming_keys (
  instance_id      uuid  not null,
  key_sealed       bytea not null,
  key_sealed_under text collate "C" generated always as (sealed_under(key_sealed)) stored,
  key_sealed_state text collate "C" generated always as ('live') stored,

  constraint naming_keys_pkey primary key (instance_id),
  constraint naming_keys_instance_fkey foreign key (instance_id)
    references instances (id) on delete cascade,
  constraint naming_keys_key_sealed_fkey
    foreign key (key_sealed_under, key_sealed_state) references encryption_keys (id, state),
  constraint naming_keys_key_looks_sealed check (looks_sealed(key_sealed))
);
comment on table naming_keys is
  'The key from which a service makes the names of its callers. It is made when it is first needed, and it never changes: another key would give all callers other names.';
comment on column naming_keys.key_sealed is
  'Sealed to the service alone, so that names stay when the destination or the owner changes.';

-- Nodes that know the service without its key read it again.
create constraint trigger naming_keys_note_insert after insert on naming_keys
  deferrable initially deferred for each row execute function note_row('instance_id');
create constraint trigger naming_keys_note_delete after delete on naming_keys
  deferrable initially deferred for each row execute function note_row('instance_id');
create constraint trigger naming_keys_note_update after update on naming_keys
  deferrable initially deferred for each row
  when (old.instance_id <> new.instance_id or not is_resealed(old.key_sealed, new.key_sealed))
  execute function note_row('instance_id');

create table attributed_users (
  instance_id uuid             not null,
  owner_id    uuid             not null,
  user_id     uuid             not null,
  user_handle text collate "C" not null,
  last_used   date             not null,

  constraint attributed_users_pkey primary key (instance_id, owner_id, user_id)
);
comment on table attributed_users is
  'Who called a service with a key that is not their own, so that the owner at that time can tell whom an identifier means. Refers to nothing, as the usage does: it outlives users and services. Kept for 400 days after the last call.';
comment on column attributed_users.owner_id is
  'Who owned the service then. A later owner learns nothing of it.';
comment on column attributed_users.last_used is
  'The last day of UTC with a call.';

create index attributed_users_last_used on attributed_users (last_used);
