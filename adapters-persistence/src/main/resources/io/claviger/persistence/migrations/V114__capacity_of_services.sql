alter table instances
  add column provider_requests_per_minute integer,
  add column provider_tokens_per_minute integer,
  add column provider_input_tokens_per_minute integer,
  add column provider_output_tokens_per_minute integer,
  add column provider_concurrent_calls integer,
  add column capacity_group text collate "C",
  add column max_wait_ms integer not null default 0,
  add column on_429 text collate "C" not null default 'wait',
  add constraint instances_provider_requests_per_minute_bounds
    check (provider_requests_per_minute between 1 and 1000000000),
  add constraint instances_provider_tokens_per_minute_bounds
    check (provider_tokens_per_minute between 1 and 1000000000),
  add constraint instances_provider_input_tokens_per_minute_bounds
    check (provider_input_tokens_per_minute between 1 and 1000000000),
  add constraint instances_provider_output_tokens_per_minute_bounds
    check (provider_output_tokens_per_minute between 1 and 1000000000),
  add constraint instances_provider_concurrent_calls_bounds
    check (provider_concurrent_calls between 1 and 100000),
  add constraint instances_capacity_group_shape
    check (capacity_group ~ '^[a-z0-9][a-z0-9._-]{0,63}$'),
  add constraint instances_max_wait_ms_bounds check (max_wait_ms between 0 and 120000),
  add constraint instances_on_429_known check (on_429 in ('wait', 'pass'));
comment on column instances.provider_requests_per_minute is
  'What the owner says that the provider allows, as in the other columns that begin with provider_ and name a limit.';
comment on column instances.capacity_group is
  'Services of the same owner with the same name here share what the provider allows.';
comment on column instances.max_wait_ms is
  'How long a call waits for its turn at most. Calls of services that were there before this column don''t wait.';
comment on column instances.on_429 is
  'Whether a call that the provider refused because of the account''s pace waits for another turn.';
alter table instances alter column max_wait_ms set default 10000;

create index instances_capacity_group on instances (owner_id, capacity_group)
  where capacity_group is not null;

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

create function note_capacity_group() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then
    perform note_change(i.id) from instances i
    where i.owner_id = old.owner_id and i.capacity_group = old.capacity_group;
  end if;
  if tg_op <> 'DELETE' then
    perform note_change(i.id) from instances i
    where i.owner_id = new.owner_id and i.capacity_group = new.capacity_group;
  end if;
  return null;
end
$$;
comment on function note_capacity_group is
  'Notes a change of all services of a group when what one of them states of the provider changes, because the lowest holds for all.';

create constraint trigger instances_note_group_of_new after insert on instances
  deferrable initially deferred for each row
  when (new.capacity_group is not null) execute function note_capacity_group();
create constraint trigger instances_note_group_of_old after delete on instances
  deferrable initially deferred for each row
  when (old.capacity_group is not null) execute function note_capacity_group();
create constraint trigger instances_note_group
  after update of owner_id, capacity_group, provider_requests_per_minute, provider_tokens_per_minute,
    provider_input_tokens_per_minute, provider_output_tokens_per_minute, provider_concurrent_calls
    on instances
  deferrable initially deferred for each row
  when ((old.capacity_group is not null or new.capacity_group is not null)
    and (old.owner_id, old.capacity_group, old.provider_requests_per_minute,
        old.provider_tokens_per_minute, old.provider_input_tokens_per_minute,
        old.provider_output_tokens_per_minute, old.provider_concurrent_calls)
      is distinct from (new.owner_id, new.capacity_group, new.provider_requests_per_minute,
        new.provider_tokens_per_minute, new.provider_input_tokens_per_minute,
        new.provider_output_tokens_per_minute, new.provider_concurrent_calls))
  execute function note_capacity_group();
