create table nodes (
  id      uuid                     not null,
  name    text                     not null,
  held    text[] collate "C"       not null,
  sealing text collate "C"         not null,
  seen_at timestamp with time zone not null default clock_timestamp(),

  constraint nodes_pkey primary key (id),
  constraint nodes_name_length check (char_length(name) between 1 and 300),
  constraint nodes_held_count check (cardinality(held) between 1 and 1000),
  constraint nodes_sealing_is_held check (sealing = any (held))
);
comment on table nodes is
  'Which nodes live, with the ids of the encryption keys that each holds and of the one that it seals with. Each renews its row; one that is not renewed is of a node that is gone or hangs.';

-- To seal anew sets the sealed columns alone, and must not pay for a comparison of whole rows. The
-- first trigger names every other column, which a test holds.
drop trigger instances_note_change on instances;
create constraint trigger instances_note_change
  after update of id, owner_id, owner_handle, handle, display_name, description, definition_id,
    provider, api_standard, endpoint, endpoint_set_by, model, dimensions, context_limit, timeout_ms,
    organization, enabled, central_key, user_keys, fallback_to_central, limit_requests_per_minute,
    limit_models, limit_operations, custom_header_names, api_key_set_at, version, created_at,
    updated_at on instances
  deferrable initially deferred for each row
  when (to_jsonb(old)
      - array['api_key_sealed', 'api_key_sealed_under', 'headers_sealed', 'headers_sealed_under']
      <> to_jsonb(new)
      - array['api_key_sealed', 'api_key_sealed_under', 'headers_sealed', 'headers_sealed_under'])
  execute function note_row('id');
create constraint trigger instances_note_secrets
  after update of api_key_sealed, headers_sealed on instances
  deferrable initially deferred for each row
  when (not is_resealed(old.api_key_sealed, new.api_key_sealed)
    or not is_resealed(old.headers_sealed, new.headers_sealed))
  execute function note_row('id');
