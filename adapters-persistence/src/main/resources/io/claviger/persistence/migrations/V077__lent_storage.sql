create function are_storage_kinds(kinds text[]) returns boolean
language sql immutable parallel safe
return kinds is null or (kinds <@ array['files', 'batches', 'responses', 'conversations',
    'vector_stores', 'containers', 'caches'] and cardinality(kinds) <= 7);

alter table instances
  add column storage text[] not null default '{}',
  add column on_end text not null default 'keep',
  add column limit_storage text[],
  add column limit_max_objects integer,
  add column limit_max_bytes bigint,
  add column limit_objects text,
  add constraint instances_storage_known check (are_storage_kinds(storage)),
  add constraint instances_on_end_known check (on_end in ('keep', 'delete')),
  add constraint instances_limit_storage_known check (are_storage_kinds(limit_storage)),
  add constraint instances_limit_max_objects_bounds check (limit_max_objects between 1 and 1000000),
  add constraint instances_limit_max_bytes_bounds
    check (limit_max_bytes between 1 and 1000000000000000),
  add constraint instances_limit_objects_known check (limit_objects = 'user');
comment on column instances.storage is
  'The kinds of objects that callers may leave at the provider.';
comment on column instances.on_end is
  'Whether the objects of those who may no longer use the service are deleted at the provider.';

-- Also in a database where a later migration has made this trigger with the columns of its time.
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

alter table shares
  add column limit_storage text[],
  add column limit_max_objects integer,
  add column limit_max_bytes bigint,
  add column limit_objects text,
  add constraint shares_limit_storage_known check (are_storage_kinds(limit_storage)),
  add constraint shares_limit_max_objects_bounds check (limit_max_objects between 1 and 1000000),
  add constraint shares_limit_max_bytes_bounds
    check (limit_max_bytes between 1 and 1000000000000000),
  add constraint shares_limit_objects_known check (limit_objects = 'user');

alter table access_tokens
  add column limit_storage text[],
  add column limit_max_objects integer,
  add column limit_max_bytes bigint,
  add column limit_objects text,
  add constraint access_tokens_limit_storage_known check (are_storage_kinds(limit_storage)),
  add constraint access_tokens_limit_max_objects_bounds
    check (limit_max_objects between 1 and 1000000),
  add constraint access_tokens_limit_max_bytes_bounds
    check (limit_max_bytes between 1 and 1000000000000000),
  add constraint access_tokens_limit_objects_known check (limit_objects = 'user');
comment on column access_tokens.limit_objects is
  'user if the token reaches all objects of its user at providers, although it is restricted or narrower than another.';

-- Names the new columns as well; otherwise as before.
drop trigger access_tokens_note_change on access_tokens;
create constraint trigger access_tokens_note_change
  after delete or update of user_id, token_hash, scope, origin, service_id, project_id,
    limit_requests_per_minute, limit_models, limit_operations, limit_max_output_tokens,
    limit_budgets, limit_storage, limit_max_objects, limit_max_bytes, limit_objects,
    inherited_from, inherited_per_minute, inherited_budgets_from, inherited_budgets,
    expires_at on access_tokens
  deferrable initially deferred for each row execute function note_row('user_id');
