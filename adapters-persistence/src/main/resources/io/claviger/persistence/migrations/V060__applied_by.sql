alter table instances
  add column applied_by text,
  add column api_key_version text,
  add constraint instances_applied_by_length check (length(applied_by) between 1 and 100),
  add constraint instances_api_key_version_length check (length(api_key_version) between 1 and 100);
comment on column instances.applied_by is
  'The name of the file from which the service was applied. Null where it was made by hand; then no file removes it.';
comment on column instances.api_key_version is
  'What people call the version of the stored key. It is compared with their file and means nothing here.';

-- Names the new columns as well; otherwise as before.
drop trigger instances_note_change on instances;
create constraint trigger instances_note_change
  after update of id, owner_id, owner_handle, handle, display_name, description, note, definition_id,
    provider, api_standard, endpoint, endpoint_set_by, model, dimensions, context_limit, timeout_ms,
    organization, stream_usage, enabled, central_key, user_keys, fallback_to_central,
    limit_requests_per_minute, limit_models, limit_operations, limit_max_output_tokens,
    limit_budgets, budgets_in_all, custom_header_names, headers_version, api_key_set_at,
    api_key_version, applied_by, version, created_at, updated_at on instances
  deferrable initially deferred for each row
  when (to_jsonb(old)
      - array['api_key_sealed', 'api_key_sealed_under', 'headers_sealed', 'headers_sealed_under']
      <> to_jsonb(new)
      - array['api_key_sealed', 'api_key_sealed_under', 'headers_sealed', 'headers_sealed_under'])
  execute function note_row('id');

alter table definitions
  add column applied_by text,
  add constraint definitions_applied_by_length check (length(applied_by) between 1 and 100);
comment on column definitions.applied_by is
  'The name of the file from which the definition was applied. Null where it was made by hand.';

alter table groups
  add column applied_by text,
  add constraint groups_applied_by_length check (length(applied_by) between 1 and 100);
comment on column groups.applied_by is
  'The name of the file from which the group was applied. Null where it was made by hand.';

alter table projects
  add column applied_by text,
  add constraint projects_applied_by_length check (length(applied_by) between 1 and 100);
comment on column projects.applied_by is
  'The name of the file from which the project was applied. Null where it was made by hand.';

alter table model_configs
  add column applied_by text,
  add constraint model_configs_applied_by_length check (length(applied_by) between 1 and 100);
comment on column model_configs.applied_by is
  'The name of the file from which the model was applied. Null where it was made by hand.';
