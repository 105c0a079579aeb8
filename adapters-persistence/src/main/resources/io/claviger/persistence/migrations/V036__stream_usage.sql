alter table instances add column stream_usage boolean;
comment on column instances.stream_usage is
  'Whether streams state their usage when asked; null where the provider''s name decides that.';

-- Names the new column as well; otherwise as before.
drop trigger instances_note_change on instances;
create constraint trigger instances_note_change
  after update of id, owner_id, owner_handle, handle, display_name, description, note, definition_id,
    provider, api_standard, endpoint, endpoint_set_by, model, dimensions, context_limit, timeout_ms,
    organization, stream_usage, enabled, central_key, user_keys, fallback_to_central,
    limit_requests_per_minute, limit_models, limit_operations, custom_header_names, headers_version,
    api_key_set_at, version, created_at, updated_at on instances
  deferrable initially deferred for each row
  when (to_jsonb(old)
      - array['api_key_sealed', 'api_key_sealed_under', 'headers_sealed', 'headers_sealed_under']
      <> to_jsonb(new)
      - array['api_key_sealed', 'api_key_sealed_under', 'headers_sealed', 'headers_sealed_under'])
  execute function note_row('id');
